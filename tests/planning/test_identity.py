"""Who is the same child, and who goes to the school on a day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vmps.models import Cause
from vmps.services.identity import (
    Enrollment,
    EnrollmentProblem,
    Person,
    enrollment_problem,
    is_same_person,
    number_of,
)

DAY = date(2026, 11, 23)
MARIA = ("104800", "Maria", "Lopez")

SAME = [
    (MARIA, MARIA),
    (("104800", "Robert", "Hill"), ("104800", "Bob", "Hill")),
    (("104800", "Ana", "Smith"), ("104800", "Ana", "Jones")),
    (("0104800", "Ana", "Smith"), ("104800", "Ana", "Smith")),
    ((" 104800 ", "Ana", "Smith"), ("104800", "Ana", "Smith")),
    (("", "José", "Peña"), ("104800", "Jose", "Pena")),
    (("", "Søren", "Łuczak"), ("104800", "Soren", "Luczak")),
    (("", "ANA", "O’Brien"), ("104800", "Ana", "OBrien")),
    (("", "Mary Jane", "Mac Donald"), ("104800", "Maryjane", "MacDonald")),
    (("", "Maria", "Lopez-Garcia"), ("104800", "Maria", "Garcia Lopez")),
    (("", "Maria", "Lopez"), ("104800", "Maria Elena", "Lopez Garcia")),
    (("", "Maria", "De la Cruz"), ("104800", "Maria", "Delacruz")),
    (("", "Jo", "Le"), ("104800", "Jo", "Le")),
    (("", "J", "Hill"), ("104800", "J", "Hill")),
]
OTHERS = [
    (MARIA, ("104801", "Maria", "Lopez")),
    (MARIA, ("104801", "Ana", "Lopez")),
    (MARIA, ("104800", "Tom", "Baker")),
    (("", "Maria", "Lopez"), ("104800", "Ana", "Lopez")),
    (("", "Maria", "Lopez"), ("104800", "Maria", "Baker")),
    (("", "Maria", "De la Cruz"), ("104800", "Maria", "De la Rosa")),
    (("", "Maria", "van den Berg"), ("104800", "Maria", "van der Meer")),
    (("", "Tom J", "Hill"), ("104800", "Sam J", "Hill")),
    (("", "Tom", "Hill Jr"), ("104800", "Tom", "Baker Jr.")),
    (("", "", ""), ("104800", "", "")),
    (("104800", "", ""), ("104800", "", "")),
    (("104800", "123", "-"), ("104800", "123", "-")),
]


@pytest.mark.parametrize(("ours", "theirs"), SAME)
def test_the_same_child_is_known_either_way_round(
    ours: tuple[str, str, str], theirs: tuple[str, str, str]
) -> None:
    assert is_same_person(Person(*ours), Person(*theirs))
    assert is_same_person(Person(*theirs), Person(*ours))


@pytest.mark.parametrize(("ours", "theirs"), OTHERS)
def test_another_child_is_not_the_same(
    ours: tuple[str, str, str], theirs: tuple[str, str, str]
) -> None:
    assert not is_same_person(Person(*ours), Person(*theirs))
    assert not is_same_person(Person(*theirs), Person(*ours))


@given(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8), st.text())
def test_whatever_the_names_are_other_numbers_are_others(
    first: str, last: str, number: str, name: str
) -> None:
    ours, theirs = Person("1" + number, first, last), Person("2" + number, name, last)
    assert not is_same_person(ours, theirs)
    assert is_same_person(ours, theirs) == is_same_person(theirs, ours)


NAMES = {"2000": "Maple Middle"}
NOT_ENROLLED = [
    ((date(2026, 11, 24), None), "1817", 0, "begins on Nov 24"),
    ((None, DAY), "1817", 0, "left on Nov 23"),
    ((None, date(2025, 6, 4)), "1817", 0, "left on Jun 4, 2025"),
    ((None, date(2026, 11, 3)), "1817", 2, "transferred out on Nov 3"),
    ((None, date(2027, 6, 1)), "1817", 2, "transferred out"),
    ((None, None), "1817", 3, "graduated"),
    ((None, None), "1817", -1, "only pre-registered"),
    ((None, None), "1817", 9, "not active"),
    ((date(2026, 11, 24), None), "2000", 0, "at Maple Middle (2000) from Nov 24"),
    ((None, date(2026, 11, 3)), "2001", 0, "left school 2001 on Nov 3"),
    ((None, None), "None", 0, "at no school"),
]


@pytest.mark.parametrize(("dates", "school", "status", "detail"), NOT_ENROLLED)
def test_who_is_not_enrolled_is_told_since_when(
    dates: tuple[date | None, date | None], school: str, status: int, detail: str
) -> None:
    problem = enrollment_problem(Enrollment(school, status, *dates), "1817", DAY, NAMES)
    assert problem == EnrollmentProblem(Cause.NOT_ENROLLED, detail)


@pytest.mark.parametrize(
    ("school", "detail"), [("2000", "Maple Middle (2000)"), ("2001", "school 2001")]
)
def test_a_student_at_another_school_has_moved_there(school: str, detail: str) -> None:
    here = Enrollment(school, 0, DAY, date(2027, 6, 1))
    problem = enrollment_problem(here, "1817", DAY, NAMES)
    assert problem == EnrollmentProblem(Cause.MOVED, detail)


@pytest.mark.parametrize(
    "enrollment",
    [
        Enrollment("1817", 0, None, None),
        Enrollment("1817", None, None, None),
        Enrollment("1817", 0, DAY, date(2026, 11, 24)),
    ],
)
def test_a_student_attends_one_school_between_two_dates(
    enrollment: Enrollment,
) -> None:
    assert enrollment_problem(enrollment, "1817", DAY) is None


@pytest.mark.parametrize("sis_id", ["900", "0900"])
def test_a_sis_id_of_digits_is_a_number(sis_id: str) -> None:
    assert number_of(sis_id) == 900


@pytest.mark.parametrize("sis_id", ["", "A900", "-900", "９００", "٩٠٠", "9" * 16])  # noqa: RUF001
def test_any_other_sis_id_is_none(sis_id: str) -> None:
    assert number_of(sis_id) is None
