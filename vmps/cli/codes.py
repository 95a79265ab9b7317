"""`codes`: attendance codes as imported from PowerSchool."""

from __future__ import annotations

import click

from vmps.cli.group import (
    OPERATOR,
    CommandGroup,
    Failure,
    district_option,
    json_option,
    settings,
)
from vmps.cli.output import answer, table
from vmps.clock import utcnow
from vmps.models import AttendanceCode, District, School
from vmps.services.districts import find_district
from vmps.services.import_codes import ManyImported, import_codes, import_codes_of
from vmps.services.school_years import name_year, year_at
from vmps.services.schools import find_school
from vmps.services.store_codes import Imported

group = CommandGroup("codes", help="Attendance codes.")

#: A command may wait longer than a page.
_LONGEST_SECONDS = 3600.0


@group.command("import")
@district_option
@click.option("--school", metavar="N", help="One school's number; all without it.")
@click.option("--next-year", is_flag=True, help="The codes of the next school year.")
@json_option
def import_(district: str, school: str | None, next_year: bool, as_json: bool) -> None:
    """Import attendance codes from PowerSchool; say what changed."""
    home = find_district(district)
    if next_year and school is None:
        raise Failure("Name the --school whose next year is to be imported.")
    if school is None:
        many = import_codes_of(
            list(School.select().where(School.district == home)),
            settings=settings(),
            actor=OPERATOR,
            now=utcnow(),
            longest_seconds=_LONGEST_SECONDS,
        )
    else:
        one, now = find_school(home, school), utcnow()
        done = import_codes(
            one,
            settings=settings(),
            actor=OPERATOR,
            now=now,
            year_id=year_at(one, now) + 1 if next_year else None,
        )
        many = ManyImported([done], (), ())
    _tell(many, as_json=as_json)


def _tell(many: ManyImported, *, as_json: bool) -> None:
    lines = [f"{one.school.name}: {one.words()}" for one in many.imported]
    lines += [f"{school.name}: {refused.message}" for school, refused in many.refused]
    lines += [f"{school.name}: not tried." for school in many.left]
    rows = [_row(one) for one in many.imported]
    value = {
        "imported": rows,
        "refused": {s.number: problem.message for s, problem in many.refused},
        "not_tried": [school.number for school in many.left],
    }
    answer(value, "\n".join(lines) or "There is no school.", as_json=as_json)
    if many.refused:
        raise SystemExit(1)


def _row(one: Imported) -> dict[str, object]:
    return {
        "school": one.school.number,
        "year": name_year(one.year_id),
        "codes": one.count,
        "new": list(one.changes.new),
        "renamed": [list(pair) for pair in one.changes.renamed],
        "changed": list(one.changes.changed),
        "gone": list(one.changes.gone),
        "unmatched": list(one.unmatched),
        "requeued": one.requeued,
    }


@group.command("list")
@json_option
def index(as_json: bool) -> None:
    """List the imported codes of all schools."""
    query = AttendanceCode.select(AttendanceCode, School, District).join(School)
    ordered = query.join(District).order_by(
        School.id, AttendanceCode.year_id, AttendanceCode.position
    )
    rows = [
        {
            "district": code.school.district.id,
            "school": code.school.number,
            "year": name_year(code.year_id),
            "code": code.code,
            "description": code.description,
            "presence": code.presence,
        }
        for code in ordered
    ]
    headings = ("D", "SCHOOL", "YEAR", "CODE", "DESCRIPTION", "PRESENCE")
    text = table(headings, [tuple(row.values()) for row in rows])
    answer(rows, text, as_json=as_json)
