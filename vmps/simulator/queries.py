"""PowerQueries: named joins with arguments, under the same grants."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from vmps.simulator.answers import Answer, no_access, refusal
from vmps.simulator.calls import Call
from vmps.simulator.columns import TABLES, Row
from vmps.simulator.envelopes import Json, record, texts
from vmps.simulator.plugin_queries import PluginQuery
from vmps.simulator.query_arguments import Arguments, Shape
from vmps.simulator.rows import find_rows
from vmps.simulator.school_years import yearid_of
from vmps.simulator.simulation import Simulation
from vmps.simulator.tables import whole_number
from vmps.simulator.templates import daily_template, meeting_template, time_template

DEFAULT_PAGE_SIZE = 100


@dataclass(frozen=True)
class Query:
    """A PowerQuery: its arguments, the columns it touches and how it runs."""

    name: str
    arguments: dict[str, Shape]
    touches: Mapping[str, str]
    run: Callable[[Simulation, Arguments], list[Json]]

    def check_access(self, simulation: Simulation) -> None:
        """Refuse the query where a touched column was not granted."""
        missing = [
            (table.name, column.name)
            for key, names in self.touches.items()
            for table in (TABLES[key],)
            for column in (table.columns[name] for name in names.split())
            if not simulation.grants.can_read(table, column)
        ]
        if missing:
            raise no_access(missing)


def run_query(simulation: Simulation, call: Call) -> Answer:
    """Answer one page of a query; `pagesize=0` is everything."""
    query, records = _run(simulation, call)
    page = whole_number(call, "page", 1)
    page_size = whole_number(call, "pagesize", DEFAULT_PAGE_SIZE)
    if page < 1 or call.parameter("order"):
        raise refusal(400, "page starts at 1, and the simulator keeps its own order")
    shown = records
    if page_size:
        shown = records[(page - 1) * page_size : page * page_size]
    body: dict[str, Any] = simulation.envelopes.listing(
        next(iter(query.touches)), shown, simulation.settings
    )
    if call.parameter("count") == "true":
        body["count"] = len(records)
    return Answer(200, body)


def count_query(simulation: Simulation, call: Call) -> Answer:
    """Answer how many rows a query gives."""
    return Answer(200, {"count": len(_run(simulation, call)[1])})


def _run(simulation: Simulation, call: Call) -> tuple[Query, list[Json]]:
    if call.method != "POST":
        raise refusal(405, f"{call.method} is not allowed on query")
    name = call.match["query"]
    query = find_queries(simulation).get(name)
    missing = simulation.settings.missing_queries
    if query is None or name in missing or name.rpartition(".")[2] in missing:
        raise refusal(404, f"Query {name} not found")
    arguments = Arguments.read(call.body, query.arguments)
    query.check_access(simulation)
    return query, query.run(simulation, arguments)


def find_queries(simulation: Simulation) -> dict[str, Query]:
    """Return PowerSchool's own and those of the installed plugin, by name."""
    brought = {
        name: Query(
            name=name,
            arguments=dict.fromkeys(query.arguments, Shape.TEXT),
            touches=query.touches,
            run=partial(_brought, query),
        )
        for name, query in simulation.plugin.queries.items()
    }
    return QUERIES | brought


def _brought(
    query: PluginQuery, simulation: Simulation, arguments: Arguments
) -> list[Json]:
    return query.run(
        lambda table: find_rows(table, (), simulation.district, simulation.attendance),
        arguments.values,
    )


def _codes(simulation: Simulation, arguments: Arguments) -> list[Json]:
    yearid = yearid_of(arguments.day("att_date"))
    schoolid = arguments.number("schoolid")
    columns = ("att_code", "description", "presence_status_cd", "schoolid", "yearid")
    records = []
    for row in simulation.district.codes_of.get((schoolid, yearid), []):
        code = {"attendance_codeid": str(row["id"]), **texts(row, columns)}
        records.append(record("attendance_code", row["dcid"], attendance_code=code))
    return records


def _detail(simulation: Simulation, arguments: Arguments) -> list[Json]:
    first = arguments.day("attendance_att_date_start")
    last = arguments.day("attendance_att_date_end")
    modes = set(arguments.texts("attendance_att_mode_code"))
    rows = [
        row
        for dcid in arguments.numbers("students_dcid")
        for row in _rows_of(simulation, dcid, first, last)
        if row["att_mode_code"] in modes
    ]
    return [_with_code(simulation, row) for row in sorted(rows, key=_dcid)]


