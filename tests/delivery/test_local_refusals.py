"""What is refused before PowerSchool is asked to write, and how it goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cast import NOW, OAKWOOD_SEED, Oakwood, make_school
from tests.delivery.conftest import Deliver, Watch, codes_written, end_of
from vmps.models import AttendanceMode, EventType, Reason, School, Writeback
from vmps.services.reasons import save_reason
from vmps.services.retry import retry_writebacks
from vmps.services.schools import SchoolChanges, set_school
from vmps.simulator.control import Simulator

HOLIDAY = datetime(2026, 11, 26, 14, 14, tzinfo=UTC)
#: `T` came with the school year 2026-27.
SCHOOL: dict[str, Any] = OAKWOOD_SEED["schools"][0]
NEW_CODE = SCHOOL | {
    "codes": [
        code | ({"yearids": [36]} if code["att_code"] == "T" else {})
        for code in SCHOOL["codes"]
    ]
}


def change(oakwood: Oakwood, **changes: Any) -> None:
    """Set the school as an admin does."""
    saved = School.get_by_id(oakwood.school.id)
    set_school(saved, SchoolChanges(**changes), actor="test", now=NOW)


def reseed(simulator: Simulator, **student: Any) -> None:
    """Change the first student in PowerSchool."""
    first, *others = OAKWOOD_SEED["students"]
    schools = [*OAKWOOD_SEED["schools"], SCHOOL | {"number": "2000"}]
    changed = {"students": [first | student, *others], "schools": schools}
    simulator.seed(OAKWOOD_SEED | changed)


def retry(watch: Watch) -> None:
    """Retry the only writeback."""
    retry_writebacks([Writeback.get().id], actor="test", now=watch.now)


def test_a_day_without_school_is_refused(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    oakwood.report(occurred_at=HOLIDAY)
    deliver()
    assert end_of() == ("failed", "not_in_session")
    assert simulator.journal() == []


@pytest.mark.parametrize(
    ("student", "detail"),
    [
        ({"exitdate": "2026-11-23"}, "left on Nov 23"),
        ({"entrydate": "2026-11-24"}, "begins on Nov 24"),
        ({"enroll_status": 2}, "transferred out"),
    ],
)
def test_a_student_who_is_not_enrolled_is_refused(
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    student: dict[str, Any],
    detail: str,
) -> None:
    reseed(simulator, **student)
    oakwood.report()
    deliver()
    assert end_of() == ("failed", "not_enrolled")
    assert Writeback.get().detail == detail
    assert simulator.journal() == []


@pytest.mark.parametrize("count", [1, 12])
def test_a_student_at_another_school_is_refused_with_its_name(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, count: int
) -> None:
    make_school(oakwood.district, "2000", name="Maple Middle")
    reseed(simulator, school_number="2000")
    events = [oakwood.report(student).event for student in range(count)]
    deliver()
    assert end_of(events[0]) == ("failed", "moved")
    moved = Writeback.get(Writeback.event == events[0])
    assert moved.detail == "Maple Middle (2000)"
    assert codes_written(simulator) == []
    assert len(simulator.journal()) == count - 1


def test_a_student_who_is_enrolled_again_is_sent_on_retry(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    reseed(simulator, exitdate="2026-11-23")
    oakwood.report()
    deliver()
    simulator.seed(OAKWOOD_SEED)
    retry(watch)
    deliver()
    assert end_of() == ("successful", None)
    assert codes_written(simulator) == ["T"]


def test_the_code_s_id_is_that_of_the_event_s_year(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    oakwood.report(occurred_at=NOW - timedelta(days=364), external_id="last-year")
    oakwood.report()
    deliver()
    rows = simulator.journal()
    assert {row["yearid"] for row in rows} == {35, 36}
    assert {row["attendance_codeid"] // 100_000 for row in rows} == {35, 36}
    assert {row["att_code"] for row in rows} == {"T"}


def test_a_code_that_the_year_lacks_fails(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    simulator.seed(OAKWOOD_SEED | {"schools": [NEW_CODE]})
    old = oakwood.report(occurred_at=NOW - timedelta(days=364), external_id="old").event
    new = oakwood.report().event
    deliver()
    assert end_of(old) == ("failed", "code_missing")
    assert end_of(new) == ("successful", None)


def test_an_unmapped_reason_is_sent_once_it_is_mapped(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    Reason.update(code=None).execute()
    oakwood.report()
    deliver()
    assert end_of() == ("failed", "unmapped_reason")
    kind = EventType.LATE_CHECK_IN
    save_reason(oakwood.school, kind, "bus LATE", code="T", actor="test", now=NOW)
    deliver()
    assert end_of() == ("successful", None)
    assert codes_written(simulator) == ["T"]


def test_an_event_of_a_school_without_mode_is_sent_once_it_has_one(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    School.update(mode=None).execute()
    oakwood.report()
    deliver()
    assert end_of() == ("failed", "no_mode")
    assert simulator.calls() == {}
    change(oakwood, mode=AttendanceMode.DAILY)
    deliver()
    assert codes_written(simulator) == ["T"]


def test_an_event_of_a_disabled_school_is_not_sent(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    change(oakwood, is_enabled=False)
    oakwood.report()
    deliver()
    assert end_of() == ("not_sent", "school_disabled")
    change(oakwood, is_enabled=True)
    retry(watch)
    deliver()
    assert codes_written(simulator) == ["T"]


def test_disabling_a_school_settles_what_waits(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    oakwood.report()
    change(oakwood, is_enabled=False)
    assert end_of() == ("not_sent", "school_disabled")
    assert deliver() is False


@pytest.mark.parametrize(
    ("fault", "end"),
    [
        ("reset_after_write", ("successful", "already_there")),
        ("reset_before", ("not_sent", "school_disabled")),
    ],
)
def test_a_disabled_school_s_unsure_write_is_looked_up(  # noqa: PLR0917 a case
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    watch: Watch,
    fault: str,
    end: tuple[str, str],
) -> None:
    simulator.faults([{"kind": fault, "on": "write", "times": 1}])
    oakwood.report()
    deliver()
    change(oakwood, is_enabled=False)
    assert end_of()[0] == "pending"
    for _ in range(2):  # what is not there yet may land within a minute
        watch.advance(seconds=61)
        deliver()
    assert end_of() == end


def test_an_unsure_write_is_not_repeated_in_a_mode_the_school_has_left(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.faults([{"kind": "reset_before", "on": "write", "times": 1}])
    oakwood.report()
    deliver()
    change(oakwood, mode=AttendanceMode.MEETING)
    watch.advance(seconds=10)
    deliver()
    assert end_of() == ("pending", "settling")
    watch.advance(seconds=61)
    deliver()
    assert end_of() == ("failed", "no_meeting")
    assert simulator.journal() == []
