"""A page's change at the very moment at which a drain claims or begins its work."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.cast import NOW, Oakwood
from tests.delivery.conftest import Watch, end_of
from tests.threads import at_once
from vmps import db
from vmps.db import transaction
from vmps.models import (
    AttendanceMode,
    Cause,
    EventType,
    Lane,
    Outcome,
    School,
    Writeback,
)
from vmps.services.claims import claim_due
from vmps.services.drain import give_back
from vmps.services.lanes import lock_lane
from vmps.services.lease import take_lease
from vmps.services.planning.day import Verdict
from vmps.services.reaction import Reaction
from vmps.services.reasons import save_reason
from vmps.services.record import Result, Sent, begin_attempts, record_results
from vmps.services.requeue import requeue
from vmps.services.schools import SchoolChanges, set_school
from vmps.services.workload import Unit, load_units
from vmps.simulator.control import Simulator

FENCE = 7
SENT = Sent("T", None, "{}")


@pytest.fixture
def lane(oakwood: Oakwood, watch: Watch) -> int:
    """A lane that a drain holds, with one event."""
    oakwood.report()
    Lane.update(fence=FENCE).execute()
    return int(oakwood.district.id)


def claim(lane: int) -> list[int]:
    return claim_due(lane, fence=FENCE, limit=5, now=NOW)


def load(lane: int, claimed: list[int]) -> Unit:
    (unit,) = load_units(lane, claimed, fence=FENCE, now=NOW)
    return unit


@contextmanager
def meanwhile(work: Callable[[], object]) -> Iterator[None]:
    """Do this in another thread, which has some time before the block's end."""

    def run() -> None:
        try:
            work()
        finally:
            db.drop_connection()

    thread = threading.Thread(target=run)
    with transaction():
        yield
        thread.start()
        thread.join(0.5)
    thread.join()


def change(**changes: Any) -> None:
    set_school(School.get(), SchoolChanges(**changes), actor="test", now=NOW)


def test_what_is_begun_while_its_school_is_disabled_is_not_called_not_sent(
    oakwood: Oakwood, lane: int
) -> None:
    unit = load(lane, claim(lane))
    with meanwhile(lambda: change(is_enabled=False)):
        begun = begin_attempts(lane, [(unit, SENT)], fence=FENCE, now=NOW)
    assert begun == {unit}
    assert end_of() == ("pending", None)


def test_what_is_claimed_while_its_school_is_disabled_is_not_begun(
    oakwood: Oakwood, lane: int
) -> None:
    claimed: list[int] = []
    with meanwhile(lambda: claimed.extend(claim(lane))):
        change(is_enabled=False)
    assert claimed == []
    assert end_of() == ("not_sent", "school_disabled")


def test_a_claim_waits_for_the_mode_that_is_being_saved(
    oakwood: Oakwood, lane: int
) -> None:
    School.update(mode=None).execute()
    found: list[Unit] = []
    with meanwhile(lambda: found.append(load(lane, claim(lane)))):
        change(mode=AttendanceMode.DAILY)
    assert [str(unit.school.mode) for unit in found] == ["daily"]


def test_a_claim_waits_for_the_code_that_is_being_saved(
    oakwood: Oakwood, lane: int
) -> None:
    found: list[Unit] = []
    with meanwhile(lambda: found.append(load(lane, claim(lane)))):
        save_reason(
            oakwood.school, EventType.LATE_CHECK_IN, "Bus late", code="A",
            actor="test", now=NOW,
        )  # fmt: skip
    assert [event.code for unit in found for event in unit.events] == ["A"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_kiosk_does_not_wait_for_codes_that_are_being_saved(
    oakwood: Oakwood, lane: int
) -> None:
    with transaction():
        save_reason(
            oakwood.school, EventType.LATE_CHECK_IN, "Bus late", code="A",
            actor="test", now=NOW,
        )  # fmt: skip
        answers = at_once(lambda number: oakwood.report(1).answer, 1)
    assert answers == ["accepted"]


def test_a_lane_that_was_lost_claims_nothing(oakwood: Oakwood, lane: int) -> None:
    Lane.update(fence=FENCE + 1).execute()
    assert claim(lane) == []
    assert Writeback.get().claim_fence is None


def test_a_drain_that_ends_and_a_save_do_not_wait_for_each_other(
    oakwood: Oakwood, watch: Watch
) -> None:
    oakwood.report()
    lane = int(oakwood.district.id)
    lease = take_lease(lane, owner="test", seconds=20, clock=watch)
    assert lease
    Writeback.update(claim_fence=lease.fence).execute()
    thread = threading.Thread(target=lambda: (give_back(lease), db.drop_connection()))
    with transaction():
        lock_lane(lane)
        thread.start()
        thread.join(0.5)
        change(is_enabled=False)
    thread.join()
    assert end_of() == ("not_sent", "school_disabled")
    assert Lane.get().lease_until is None


@pytest.mark.parametrize("comment", ["Late check-in 8:14 AM, Bus late", "Called home"])
@pytest.mark.parametrize("is_sure", [True, False])
def test_what_was_written_while_it_was_requeued_is_read_before_it_is_not_sent(
    lane: int,
    deliver: Callable[[], bool],
    simulator: Simulator,
    is_sure: bool,
    comment: str,
) -> None:
    unit = load(lane, claim(lane))
    begin_attempts(lane, [(unit, SENT)], fence=FENCE, now=NOW)
    with transaction():
        requeue(lane, Writeback.status == "pending", now=NOW)
    simulator.put_attendance(500, 1817, "2026-11-23", "T", att_comment=comment)
    verdicts = {claim.event_id: Verdict(Outcome.WRITTEN) for claim in unit.claims}
    unsure = None if is_sure else Reaction(Outcome.AMBIGUOUS, Cause.TIMED_OUT)
    result = Result(unit, verdicts, unsure, sent=SENT, was_begun=True)
    record_results(lane, [result], fence=FENCE, now=NOW, chance=random.Random(1))
    change(is_enabled=False)
    assert end_of() == ("pending", None)
    deliver()
    assert end_of() == ("successful", "already_there")