def _rows_of(
    simulation: Simulation, students_dcid: int, first: date, last: date
) -> list[Row]:
    student = simulation.district.students_by_dcid.get(students_dcid)
    if student is None:
        return []
    rows, _ = simulation.attendance.find({"studentid": student["id"]})
    bounds = first.isoformat(), last.isoformat()
    return [row for row in rows if bounds[0] <= str(row["att_date"]) <= bounds[1]]


def _with_code(simulation: Simulation, row: Row) -> Json:
    code = simulation.district.codes.get(int(row["attendance_codeid"] or 0), {})
    return record(
        "attendance",
        row["dcid"],
        attendance=texts(row, DETAIL_COLUMNS.split()),
        attendance_code=texts(code, CODE_COLUMNS.split()),
    )


def _dcid_id_map(simulation: Simulation, arguments: Arguments) -> list[Json]:
    known = simulation.district.students_by_dcid
    wanted = sorted(set(arguments.numbers("students_dcid")))
    return [
        {"_name": "students", "_id": dcid, **texts(known[dcid], ("id", "dcid"))}
        for dcid in wanted
        if dcid in known
    ]


def _dcid(row: Row) -> int:
    return int(row["dcid"] or 0)


DETAIL_COLUMNS = (
    "dcid id studentid schoolid yearid att_date att_mode_code attendance_codeid"
    " att_comment total_minutes ccid periodid att_interval"
)
CODE_COLUMNS = "id att_code description presence_status_cd"
ATTENDANCE_QUERIES = "com.pearson.core.attendance."
QUERIES = {
    query.name: query
    for query in (
        Query(
            name=f"{ATTENDANCE_QUERIES}attendance_code_by_school_date",
            arguments={"schoolid": Shape.NUMBER, "att_date": Shape.DAY},
            touches={
                "attendance_code": f"{CODE_COLUMNS} schoolid yearid",
                "terms": "yearid schoolid firstday lastday",
            },
            run=_codes,
        ),
        Query(
            name=f"{ATTENDANCE_QUERIES}daily_attendance_template",
            arguments={"studentid": Shape.NUMBER, "att_date": Shape.DAY},
            touches={
                "attendance": "attendance_codeid att_date schoolid yearid studentid"
                " att_comment att_mode_code"
            },
            run=daily_template,
        ),
        Query(
            name=f"{ATTENDANCE_QUERIES}meeting_interval_attendance_template",
            arguments={
                "studentid": Shape.NUMBER,
                "schoolid": Shape.NUMBER,
                "att_date": Shape.DAY,
            },
            touches={
                "attendance": "attendance_codeid att_comment att_date studentid"
                " periodid ccid att_interval att_mode_code",
                "bell_schedule_items": "bell_schedule_id period_id start_time end_time",
                "cc": "id studentid sectionid schoolid dateenrolled dateleft",
                "period": "id period_number",
                "section_meeting": "sectionid period_number cycle_day_letter",
                "sections": "id att_mode_code",
            },
            run=meeting_template,
        ),
        Query(
            name=f"{ATTENDANCE_QUERIES}time_attendance_template",
            arguments={
                "studentid": Shape.NUMBER,
                "dcid": Shape.NUMBER,
                "att_date": Shape.DAY,
            },
            touches={
                "attendance": "dcid attendance_codeid att_date schoolid yearid"
                " studentid att_comment att_mode_code total_minutes"
            },
            run=time_template,
        ),
        Query(
            name=f"{ATTENDANCE_QUERIES}student_attendance_detail",
            arguments={
                "attendance_att_mode_code": Shape.TEXTS,
                "students_dcid": Shape.NUMBERS,
                "attendance_att_date_start": Shape.DAY,
                "attendance_att_date_end": Shape.DAY,
            },
            touches={
                "attendance": DETAIL_COLUMNS,
                "attendance_code": CODE_COLUMNS,
                "students": "dcid id",
            },
            run=_detail,
        ),
        Query(
            name="com.pearson.core.student.student_dcid_id_map",
            arguments={"students_dcid": Shape.NUMBERS},
            touches={"students": "dcid id"},
            run=_dcid_id_map,
        ),
    )
}
