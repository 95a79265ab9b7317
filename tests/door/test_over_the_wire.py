"""The door behind the real web server: chunks, raw bytes, and a database that stops."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cast import OAKWOOD_SEED, make_oakwood
from tests.servers import PostgreSQL, free_port, postgresql_tool
from vmps import db, migrations, secrets
from vmps.config import DEVELOPMENT_ENCRYPTION_KEY
from vmps.models import StudentEvent

from .desk import late, sign

ROOT = Path(__file__).parents[2]
PATH = "/webhooks/kiosks/ksk_oakwood/events"


@pytest.fixture(scope="module")
def own_postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL that a test may stop and start."""
    if postgresql_tool("initdb") is None:
        pytest.skip("PostgreSQL is missing: apt-get install postgresql")
    server = PostgreSQL.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def port(own_postgresql: PostgreSQL) -> Iterator[int]:
    """The web server's port; Oakwood is in its database."""
    url = own_postgresql.create_database("wire")
    db.configure(url)
    migrations.upgrade()
    secrets.configure([DEVELOPMENT_ENCRYPTION_KEY])
    make_oakwood(seed={**OAKWOOD_SEED, "students": OAKWOOD_SEED["students"][:4]})
    port = free_port()
    given = {"ENVIRONMENT": "development", "DATABASE_URL": url, "WEB_WORKERS": "1"}
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "python:vmps.web.server"]
        + ["app:create_app()"],
        cwd=ROOT,
        env={**os.environ, **given, "WEB_BIND": f"127.0.0.1:{port}"},
        stderr=subprocess.DEVNULL,
    )
    wait_for(port)
    yield port
    server.terminate()
    server.wait(30)
    db.drop_connection()


def wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


def event(student: int = 900) -> bytes:
    return json.dumps(late(student, timestamp=datetime.now(UTC).isoformat())).encode()


def post(port: int, body: bytes, event_id: str, *, is_chunked: bool = False) -> int:
    """Send one signed body; return the status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"Content-Type": "application/json"}
    signed = sign(body, event_id, datetime.now(UTC))
    pieces = (body[at : at + 4096] for at in range(0, len(body), 4096))
    try:
        connection.request(
            "POST",
            PATH,
            body=pieces if is_chunked else body,
            headers=headers | signed,
            encode_chunked=is_chunked,
        )
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_chunked_event_is_accepted(port: int) -> None:
    assert post(port, event(), "evt_chunked", is_chunked=True) == 202


def test_a_chunked_body_that_is_too_large_is_413(port: int) -> None:
    body = event(901) + b" " * (256 * 1024)
    assert post(port, body, "evt_large", is_chunked=True) == 413


@pytest.mark.parametrize("value", [b"\xff\xfe", b"v1", b"\xc3\xa9", b"v1,\x80" * 9])
def test_raw_bytes_in_a_header_are_refused(port: int, value: bytes) -> None:
    body = event()
    lines = [
        b"POST " + PATH.encode() + b" HTTP/1.1",
        b"Host: localhost",
        b"Content-Type: application/json",
        b"webhook-id: " + value,
        b"webhook-timestamp: " + str(int(time.time())).encode(),
        b"webhook-signature: " + value,
        b"Content-Length: " + str(len(body)).encode(),
        b"Connection: close",
    ]
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + body)
        answer = connection.recv(65536)
    assert answer.split(b" ")[1] == b"401"


def test_a_stopped_database_is_503_and_the_retry_is_accepted(
    port: int, own_postgresql: PostgreSQL
) -> None:
    body = event(902)
    own_postgresql.halt()
    try:
        assert post(port, body, "evt_kept") == 503
    finally:
        own_postgresql.launch()
    assert post(port, body, "evt_kept") == 202
    assert post(port, body, "evt_kept") == 202
    db.drop_connection()
    kept = StudentEvent.select().where(StudentEvent.external_id == "evt_kept")
    assert kept.count() == 1
