"""The page that shows the newest attendance rows, for people watching the demo."""

from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from vmps.simulator.columns import Row
from vmps.simulator.schools import School
from vmps.simulator.simulation import Simulation

FOLDER = Path(__file__).parent
SHOWN_ROWS = 200


def render_page(simulation: Simulation) -> str:
    """Render the newest rows and the counts."""
    rows = simulation.attendance.newest(SHOWN_ROWS)
    return (
        _environment()
        .get_template("page.html")
        .render(
            rows=[_shown(simulation, row) for row in rows],
            row_count=len(simulation.attendance.rows),
            write_count=simulation.journal.last_number,
            calls=sorted(simulation.calls.items()),
            version=simulation.settings.version,
            timezone=simulation.district.timezone,
        )
    )


@cache
def stylesheet() -> str:
    """Return the page's stylesheet."""
    return (FOLDER / "page.css").read_text()


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _shown(simulation: Simulation, row: Row) -> dict[str, object]:
    district = simulation.district
    student = district.students.get(int(row["studentid"] or 0))
    school = district.schools.get(int(row["schoolid"] or 0))
    code = district.codes.get(int(row["attendance_codeid"] or 0), {})
    written_at = datetime.fromisoformat(str(row["written_at"]))
    return {
        "student": f"{student['first_name']} {student['last_name']}"
        if student
        else f"Student {row['studentid']}",
        "school": school.name if school else row["schoolid"],
        "day": row["att_date"],
        "mode": _mode(row, school),
        "code": row["written_code"] or "—",
        "description": code.get("description", ""),
        "comment": row["att_comment"] or "",
        "written_at": written_at.astimezone(ZoneInfo(district.timezone)),
    }


def _mode(row: Row, school: School | None) -> str:
    """Return the mode, with the period or the minutes where there are any."""
    mode = str(row["att_mode_code"]).removeprefix("ATT_Mode")
    if row["total_minutes"] is not None:
        mode += f", {row['total_minutes']} min"
    if (periodid := int(row["periodid"] or 0)) and school is not None:
        mode += f", {school.period_name(periodid)}"
    if row["att_interval"]:
        mode += f", interval {row['att_interval']}"
    return mode
