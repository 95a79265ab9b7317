"""Queries that a plugin brings: their SQL is run over the district's rows."""

# SQLite stands in for Oracle. What the query says of itself is compared with what the
# SQL does, so a broken file is refused or fails as it would in PowerSchool.

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Self
from xml.etree import ElementTree

from vmps.simulator.columns import TABLES, Row, Table, Value
from vmps.simulator.envelopes import Json, texts

RowsOf = Callable[[Table], Sequence[Row]]

#: com.organization.product.area.name, and never PowerSchool's own.
_NAME = re.compile(r"com\.(?!powerschool\.|pearson\.)([a-z0-9_]+\.){3}[a-z0-9_]+")
_ALIAS = re.compile(r"[A-Za-z0-9_]+")
_STRING = re.compile(r"'[^']*'")
_BIND = re.compile(r":(\w+)")


class QueryRefused(Exception):
    """PowerSchool does not install a plugin with this query."""


@dataclass(frozen=True)
class PluginQuery:
    """A query as its file declares it, with the columns that its SQL touches."""

    name: str
    core_table: str
    arguments: tuple[str, ...]
    aliases: tuple[str, ...]
    sql: str
    touches: Mapping[str, str]

    @classmethod
    def parse(cls, query: ElementTree.Element) -> Self:
        """Read a `<query>`; QueryRefused says what is wrong with it."""
        columns = query.findall("columns/column")
        arguments = query.findall("args/arg")
        touched: dict[str, set[str]] = {}
        sql = (query.findtext("sql") or "").strip()
        selected = _selected(sql, touched)
        for element in (*columns, *arguments):
            table, _, name = element.get("column", "").lower().partition(".")
            if table not in TABLES or name not in TABLES[table].columns:
                raise QueryRefused(f"Invalid Column: {element.get('column')}")
            touched.setdefault(table, set()).add(name)
        found = cls(
            name=query.get("name", ""),
            core_table=query.get("coreTable", "").lower(),
            arguments=tuple(argument.get("name", "") for argument in arguments),
            aliases=tuple((column.text or "").strip() for column in columns),
            sql=sql,
            touches={t: " ".join(sorted(names)) for t, names in touched.items()},
        )
        if problems := list(_problems(found, query, arguments, selected)):
            raise QueryRefused("; ".join(problems))
        return found

    @property
    def is_complete(self) -> bool:
        """Tell whether every bind is declared: else the query is never found."""
        return set(_BIND.findall(_STRING.sub("", self.sql))) <= set(self.arguments)

    def run(self, rows_of: RowsOf, values: Mapping[str, str]) -> list[Json]:
        """Return the records, flattened."""
        with closing(_database()) as database:
            for name in self.touches:
                _fill(database, TABLES[name], rows_of(TABLES[name]))
            found = database.execute(self.sql, values).fetchall()
        rows = [dict(zip(self.aliases, row, strict=True)) for row in found]
        return [self._record(row) for row in rows]

    def _record(self, row: dict[str, Value]) -> Json:
        return {
            "_name": self.core_table,
            "_id": row.get("dcid"),
            **texts(row, self.aliases),
        }


def read_queries(files: Mapping[str, bytes]) -> dict[str, PluginQuery]:
    """Return the queries of a plugin's files by name; QueryRefused names the file."""
    found: dict[str, PluginQuery] = {}
    for path, content in files.items():
        if not re.fullmatch(r"queries_root/[^/]+\.named_queries\.xml", path):
            continue
        try:
            # the file is the operator's own
            root = ElementTree.fromstring(content)  # noqa: S314
            queries = [PluginQuery.parse(element) for element in root.iter("query")]
        except (ElementTree.ParseError, QueryRefused) as problem:
            raise QueryRefused(f"{path}: {problem}") from None
        found |= {query.name: query for query in queries if query.is_complete}
    return found


def _problems(
    query: PluginQuery,
    element: ElementTree.Element,
    arguments: Sequence[ElementTree.Element],
    selected: Sequence[str],
) -> Iterator[str]:
    if not _NAME.fullmatch(query.name):
        yield f"{query.name!r} has not five parts, or is PowerSchool's"
    if element.get("flattened") != "true" or query.core_table not in TABLES:
        yield "one-part aliases want a coreTable and flattened"
    if any(argument.get("type") != "primitive" for argument in arguments):
        yield "an argument is of type primitive"
    if len({*query.aliases}) < len(query.aliases) or not all(
        map(_ALIAS.fullmatch, query.aliases)
    ):
        yield "every column has an alias of its own"
    if [name.lower() for name in query.aliases] != [name.lower() for name in selected]:
        yield f"the columns are {query.aliases}, and selected are {tuple(selected)}"
    if "order by" not in query.sql.lower():
        yield "without ORDER BY pages are not stable"


def _database() -> sqlite3.Connection:
    """Return all tables, empty."""
    database = sqlite3.connect(":memory:")
    database.create_function(
        "to_char", 1, lambda value: None if value is None else str(value)
    )
    for table in TABLES.values():
        columns = ", ".join(f'"{column}"' for column in table.columns)
        database.execute(f"CREATE TABLE {table.key} ({columns})")
    return database


def _fill(database: sqlite3.Connection, table: Table, rows: Sequence[Row]) -> None:
    places = ", ".join("?" * len(table.columns))
    database.executemany(
        f"INSERT INTO {table.key} VALUES ({places})",  # noqa: S608 a table of ours
        [[row.get(column) for column in table.columns] for row in rows],
    )


def _selected(sql: str, touched: dict[str, set[str]]) -> list[str]:
    """Return what the SQL selects, in order, and note which columns it reads."""

    def note(action: int, *about: str | None) -> int:
        if action == sqlite3.SQLITE_READ and about[0] in TABLES and about[1]:
            touched.setdefault(about[0], set()).add(about[1].lower())
        is_reading = action in {
            sqlite3.SQLITE_READ,
            sqlite3.SQLITE_SELECT,
            sqlite3.SQLITE_FUNCTION,
        }
        return sqlite3.SQLITE_OK if is_reading else sqlite3.SQLITE_DENY

    with closing(_database()) as database:
        database.set_authorizer(note)
        binds = dict.fromkeys(_BIND.findall(_STRING.sub("", sql)), "")
        try:
            cursor = database.execute(sql, binds)
        except sqlite3.Error as error:
            raise QueryRefused(f"the SQL does not run: {error}") from None
        return [column[0] for column in cursor.description or ()]
