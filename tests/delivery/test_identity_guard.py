"""Never the wrong student: ids of three kinds that overlap, against the simulator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import OAKWOOD_SEED, Oakwood, make_oakwood, statuses
from tests.delivery.conftest import Watch, codes_written, end_of
from vmps.config import Settings
from vmps.models import Connection, Student, Writeback
from vmps.services.drain import Dispatcher, drain
from vmps.services.retry import retry_writebacks
from vmps.simulator.control import Simulator

#: Maria0's DCID 900 is Otto's STUDENTS.ID and Nora's student number.
OTTO = {"id": 900, "dcid": 500, "student_number": "77", "first_name": "Otto"}
NORA = {"id": 601, "dcid": 1001, "student_number": "900", "first_name": "Nora"}
OTHERS: list[dict[str, Any]] = [
    {"last_name": "Berg", "school_number": "1817", **child} for child in (OTTO, NORA)
]
SEED = OAKWOOD_SEED | {"students": OAKWOOD_SEED["students"] + OTHERS}


@pytest.fixture(params=["by list", "by ranges"])
def oakwood(
    settings: Settings, simulator: Simulator, request: pytest.FixtureRequest
) -> Oakwood:
    """Oakwood with Otto and Nora, with our plugin or with one before its query."""
    simulator.seed(SEED)
    if request.param == "by ranges":
        simulator.settings(missing_queries=["students_listed"])
    return make_oakwood(simulator.url, SEED)


def set_kind(kind: str, column: str) -> None:
    """Let the roster hold one kind of id and the connection be told so or not."""
    Connection.update(roster_id=kind).execute()
    numbers = {str(child["dcid"]): str(child[column]) for child in SEED["students"]}
    for student in Student.select():
        student.sis_id = f"new {numbers[student.sis_id]}"
        student.save()
    for student in Student.select():
        student.sis_id = student.sis_id.removeprefix("new ")
        student.save()


KINDS = ("dcid", "id", "student_number")


@pytest.mark.parametrize("count", [1, 12])
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_id_finds_its_own_child(
    oakwood: Oakwood,
    dispatcher: Dispatcher,
    simulator: Simulator,
    kind: str,
    count: int,
) -> None:
    set_kind(kind, kind)
    students = list(Student.select().order_by(Student.id))
    oakwood = Oakwood(oakwood.district, oakwood.school, students, oakwood.kiosk)
    for student in range(count):
        oakwood.report(student)
    drain(oakwood.district.id, dispatcher)
    assert [row["studentid"] for row in simulator.journal()] == list(
        range(500, 500 + count)
    )
    assert statuses() == {"successful": count}


@pytest.mark.parametrize("kind", ["id", "student_number"])
def test_an_id_of_the_wrong_kind_writes_for_nobody(
    oakwood: Oakwood, deliver: Callable[[], bool], simulator: Simulator, kind: str
) -> None:
    Connection.update(roster_id=kind).execute()
    oakwood.report(0)
    deliver()
    assert end_of() == ("failed", "wrong_student")
    assert simulator.journal() == []
    assert Student.get_by_id(oakwood.students[0].id).ps_id is None


def test_many_ids_of_the_wrong_kind_write_for_nobody(
    oakwood: Oakwood, deliver: Callable[[], bool], simulator: Simulator
) -> None:
    Connection.update(roster_id="id").execute()
    for student in range(12):
        oakwood.report(student)
    deliver()
    causes = {writeback.cause for writeback in Writeback.select()}
    assert causes == {"wrong_student", "student_not_found"}
    assert simulator.journal() == []


def test_the_detail_names_who_the_id_belongs_to(
    oakwood: Oakwood, deliver: Callable[[], bool]
) -> None:
    Connection.update(roster_id="id").execute()
    oakwood.report(0)
    deliver()
    assert (
        Writeback.get().detail == "PowerSchool's 900 is Otto Berg (student number 77)"
    )


@pytest.mark.parametrize("sis_id", ["4021", "A-12", "", "９００", "9" * 40])  # noqa: RUF001
def test_an_id_that_nobody_has_fails_alone(
    oakwood: Oakwood, deliver: Callable[[], bool], simulator: Simulator, sis_id: str
) -> None:
    for student in range(6):
        oakwood.report(student)
    Student.update(sis_id=sis_id).where(Student.id == oakwood.students[0].id).execute()
    deliver()
    assert statuses() == {"successful": 5, "failed": 1}
    assert codes_written(simulator, 500) == []


def test_a_corrected_student_is_written_on_retry(
    oakwood: Oakwood,
    deliver: Callable[[], bool],
    simulator: Simulator,
    watch: Watch,
) -> None:
    Student.update(student_number="1").where(
        Student.id == oakwood.students[0].id
    ).execute()
    event = oakwood.report(0).event
    deliver()
    assert end_of() == ("failed", "wrong_student")
    Student.update(student_number="104800").execute()
    retry_writebacks([Writeback.get().id], actor="test", now=watch.now)
    deliver()
    assert end_of(event)[0] == "successful"
    assert codes_written(simulator) == ["T"]
