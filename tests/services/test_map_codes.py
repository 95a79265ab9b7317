"""Several people and an import at one school at once: nobody waits for ever."""

from __future__ import annotations

import pytest

from tests.cast import NOW, make_district, make_school
from tests.threads import at_once
from vmps.models import AttendanceMode, EventType, School
from vmps.powerschool import AttendanceCode
from vmps.services.fetch_codes import FetchedCodes
from vmps.services.map_codes import CodeChoice, CodeUse, save_codes
from vmps.services.problems import Problem
from vmps.services.reasons import save_reason
from vmps.services.schools import SchoolChanges, set_school
from vmps.services.store_codes import store_codes


@pytest.fixture
def school(settings: object) -> School:
    """A school with a reason of each type."""
    return make_school(make_district())


def replace_a(school: School, number: int) -> None:
    """Let the code A be replaced, or not."""
    choice = CodeChoice("0", "A", CodeUse(), CodeUse(is_replaceable=bool(number % 2)))
    save_codes(school, [choice], {}, actor="x", now=NOW)


def test_saving_what_touches_one_school_never_deadlocks(school: School) -> None:
    codes = [AttendanceCode(n, f"C{n}", "", None, 36) for n in range(5)]
    late = EventType.LATE_CHECK_IN

    def work(number: int) -> bool:
        turns = [
            lambda: replace_a(school, number),
            lambda: save_reason(
                school, late, f"R{number}", code="T", actor="x", now=NOW
            ),
            lambda: set_school(
                school, SchoolChanges(mode=AttendanceMode.DAILY), actor="x", now=NOW
            ),
            lambda: store_codes(school, FetchedCodes(36, codes), actor="x", now=NOW),
        ]
        for turn in (*turns[number % 4 :], *turns[: number % 4]) * 3:
            try:
                turn()
            except Problem:
                continue
        return True

    assert at_once(work, 4).count(True) == 4
    assert School.get_by_id(school.id).codes_year_id == 36


def test_of_two_who_change_one_code_differently_one_is_told(school: School) -> None:
    def save(number: int) -> bool:
        wanted = CodeUse(is_replaceable=number == 0, is_protected=number == 1)
        choice = CodeChoice("0", "A", CodeUse(), wanted)
        try:
            save_codes(school, [choice], {}, actor="x", now=NOW)
        except Problem:
            return False
        return True

    assert at_once(save, 2).count(True) == 1
    saved = School.get_by_id(school.id)
    assert len(saved.replaceable) + len(saved.protected) == 1
