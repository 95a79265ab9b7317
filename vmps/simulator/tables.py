"""The generic table API: rows, counts and metadata; nothing is written through it."""

from collections.abc import Sequence
from dataclasses import dataclass

from vmps.simulator.answers import Answer, no_access, refusal
from vmps.simulator.calls import Call
from vmps.simulator.columns import TABLES, Column, Row, Table
from vmps.simulator.criteria import Clause, parse_criteria
from vmps.simulator.envelopes import record, texts
from vmps.simulator.rows import find_rows
from vmps.simulator.simulation import Simulation

NEVER_EXPOSED = frozenset({"teachers"})
NOT_FOUND = "Resource not found"


@dataclass(frozen=True)
class Projection:
    """The columns asked for, with the spelling they were asked in."""

    columns: list[tuple[str, Column]]

    @property
    def keys(self) -> list[str]:
        """Lower-case names of the columns."""
        return [column.key for _, column in self.columns]


def list_tables(simulation: Simulation, call: Call) -> Answer:
    """Answer the names of all tables."""
    tables = [{"name": table.name} for table in TABLES.values()]
    return Answer(200, {"name": "tables", "record": tables})


def list_rows(simulation: Simulation, call: Call) -> Answer:
    """Answer one page of a table."""
    table = table_of(call)
    projection = read_projection(table, call)
    clauses = parse_criteria(table, call.criteria())
    if call.parameter("sort"):
        raise refusal(400, "The simulator always sorts by primary key")
    page, page_size = read_page(call, simulation.settings.page_size)
    check_access(simulation, table, projection, clauses)
    rows = _find(simulation, table, clauses)
    shown = rows[(page - 1) * page_size : page * page_size]
    keys = projection.keys
    records = [
        record(table.key, row["dcid"], **{table.key: texts(row, keys)}) for row in shown
    ]
    listing = simulation.envelopes.listing(table.key, records, simulation.settings)
    return Answer(200, listing)


def count_rows(simulation: Simulation, call: Call) -> Answer:
    """Answer how many rows match; without `q` no column is touched."""
    table = table_of(call)
    clauses = parse_criteria(table, call.criteria())
    check_access(simulation, table, Projection([]), clauses)
    return Answer(200, {"count": len(_find(simulation, table, clauses))})


def show_row(simulation: Simulation, call: Call) -> Answer:
    """Answer one row by its primary key."""
    table = table_of(call)
    projection = read_projection(table, call)
    clauses = parse_criteria(table, [f"dcid=={call.match['row']}"])
    check_access(simulation, table, projection, [])
    rows = _find(simulation, table, clauses)
    if not rows:
        raise refusal(404, NOT_FOUND)
    content = texts(rows[0], projection.keys)
    return Answer(200, record(table.key, rows[0]["dcid"], **{table.key: content}))


def show_metadata(simulation: Simulation, call: Call) -> Answer:
    """Answer the columns of a table, with the plugin's access where asked for."""
    table = table_of(call)
    shows_access = "access" in (call.parameter("expansions") or "").split(",")
    columns = []
    for column in table.columns.values():
        described = {"name": column.name, "type": column.kind.value}
        if shows_access:
            described["access"] = simulation.grants.access(table, column)
        columns.append(described)
    body = {"name": table.name, "primaryKey": "DCID", "columns": columns, "queries": []}
    return Answer(200, body)


def table_of(call: Call) -> Table:
    """Return the table a path names, or refuse the call."""
    name = call.match["table"].lower()
    if name in NEVER_EXPOSED:
        raise refusal(405, "GET, POST and PUT are not allowed on table")
    table = TABLES.get(name)
    if table is None:
        raise refusal(404, NOT_FOUND)
    if call.method != "GET":
        raise refusal(405, f"{call.method} is not allowed on table")
    return table


def read_projection(table: Table, call: Call) -> Projection:
    """Return the asked columns; a missing or unknown one is refused."""
    asked = call.parameter("projection")
    if not asked:
        raise refusal(400, "A projection is required")
    if asked == "*":
        return Projection([(column.name, column) for column in table.columns.values()])
    names = [name.strip() for name in asked.split(",")]
    for name in names:
        if name.lower() not in table.columns:
            problem = f"{name} is not valid column for table: {table.name}"
            raise refusal(400, f"Invalid field specified: {problem}")
    return Projection([(name, table.columns[name.lower()]) for name in names])


def read_page(call: Call, largest: int) -> tuple[int, int]:
    """Return page number and size; a size above the plugin's maximum is refused."""
    page = whole_number(call, "page", 1)
    page_size = whole_number(call, "pagesize", largest)
    if page < 1 or not 1 <= page_size <= largest:
        raise refusal(400, f"page starts at 1 and pagesize must not exceed {largest}")
    return page, page_size


def whole_number(call: Call, name: str, default: int) -> int:
    """Return a numeric query parameter."""
    text = call.parameter(name)
    if text is None:
        return default
    if not text.isdecimal():
        raise refusal(400, f"Invalid number '{text}' passed for {name}")
    return int(text)


def check_access(
    simulation: Simulation,
    table: Table,
    projection: Projection,
    clauses: Sequence[Clause],
) -> None:
    """Refuse the call where a touched column was not granted."""
    grants = simulation.grants
    # a projected column is named as it was asked for, a compared one canonically
    touched = [*projection.columns]
    touched += [(clause.column.name, clause.column) for clause in clauses]
    missing = [name for name, column in touched if not grants.can_read(table, column)]
    if missing:
        raise no_access((table.name, name) for name in dict.fromkeys(missing))


def _find(
    simulation: Simulation, table: Table, clauses: Sequence[Clause]
) -> Sequence[Row]:
    return find_rows(table, clauses, simulation.district, simulation.attendance)
