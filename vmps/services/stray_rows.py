"""A day's rows in PowerSchool that no plan asks about: extra ones, and leftovers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from vmps.models import School, Student
from vmps.services.difference import Difference, Kind
from vmps.services.look_at_day import DayRow, SeenDay
from vmps.services.mapped_codes import reason_codes
from vmps.services.planning.day import BLANK
from vmps.services.subject import Surveyed

#: How a comment of ours reads, whoever's row it stands in.
_OUR_LINE = re.compile(r"(Late check-in|Early check-out) \d{1,2}:\d\d [AP]M")
_THEIRS = "Entered in PowerSchool: there is no event here."


def find_left(
    item: Surveyed, name: str, rows: Iterable[DayRow]
) -> Iterable[Difference]:
    """Yield the student's rows of ours that no write of the school's mode reaches."""
    mine = [row for row in rows if row.student_id == item.subject.ps_id]
    for slot, codes in item.subject.unit.standing.items():
        place = item.mode.name_left(item.held, slot)
        left = [row for row in mine if row.slot == slot and row.code in codes - {BLANK}]
        for row in left if place else ():
            yield Difference(
                kind=Kind.LEFT,
                student=name,
                place=place[:1].upper() + place[1:],
                ours="",
                theirs=row.code,
                explanation=f"Left over from {place}: take it out by hand.",
            )


def find_extra(school: School, seen: SeenDay) -> Iterable[Difference]:
    """Yield rows of students without an event that day, with a code that events use."""
    known = {item.subject.ps_id for item in seen.surveyed}
    mapped = set(reason_codes([school.id]).values())
    wanted = [
        row
        for row in seen.rows
        if row.is_of_mode
        and row.student_id not in known
        and (row.code in mapped or _OUR_LINE.search(row.comment))
    ]
    names = _names(school, wanted)
    for row in wanted:
        yield Difference(
            kind=Kind.EXTRA,
            student=names.get(row.student_id, f"PowerSchool student {row.student_id}"),
            place="The day",
            ours="",
            theirs=row.code,
            explanation="" if _OUR_LINE.search(row.comment) else _THEIRS,
        )


def _names(school: School, rows: Sequence[DayRow]) -> dict[int | None, str]:
    ids = {row.student_id for row in rows}
    students = Student.select().where(
        Student.district == school.district_id, Student.ps_id.in_(list(ids))
    )
    return {one.ps_id: f"{one.last_name}, {one.first_name}" for one in students}
