"""A copy of the whole database in one new file, taken while everything runs."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urlsplit

from vmps.db import transaction
from vmps.models import AuditEntry
from vmps.services.problems import Problem


def back_up(url: str, file: Path, *, actor: str) -> int:
    """Copy the database of `url` into `file`, which must not exist; return its size."""
    copy = _copy_sqlite if url.startswith("sqlite:///") else _dump_postgresql
    _into_new_file(file, lambda: copy(url, file))
    with transaction():
        AuditEntry.note("database.backed_up", actor=actor, district=None)
    return file.stat().st_size


def _into_new_file(file: Path, copy: Callable[[], None]) -> None:
    """Make the file, ours alone; take it away again when the copy fails."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise Problem(f"{file} exists already; name a new file.") from None
    except OSError as error:
        raise Problem(f"{file} cannot be written: {error.strerror}.") from None
    try:
        copy()
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def _copy_sqlite(url: str, file: Path) -> None:
    source = Path(url.removeprefix("sqlite:///"))
    if not source.exists():
        raise Problem(f"There is no database at {source} yet: run `db upgrade`.")
    with closing(sqlite3.connect(source)) as ours, closing(sqlite3.connect(file)) as to:
        ours.backup(to)


def _dump_postgresql(url: str, file: Path) -> None:
    """Run pg_dump, told everything in its environment: arguments can be read by all."""
    program = shutil.which("pg_dump")
    if program is None:
        raise Problem(
            "pg_dump is not installed here: install PostgreSQL's client programs, "
            "or run this where they are."
        )
    done = subprocess.run(  # noqa: S603 our own program, no shell
        [program, "--format=custom", "--no-password", f"--file={file}"],
        env={**os.environ, **_libpq_environment(url)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["no message"]
        raise Problem(f"pg_dump failed: {said[-1]}")


def _libpq_environment(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    values = {
        "PGHOST": parts.hostname,
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
    }
    return {name: value for name, value in values.items() if value}
