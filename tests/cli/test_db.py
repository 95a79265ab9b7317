"""`db`: schema commands and a copy taken while everything runs."""

import sqlite3
import stat
import subprocess
from contextlib import closing

import pytest

from vmps import db
from vmps.db import is_sqlite
from vmps.migrations.history import FOLDER
from vmps.services.backup import back_up
from vmps.services.problems import Problem

STEPS = sorted(path.stem for path in FOLDER.glob("[0-9]*.py"))


def test_upgrade_names_what_it_applied(run, tmp_path):
    db.configure(f"sqlite:///{tmp_path}/fresh.sqlite3")
    assert "0001_first       no" in run("db", "status").out
    assert run("db", "upgrade", "--json").json == {"applied": STEPS}
    assert run("db", "upgrade", "--json").json == {"applied": []}


def test_status_lists_what_is_applied(run):
    assert run("db", "status", "--json").json == [
        {"name": name, "is_applied": True} for name in STEPS
    ]


def _text_of(file):
    """Return the copy's districts, or a PostgreSQL dump as it is."""
    if not is_sqlite():
        return subprocess.run(
            ["pg_restore", "-f", "-", file], capture_output=True, text=True, check=True
        ).stdout
    with closing(sqlite3.connect(file)) as copy:
        return str(copy.execute("SELECT name FROM district").fetchall())


def test_backup_copies_every_row_for_our_eyes_only(run, office, tmp_path):
    file = tmp_path / "copy.sqlite3"
    assert run("db", "backup", file, "--json").json["bytes"] == file.stat().st_size
    assert "Oakwood" in _text_of(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_backup_never_overwrites(run, office, tmp_path):
    file = tmp_path / "copy.sqlite3"
    file.write_text("mine")
    ended = run("db", "backup", file)
    assert (ended.code, "exists already" in ended.err) == (1, True)
    assert file.read_text() == "mine"


def test_backup_into_no_folder_is_one_sentence(run, office, tmp_path):
    ended = run("db", "backup", tmp_path / "none" / "copy")
    assert (ended.code, "cannot be written" in ended.err) == (1, True)


URL = "postgresql://vmps:s3cret%21@db.example:5433/school"


@pytest.fixture
def pg_dump(tmp_path, monkeypatch):
    """A pg_dump that writes down how it was called."""
    program = tmp_path / "bin" / "pg_dump"
    program.parent.mkdir()
    program.write_text(
        '#!/bin/sh\necho "$@" > "$0.arguments"\nenv > "$0.environment"\n'
        'case "$PGDATABASE" in gone) echo "no such database" >&2; exit 1;; esac\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return program


def test_postgresql_is_dumped_with_the_password_in_the_environment(
    office, pg_dump, tmp_path
):
    back_up(URL, tmp_path / "copy", actor="operator")
    arguments = pg_dump.with_suffix(".arguments").read_text()
    environment = pg_dump.with_suffix(".environment").read_text()
    assert "s3cret" not in arguments
    assert "PGPASSWORD=s3cret!\n" in environment
    assert "PGPORT=5433\n" in environment


def test_a_failed_dump_leaves_no_file(office, pg_dump, tmp_path):
    with pytest.raises(Problem, match="no such database"):
        back_up(URL.replace("school", "gone"), tmp_path / "copy", actor="operator")
    assert not (tmp_path / "copy").exists()


def test_a_missing_pg_dump_is_said_plainly(office, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Problem, match="pg_dump is not installed"):
        back_up(URL, tmp_path / "copy", actor="operator")
    assert not (tmp_path / "copy").exists()
