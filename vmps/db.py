"""The database: SQLite or PostgreSQL behind one URL, and one way to write to it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from peewee import (
    Database,
    DatabaseProxy,
    DateTimeField,
    InterfaceError,
    InternalError,
    Model,
    OperationalError,
    PostgresqlDatabase,
    ProgrammingError,
    SqliteDatabase,
)

from vmps.write_gate import GateTimeout, WriteGate

log = logging.getLogger(__name__)
database = DatabaseProxy()

#: What a statement raises when the database is away, locked, full or read-only, or not
#: upgraded yet: a missing table or column is an operational error to SQLite alone.
UNAVAILABLE = (
    OperationalError,
    InterfaceError,
    InternalError,
    ProgrammingError,
    GateTimeout,
)

#: How long a statement waits for another's lock, on either engine.
LOCK_SECONDS = 5
_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "cache_size": -32000,
    # Fewer, larger checkpoints: 1,000 pages (the default) cost kiosks their tail.
    "wal_autocheckpoint": 4000,
}

_gate: WriteGate | None = None
#: Per thread: what waits for the open transaction's commit and the gate's opening.
_committed = threading.local()


class BaseModel(Model):
    """Every model's parent: it knows the database and nothing else."""

    class Meta:
        """Bound when the process starts."""

        database = database
        legacy_table_names = False


class UTCDateTimeField(DateTimeField):
    """A moment: aware UTC in Python, naive UTC text of one width in the database."""

    def db_value(self, value: datetime | None) -> str | None:
        """Return the column's text, sortable as it stands."""
        return None if value is None else utc_text(value)

    def python_value(self, value: str | datetime | None) -> datetime | None:
        """Return an aware moment from what either engine gives."""
        return moment_of(value)


def moment_of(value: str | datetime | None) -> datetime | None:
    """Return a column's moment in UTC, which SQLite gives as text."""
    if value is None:
        return None
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC)


def date_of(value: str | date) -> date:
    """Return a column's date, which SQLite gives as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def utc_text(moment: datetime) -> str:
    """Return `moment` as the database keeps it: `2026-11-23 14:05:06.000000`."""
    # Five times faster than strftime, which a kiosk's request felt.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def configure(url: str) -> Database:
    """Bind the process to the database of `url`; connects when first used."""
    global _gate  # noqa: PLW0603 one database a process, bound at start
    if database.obj is not None:
        drop_connection()
    if _gate is not None:
        _gate.close()
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///"))
        path.parent.mkdir(parents=True, exist_ok=True)
        _gate = WriteGate(path.with_name(path.name + ".writer"))
        bound: Database = SqliteDatabase(
            str(path),
            pragmas=_PRAGMAS,
            lock_type="IMMEDIATE",
            timeout=LOCK_SECONDS,
            returning_clause=True,
        )
    else:
        _gate = None
        bound = _postgresql(url)
    database.initialize(bound)
    return bound


def _postgresql(url: str) -> PostgresqlDatabase:
    parts = urlsplit(url)
    return PostgresqlDatabase(
        parts.path.lstrip("/"),
        user=unquote(parts.username or "") or None,
        password=unquote(parts.password or "") or None,
        host=parts.hostname,
        port=parts.port or 5432,
        prefer_psycopg3=True,
        connect_timeout=3,
        # A machine that vanished is noticed: unanswered data after 10 s.
        tcp_user_timeout=10_000,
        keepalives_idle=30,
        options=f"-c lock_timeout={LOCK_SECONDS}s",
    )


def is_sqlite() -> bool:
    """Tell whether the process is bound to SQLite."""
    return isinstance(database.obj, SqliteDatabase)


def locked(select: Any, *, skip_locked: bool = False) -> Any:
    """Return the select so that others who lock or change its rows wait, or are left.

    Not FOR UPDATE: rows that only refer to these, a kiosk's event among them, must not
    wait. On SQLite there is one writer at a time anyway.
    """
    if is_sqlite():
        return select
    return select.for_update("FOR NO KEY UPDATE", skip_locked=skip_locked)


@contextmanager
def transaction(*, wait_seconds: float = 10.0) -> Iterator[None]:
    """Write in one transaction; on SQLite one writer at a time, in turn.

    A connection that died while idle is replaced before the first statement.
    """
    if database.in_transaction():
        with database.atomic():
            yield
        return
    callbacks: list[Callable[[], object]] = []
    _committed.callbacks = callbacks
    try:
        with in_turn(wait_seconds), _begun():
            yield
    finally:
        _committed.callbacks = None
    for callback in callbacks:
        callback()


def in_turn(wait_seconds: float) -> AbstractContextManager[None]:
    """Hold SQLite's gate: writers beyond this process wait, too."""
    return _gate.held(wait_seconds) if _gate else nullcontext()


def after_commit(callback: Callable[[], object]) -> None:
    """Call it once the transaction is in the database and others may write.

    Peewee's own hook runs while the gate is held: a slow callback there (Redis
    frozen: 0.5 s) would keep every writer of the machine waiting.
    """
    database.after_commit(lambda: _call_when_free(callback))


def _call_when_free(callback: Callable[[], object]) -> None:
    callbacks = getattr(_committed, "callbacks", None)
    if callbacks is None:
        callback()
    else:
        callbacks.append(callback)


@contextmanager
def _begun() -> Iterator[None]:
    atomic = database.atomic()
    try:
        atomic.__enter__()
    except (OperationalError, InterfaceError):
        if is_sqlite():
            raise
        drop_connection()
        atomic = database.atomic()
        atomic.__enter__()
    try:
        yield
    except BaseException as error:
        _leave(atomic, error)
        raise
    else:
        atomic.__exit__(None, None, None)


def _leave(atomic: Any, error: BaseException) -> None:
    try:
        atomic.__exit__(type(error), error, error.__traceback__)
    except (OperationalError, InterfaceError):
        # SQLite rolled back by itself (disk full): the first error is the cause.
        drop_connection()


def drop_connection() -> None:
    """Forget this thread's connection; the next statement opens a new one."""
    try:
        database.close()
    except Exception as error:  # noqa: BLE001 a broken connection may raise anything
        log.debug("database.close_failed error=%s", type(error).__name__)
        database.dispose()


def query(sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Run SQL written once with `%s` places; return its rows.

    For the few statements where building them anew costs more than running them.
    """
    cursor = database.execute_sql(_placed(sql), tuple(parameters))
    return cursor.fetchall() if cursor.description else []


def tuples(select: Any) -> list[tuple[Any, ...]]:
    """Run a select; return its rows as plain tuples, foreign keys as ids."""
    return list(select.tuples())


def execute_many(sql: str, rows: Iterable[Sequence[object]]) -> None:
    """Run one statement with `%s` places for every row of parameters."""
    parameters = [tuple(row) for row in rows]
    if parameters:
        database.cursor().executemany(_placed(sql), parameters)


def _placed(sql: str) -> str:
    return sql.replace("%s", "?") if is_sqlite() else sql


def database_now() -> datetime:
    """Return the database's own clock."""
    sql = (
        "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')"
        if is_sqlite()
        else "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', "
        "'YYYY-MM-DD HH24:MI:SS.US')"
    )
    row = database.execute_sql(sql).fetchone()
    return datetime.fromisoformat(row[0]).replace(tzinfo=UTC)
