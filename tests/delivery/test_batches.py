"""Batches: one bad record fails alone, and what cannot batch goes one by one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import OAKWOOD_SEED, Oakwood, statuses
from tests.delivery.conftest import Deliver, Watch, end_of, lane
from vmps.models import Attempt, Writeback
from vmps.services.modes.daily import DailyMode
from vmps.simulator.control import Simulator

MANY = 30


def report_many(oakwood: Oakwood, count: int = MANY) -> None:
    """Report an event of so many students."""
    for student in range(count):
        oakwood.report(student)


def journal_of(simulator: Simulator) -> list[int]:
    """Return whose rows were written, sorted."""
    return sorted(row["studentid"] for row in simulator.journal())


@pytest.mark.parametrize("semantics", ["all_or_nothing", "partial"])
def test_one_bad_record_fails_alone(
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    watch: Watch,
    semantics: str,
) -> None:
    report_many(oakwood, MANY)
    deliver()
    students = [dict(row) for row in OAKWOOD_SEED["students"]]
    students[7]["exitdate"] = "2026-11-01"
    simulator.seed(OAKWOOD_SEED | {"students": students})
    simulator.settings(batch_semantics=semantics)
    Attempt.delete().execute()
    Writeback.update(status="pending", due_at=watch.now).execute()
    deliver()  # identities are trusted for a day
    assert statuses() == {"successful": MANY - 1, "pending": 1}
    assert journal_of(simulator) == [500 + n for n in range(MANY) if n != 7]
    assert Attempt.get(Attempt.outcome == "refused").http_status in {200, 400}
    assert simulator.calls()["batch_daily_time"] == 1
    watch.advance(seconds=6)
    deliver()  # asked for anew, as whoever is refused
    assert statuses() == {"successful": MANY - 1, "failed": 1}


def test_an_old_powerschool_gets_single_records(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    simulator.settings(version="25.2.0.0")
    report_many(oakwood)
    deliver()
    assert statuses() == {"successful": MANY}
    assert "batch_daily_time" not in simulator.calls()
    assert simulator.calls()["daily_time"] == MANY


def test_a_batch_that_is_not_found_goes_one_by_one(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    path = "/ws/attendance/batch_daily_time"
    simulator.faults([{"kind": "status", "status": 404, "on": path}])
    report_many(oakwood)
    deliver()
    assert statuses() == {"successful": MANY}
    assert journal_of(simulator) == [500 + n for n in range(MANY)]
    assert simulator.fired()[0]["fired"] == 1


def test_an_unsure_batch_is_read_before_anything_is_written_again(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.faults([{"kind": "reset_after_write", "on": "write", "times": 1}])
    report_many(oakwood)
    deliver()
    assert statuses() == {"pending": MANY}
    watch.advance(seconds=10)
    deliver()
    assert statuses() == {"successful": MANY}
    assert journal_of(simulator) == [500 + n for n in range(MANY)]
    assert len(simulator.fired()[0]["journal"]) == MANY


def test_a_throttled_batch_uses_no_try(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.faults([{"kind": "status", "status": 429, "on": "write", "times": 1}])
    report_many(oakwood)
    deliver()
    assert {writeback.tries for writeback in Writeback.select()} == {0}
    assert lane().blocked_reason == "throttled"
    watch.advance(seconds=1)
    deliver()
    assert journal_of(simulator) == [500 + n for n in range(MANY)]


def test_a_row_that_reads_back_with_another_code_is_tried_again(
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    watch: Watch,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    oakwood.report()
    mark_after_write(simulator, monkeypatch)
    deliver()
    assert end_of() == ("pending", "read_back_differs")
    watch.advance(seconds=61)
    deliver()
    assert end_of() == ("failed", "already_marked")


def mark_after_write(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a clerk mark the student between our write and our reading back."""
    read_back = DailyMode.read_back

    def clerk_first(*arguments: Any) -> object:
        simulator.put_attendance(500, 1817, "2026-11-23", "S")
        return read_back(*arguments)

    monkeypatch.setattr(DailyMode, "read_back", clerk_first)
