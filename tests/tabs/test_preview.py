"""Preview: what would be written, told without writing it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import OAKWOOD_SEED, Cast, make_student
from vmps.models import (
    Attempt,
    Reason,
    School,
    Student,
    StudentEvent,
    User,
)
from vmps.simulator.control import Simulator

from .conftest import Browse, connect
from .visitor import Page, Visitor

URL = "/admin/powerschool/preview/"
LATE = "late_check_in|Bus late"


@pytest.fixture
def config(config: dict[str, Any]) -> dict[str, Any]:
    """Short deadlines: a fault need not be waited for long."""
    return config | {"CALL_SECONDS": 1, "ATTEMPT_SECONDS": 3}


@pytest.fixture
def maria(school: School) -> Student:
    """A student of the first school."""
    return make_student(school, **OAKWOOD_SEED["students"][0])


def ask(visitor: Visitor, school: School, **typed: str) -> Page:
    """Fill the form in and press the button."""
    form = visitor.get(f"{URL}?school={school.id}").form(".preview-form")
    given = form | {"student": "900", "reason": LATE} | typed
    return visitor.post(f"{URL}{school.id}", given)


def cells(page: Page) -> list[str]:
    return page.words("#preview-result tbody tr > *")


def test_the_row_and_its_comment_are_shown_and_nothing_is_written(
    bob: Visitor, school: School, maria: Student, simulator: Simulator
) -> None:
    page = ask(bob, school)
    assert cells(page) == ["The day", "Present", "T", "Late check-in 8:14 AM, Bus late"]
    assert "It would be written." in page.text
    assert simulator.journal() == []
    assert StudentEvent.select().count() == Attempt.select().count() == 0


def test_what_stands_there_is_said(
    bob: Visitor, school: School, maria: Student, simulator: Simulator
) -> None:
    simulator.put_attendance(500, 1817, "2026-11-23", "S")
    page = ask(bob, school)
    assert page.words("#preview-result p") == [
        "It would not be written: the student is already marked S in PowerSchool.",
        "What to do: If the event is right, change it in PowerSchool by hand. Or an"
        " admin allows that code to be replaced at the school.",
        "Open Attendance Codes",
    ]
    link = page.one("#preview-result a")["href"]
    assert bob.get(str(link).partition("#")[0]).status == 200


def test_the_end_of_the_day_is_said(
    bob: Visitor, school: School, maria: Student, simulator: Simulator
) -> None:
    half_day = {"half_days": ["2026-11-23"]}
    changed = OAKWOOD_SEED["schools"][0] | half_day
    simulator.seed(OAKWOOD_SEED | {"schools": [changed]})
    page = ask(bob, school, at="2026-11-23T11:30")
    assert "it happened at 11:30 AM, the day starts at 8:00 AM, ends at 11:30 AM" in (
        page.text
    )
    assert "It would not be written" in page.text


def test_reasons_that_are_not_offered_cannot_be_tried(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    Reason.create(
        school=school, type="late_check_in", label="Old", code="T", is_hidden=True
    )
    Reason.create(school=school, type="late_check_in", label="Without a code")
    options = bob.get(f"{URL}?school={school.id}").words("#reason option")
    assert "Bus late" in options
    assert not {"Old", "Without a code"} & set(options)


def test_a_name_finds_the_student(
    bob: Visitor, school: School, maria: Student, simulator: Simulator
) -> None:
    assert "Maria0 Lopez0" in ask(bob, school, student="lopez mar").text


def test_of_several_one_is_chosen(
    bob: Visitor, school: School, maria: Student, simulator: Simulator
) -> None:
    other = make_student(school, **OAKWOOD_SEED["students"][1])
    page = ask(bob, school, student="lopez")
    assert page.status == 422
    assert len(page.all("[name=student_id]")) == 2
    chosen = ask(bob, school, student="lopez", student_id=str(other.id))
    assert "Maria1 Lopez1" in chosen.text


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"student": ""}, "Type a student's id or name."),
        ({"student": "nobody"}, "No student of School 1817 fits."),
        ({"reason": ""}, "Choose a reason."),
        ({"at": "soon"}, "Give a date and time, such as 2026-11-23 08:14."),
        ({"at": "2026-03-08T02:30"}, "The clocks skip that time on that day"),
        ({"at": "2025-01-06T08:00"}, "Give a time of the last 30 days, or of today."),
    ],
)
@pytest.mark.usefixtures("maria", "simulator")
def test_what_cannot_be_tried_says_what_to_do(
    bob: Visitor, school: School, typed: dict[str, str], error: str
) -> None:
    page = ask(bob, school, **typed)
    assert page.status == 422
    assert error in page.text


@pytest.mark.usefixtures("maria", "simulator")
def test_a_day_too_long_ago_is_said_beside_the_field(
    bob: Visitor, school: School
) -> None:
    page = ask(bob, school, at="2025-01-06T08:00")
    assert "of the last 30 days" in page.words("#at-error")[0]
    assert page.one("#at")["aria-describedby"] == "at-error"


def test_another_person_s_id_names_nobody(
    bob: Visitor, school: School, maria: Student, simulator: Simulator
) -> None:
    Student.update(first_name="Anna", last_name="Novak").execute()
    page = ask(bob, school)
    assert "belongs to another student in PowerSchool" in page.text
    assert "Lopez" not in page.text


def test_a_disabled_school_sends_nothing(
    bob: Visitor, school: School, maria: Student, simulator: Simulator
) -> None:
    School.update(is_enabled=False).execute()
    page = ask(bob, school)
    assert "It would not be sent: the school is disabled." in page.text
    assert page.words("#preview-result a") == ["Open School Building Setup"]
    assert simulator.calls().get("token") is None


def test_powerschool_s_silence_is_told_in_plain_words(
    bob: Visitor, school: School, maria: Student, cast: Cast
) -> None:
    connect(cast.oakwood, base_url="http://127.0.0.1:9")
    page = ask(bob, school)
    assert page.status == 422
    assert "PowerSchool could not be reached." in page.text


def test_a_student_of_another_school_is_not_found(
    browse: Browse, cast: Cast, maria: Student, simulator: Simulator
) -> None:
    alice: User = cast.alice
    page = ask(browse(alice), cast.schools["1819"])
    assert "No student of School 1819 fits." in page.text


def test_without_a_school_there_is_nothing_to_try(
    browse: Browse, cast: Cast, simulator: Simulator
) -> None:
    assert browse(cast.bob).get(f"{URL}?school={cast.schools['1819'].id}").status == 404


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("student", "\0"),
        ("student", "900\0x"),
        ("student", "x" * 100_000),
        ("at", "9999-12-31T23:59"),
        ("at", "0001-01-01T00:00"),
    ],
)
@pytest.mark.usefixtures("maria", "connected")
def test_hostile_input_is_a_form_error(
    bob: Visitor, school: School, field: str, typed: str
) -> None:
    assert ask(bob, school, **{field: typed}).status == 422
