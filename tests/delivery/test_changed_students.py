"""Students who changed or were merged: resolved anew before the next write."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cast import NOW, OAKWOOD_SEED, Oakwood
from tests.delivery.conftest import Deliver, Watch, codes_written, end_of, outcomes
from vmps.models import Connection, Student
from vmps.powerschool import StudentRecord
from vmps.services.drain import Dispatcher, drain
from vmps.services.identify import Resolution
from vmps.services.import_students import import_students
from vmps.services.record import keep_resolutions
from vmps.services.retry import retry_writebacks
from vmps.services.workload import load_units
from vmps.simulator.control import Simulator

#: In PowerSchool's time: the first student's DCID and STUDENTS.ID.
DCID, PS_ID = 900, 500


def import_line(oakwood: Oakwood, folder: Path, **changed: Any) -> None:
    """Import the first student's line again, with something else in it."""
    row = OAKWOOD_SEED["students"][0] | changed
    names = ("dcid", "student_number", "first_name", "last_name", "grade_level")
    file = folder / "roster.csv"
    file.write_text(
        "school_number,sis_id,student_number,first_name,last_name,grade\n1817,"
        + ",".join(str(row[name]) for name in names)
    )
    import_students(oakwood.district, file, is_replacing=False, actor="test", now=NOW)


@pytest.fixture
def known(oakwood: Oakwood, deliver: Deliver) -> Student:
    """The first student, delivered once and trusted since."""
    oakwood.report(external_id="first")
    deliver()
    student = Student.get_by_id(oakwood.students[0].id)
    assert (student.ps_id, student.ps_checked_at) == (PS_ID, NOW)
    return student


def report_next_day(oakwood: Oakwood, watch: Watch) -> int:
    """Report the first student's next check-in, an hour before the trust ends."""
    watch.advance(hours=23)
    at = NOW + timedelta(hours=23)
    event = oakwood.report(external_id="second", occurred_at=at, now=at).event
    assert event
    return event


@pytest.mark.parametrize(
    "changed", [{"student_number": "9"}, {"first_name": "Otto", "last_name": "Berg"}]
)
def test_another_number_or_name_in_the_roster_is_compared_again(  # noqa: PLR0917
    oakwood: Oakwood,
    deliver: Deliver,
    known: Student,
    watch: Watch,
    tmp_path: Path,
    changed: dict[str, str],
) -> None:
    import_line(oakwood, tmp_path, **changed)
    event = report_next_day(oakwood, watch)
    deliver()
    assert end_of(event) == ("failed", "wrong_student")


def test_what_was_compared_before_an_import_is_not_kept_after_it(
    oakwood: Oakwood, deliver: Deliver, known: Student, watch: Watch, tmp_path: Path
) -> None:
    event = report_next_day(oakwood, watch)
    (unit,) = load_units(oakwood.district.id, [event], fence=9, now=watch.now)
    import_line(oakwood, tmp_path, first_name="Otto")
    keep_resolutions([_agreed(oakwood, unit.student)], now=watch.now)
    assert Student.get_by_id(known.id).ps_id is None


def _agreed(oakwood: Oakwood, student: Any) -> Resolution:
    row = OAKWOOD_SEED["students"][0]
    record = StudentRecord(
        PS_ID, DCID, row["student_number"], row["first_name"], row["last_name"],
        9, 1817, 0, None, None,
    )  # fmt: skip
    return Resolution(student, record)


@pytest.mark.parametrize("is_batch", [False, True])
def test_a_student_with_a_new_record_is_written_without_a_person(  # noqa: PLR0917
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    known: Student,
    watch: Watch,
    is_batch: bool,
) -> None:
    simulator.change_student(DCID, id=7500)
    event = report_next_day(oakwood, watch)
    for other in range(1, 12 if is_batch else 1):
        oakwood.report(other, occurred_at=watch.now, now=watch.now)
    deliver()
    assert end_of(event) == ("pending", "refused")
    watch.advance(seconds=6)
    deliver()
    assert end_of(event) == ("successful", None)
    assert codes_written(simulator, 7500) == ["T"]
    assert Student.get_by_id(known.id).ps_id == 7500


def test_a_student_who_was_merged_away_is_not_found(
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    known: Student,
    watch: Watch,
) -> None:
    simulator.remove_student(DCID)
    event = report_next_day(oakwood, watch)
    deliver()
    watch.advance(seconds=6)
    deliver()
    assert end_of(event) == ("failed", "student_not_found")
    assert outcomes() == ["written", "refused", "refused"]


def test_a_merged_student_is_found_by_the_number_that_stays(
    oakwood: Oakwood, dispatcher: Dispatcher, simulator: Simulator, watch: Watch
) -> None:
    Connection.update(roster_id="student_number").execute()
    Student.update(sis_id="104800").where(Student.sis_id == str(DCID)).execute()
    oakwood.students[0].sis_id = "104800"
    oakwood.report(external_id="first")
    drain(oakwood.district.id, dispatcher)
    simulator.change_student(DCID, student_number="1")
    simulator.change_student(DCID + 1, student_number="104800", first_name="Maria0")
    simulator.remove_student(DCID)
    event = report_next_day(oakwood, watch)
    drain(oakwood.district.id, dispatcher)
    watch.advance(seconds=6)
    drain(oakwood.district.id, dispatcher)
    assert end_of(event) == ("successful", None)
    assert codes_written(simulator, PS_ID + 1) == ["T"]


def test_an_id_that_is_another_s_by_now_is_noticed_when_the_trust_ends(
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    known: Student,
    watch: Watch,
) -> None:
    simulator.change_student(DCID, first_name="Otto", last_name="Berg")
    watch.advance(hours=2)
    event = report_next_day(oakwood, watch)
    watch.advance(hours=1)
    deliver()
    assert end_of(event) == ("failed", "wrong_student")
    assert Student.get_by_id(known.id).ps_id is None


def test_what_is_refused_for_a_student_just_asked_for_needs_a_person(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.faults([{"kind": "status", "status": 400, "on": "write"}])
    event = oakwood.report().event
    deliver()
    assert end_of(event) == ("failed", "refused")


def test_a_retry_after_a_refusal_asks_who_the_student_is(
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    known: Student,
    watch: Watch,
) -> None:
    simulator.faults([{"kind": "status", "status": 400, "on": "write"}])
    event = report_next_day(oakwood, watch)
    deliver()
    watch.advance(seconds=6)
    deliver()
    assert end_of(event) == ("failed", "refused")
    assert Student.get_by_id(known.id).ps_checked_at is None
    simulator.faults([])
    retry_writebacks([event], actor="test", now=watch.now)
    simulator.reset_calls()
    deliver()
    assert end_of(event) == ("successful", None)
    assert simulator.calls()["table:students"] == 1
