"""kill -9 of a worker while PowerSchool carries out its write, in every mode."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime, timedelta

import pytest

from tests.faults.conftest import Install
from tests.faults.homes import Home, make_home
from tests.faults.kiosk import FrontDesk
from tests.faults.processes import Installation, settled, wait_until
from vmps.config import Settings
from vmps.db import transaction
from vmps.models import Attempt, Cause, Outcome, Status, Writeback
from vmps.services.planning.late_writes import LATE_WRITES
from vmps.simulator.control import Simulator

#: PowerSchool has the rows when the worker dies, or gets them after another has looked.
FAULTS = {
    "after PowerSchool wrote": {"kind": "commit_then_timeout"},
    "before PowerSchool wrote": {"kind": "late_commit", "seconds": 7},
}
#: Calls that are under way at once, and the rows that they write.
UNDER_WAY = {"daily": (1, 12), "time": (1, 12), "meeting": (4, 8)}
#: Long enough for the kill to come in the middle of a call.
SLOW = {"LEASE_SECONDS": "4", "CALL_SECONDS": "2"}


@pytest.mark.parametrize("mode", UNDER_WAY)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_worker_killed_in_the_middle_of_a_write_leaves_nothing_doubled(
    mode: str,
    fault: str,
    install: Install,
    settings: Settings,
    shared_simulator: Simulator,
) -> None:
    home = make_home(shared_simulator, students=18, mode=mode)
    calls, rows = UNDER_WAY[mode]
    shared_simulator.faults([{"on": "write", "times": calls, **FAULTS[fault]}])
    installation = install(**SLOW)
    desk = kill_in_a_write(installation, home)
    is_written = fault == "after PowerSchool wrote"
    assert len(hit(home)) == len(shared_simulator.journal()) == is_written * rows
    desk.report_all(home.sis_ids[12:])  # the dead drain knew nothing of these
    installation.worker.start()
    installation.scheduler.start()
    if mode == "time":
        let_the_minute_pass(home)
    installation.settle(30)
    wait_until(lambda: len(hit(home)) == rows, 15, "what was in the air has landed")
    findings = installation.assert_exactly_once()
    assert findings.interrupted_attempts >= calls
    is_overtaken = mode != "time" and not is_written
    assert findings.repeated_writes == is_overtaken * rows


def kill_in_a_write(installation: Installation, home: Home) -> FrontDesk:
    """Report twelve students; kill the worker while PowerSchool has its first calls."""
    installation.start(installation.worker)
    desk = installation.open_desk(home)
    desk.flush(home.sis_ids[:12])
    wait_until(lambda: is_in_a_write(home), 15, "the writes are under way")
    os.kill(installation.worker.pid, signal.SIGKILL)
    assert installation.worker.wait(5) == -signal.SIGKILL
    outcomes = {attempt.outcome for attempt in Attempt.select()}
    assert outcomes == {Outcome.STARTED}, "the kill came too late"
    return desk


def is_in_a_write(home: Home) -> bool:
    """Tell whether PowerSchool has all the calls that it will not answer in time."""
    (fault,) = home.simulator.fired()
    return bool(fault["fired"] == fault["times"])


def hit(home: Home) -> list[int]:
    """Return the journal's numbers of what was written without an answer."""
    (fault,) = home.simulator.fired()
    return list(fault["journal"])


def let_the_minute_pass(home: Home) -> None:
    """Time mode writes nothing for 60 s after a write without an answer.

    The processes' clocks are true, so what they have noted is moved back.
    """
    unsure = Writeback.cause == Cause.SETTLING
    wait_until(lambda: Writeback.select().where(unsure).count() == 12, 20, "it waits")
    wait_until(lambda: settled(home.district_id) == 6, 20, "the others are written")
    wait_until(lambda: len(hit(home)) == 12, 15, "what was in the air has landed")
    assert len(home.simulator.journal()) == 18
    with transaction():
        for attempt in Attempt.select().where(Attempt.outcome == Outcome.AMBIGUOUS):
            moved = attempt.finished_at - LATE_WRITES
            Attempt.update(finished_at=moved).where(Attempt.id == attempt.id).execute()
        Writeback.update(due_at=datetime.now(UTC) - timedelta(seconds=1)).where(
            Writeback.status == Status.PENDING
        ).execute()
