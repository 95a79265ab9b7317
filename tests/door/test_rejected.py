"""Events that are refused one by one: who, where, when and how long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.cast import (
    NOW,
    OAKWOOD_SEED,
    Oakwood,
    make_district,
    make_kiosk,
    make_school,
    make_student,
)
from vmps.models import Student, StudentEvent

from .desk import Desk, late


def refused_field(desk: Desk, payload: object, event_id: str | None = None) -> str:
    """Send one event that must be refused alone; return the field that is named."""
    answer = desk.send(payload, event_id)
    assert answer.status_code == 422, answer.text
    assert not StudentEvent.select().exists()
    return str(answer.get_json()["field"])


@pytest.mark.parametrize(
    "student",
    ["nobody", "9000", "", " ", None, True, 900.0, ["900"], {}, "9\x0000", "\ud800"]
    + ["9" * 257, 10**300, -1],
)
def test_an_unknown_student_is_rejected(desk: Desk, student: object) -> None:
    assert refused_field(desk, late(student)) == "data.student_id"


def test_a_missing_student_is_rejected(desk: Desk) -> None:
    payload = late()
    del payload["data"]["student_id"]
    assert refused_field(desk, payload) == "data.student_id"


@pytest.mark.parametrize("student", [900, "900", " 900 "])
def test_a_students_id_may_be_a_number_or_padded(desk: Desk, student: object) -> None:
    assert desk.result(late(student))["status"] == "accepted"


def test_a_student_of_another_district_is_unknown(desk: Desk) -> None:
    birch = make_school(make_district("Birch"))
    make_student(birch, **{**OAKWOOD_SEED["students"][0], "dcid": 4021})
    assert refused_field(desk, late("4021")) == "data.student_id"


def test_a_number_that_two_students_have_is_rejected(
    desk: Desk, oakwood: Oakwood
) -> None:
    oakwood.kiosk.id_kind = "student_number"
    oakwood.kiosk.save()
    Student.update(student_number="104800").where(Student.sis_id == "901").execute()
    answer = desk.send(late("104800"))
    assert answer.status_code == 422
    assert (
        answer.get_json()["detail"] == "Several students of the district have this id."
    )


def test_a_number_that_was_passed_on_means_its_present_holder(
    desk: Desk, oakwood: Oakwood
) -> None:
    oakwood.kiosk.id_kind = "student_number"
    oakwood.kiosk.save()
    Student.update(student_number="104800").where(Student.sis_id == "901").execute()
    Student.update(archived_at=NOW).where(Student.sis_id == "900").execute()
    desk.result(late("104800"))
    assert StudentEvent.get().student_id == oakwood.students[1].id


def test_an_archived_student_is_rejected(desk: Desk) -> None:
    Student.update(archived_at=NOW).where(Student.sis_id == "900").execute()
    answer = desk.send(late("900"))
    assert answer.status_code == 422
    assert answer.get_json()["detail"] == "This student is no longer active."


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "school", ["9999", "", " 1817", 1817.0, True, {}, ["1817"], "\ud800", nested(900)]
)
def test_a_school_that_is_not_the_kiosks_is_rejected(
    desk: Desk, school: object
) -> None:
    assert refused_field(desk, late(school_number=school)) == "data.school_number"


def test_another_school_of_the_district_is_rejected(
    desk: Desk, oakwood: Oakwood
) -> None:
    make_school(oakwood.district, "1820")
    assert refused_field(desk, late(school_number="1820")) == "data.school_number"


@pytest.mark.parametrize("school", [None, 1817, "1817"])
def test_a_kiosk_of_one_school_need_not_name_it(desk: Desk, school: object) -> None:
    assert desk.result(late(school_number=school))["status"] == "accepted"


def test_a_kiosk_of_two_schools_must_name_one(desk: Desk, oakwood: Oakwood) -> None:
    north = make_school(oakwood.district, "1820")
    make_kiosk(oakwood.district, [oakwood.school, north], "ksk_two")
    two = Desk(desk.app, "ksk_two")
    assert refused_field(two, late(school_number=None)) == "data.school_number"


@pytest.mark.parametrize("kind", ["", "late_check_in", "student.events.x", None, 5, []])
def test_an_unknown_type_is_rejected(desk: Desk, kind: object) -> None:
    assert refused_field(desk, late(type=kind)) == "type"


@pytest.mark.parametrize("data", [None, [], "text", 5])
def test_data_that_is_no_object_is_rejected(desk: Desk, data: object) -> None:
    assert refused_field(desk, {**late(), "data": data}) == "data"


@pytest.mark.parametrize(
    "moment",
    [
        None,
        1_764_000_000,
        "",
        "2026-11-23",
        "2026-11-23T08:14:05",
        "8:14 AM",
        "2026-11-31T08:14:05Z",
        "2026-11-23T25:14:05Z",
        "2026-11-23T08:14:05+99:00",
        "2026-11-23T08:14:05America/Chicago",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2026-11-23T14:14:05\ud800",
        "2026-11-23T14:14:05\x00Z",
    ],
)
def test_a_time_that_cannot_be_used_is_rejected(desk: Desk, moment: object) -> None:
    assert refused_field(desk, late(timestamp=moment)) == "timestamp"


@pytest.mark.parametrize("moment", ["2026-11-23T14:14:05Z", "20261123T141405+0000"])
def test_other_spellings_of_a_moment_are_fine(desk: Desk, moment: str) -> None:
    assert desk.result(late(timestamp=moment))["status"] == "accepted"
    assert StudentEvent.get().occurred_at == NOW


AHEAD = timedelta(minutes=5)
OLD = timedelta(days=30)
BIT = timedelta(microseconds=1)


@pytest.mark.parametrize("moment", [NOW + AHEAD, NOW - OLD])
def test_the_edges_of_time_are_accepted(desk: Desk, moment: Any) -> None:
    assert desk.result(late(timestamp=moment.isoformat()))["status"] == "accepted"


@pytest.mark.parametrize("moment", [NOW + AHEAD + BIT, NOW - OLD - BIT])
def test_beyond_the_edges_of_time_is_rejected(desk: Desk, moment: Any) -> None:
    assert refused_field(desk, late(timestamp=moment.isoformat())) == "timestamp"


@pytest.mark.parametrize("name", ["reason", "note", "released_to"])
@pytest.mark.parametrize("text", ["x" * 2001, "a\x00b", "\ud83d", 5, True, ["x"], {}])
def test_text_that_cannot_be_kept_is_rejected(
    desk: Desk, name: str, text: object
) -> None:
    assert refused_field(desk, late(**{name: text})) == f"data.{name}"


@pytest.mark.parametrize(
    "text", ["", None, "  ", "x" * 2000, "é😀\n\t\x01", "' OR 1=1"]
)
def test_text_of_any_kind_is_kept(desk: Desk, text: str | None) -> None:
    assert desk.result(late(note=text))["status"] == "accepted"
    assert StudentEvent.get().note == (text or "").strip()


@pytest.mark.parametrize("event_id", ["x" * 257, "x" * 5000, "a\x00b"])
def test_an_id_that_cannot_be_kept_is_rejected(desk: Desk, event_id: str) -> None:
    assert refused_field(desk, late(), event_id) == "id"


def test_an_id_of_256_characters_is_fine(desk: Desk) -> None:
    assert desk.result(late(), "x" * 256)["status"] == "accepted"
