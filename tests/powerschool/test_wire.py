"""Whatever the server does with the socket, a call ends by its deadline."""

import socket
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from vmps.powerschool import (
    AttendanceMode,
    AttendanceRecord,
    ConnectionLost,
    Deadline,
    MalformedAnswer,
    NotSent,
    PowerSchool,
    PowerSchoolError,
    TimedOut,
)

from .raw_server import OK, Conversation, RawServer, Script, whole

SECONDS = 0.5
SLACK = 0.3
RECORD = AttendanceRecord(
    77, 1817, 36, date(2026, 9, 14), AttendanceMode.DAILY, 4711, "Late"
)

Start = Callable[..., RawServer]
ClientOf = Callable[..., PowerSchool]


def drip_header(talk: Conversation) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    talk.drip(b"x" * 100)


def drip_continues(talk: Conversation) -> None:
    for _ in range(100):
        talk.drip(b"HTTP/1.1 100 Continue\r\n\r\n", 0.01)


def drip_body(talk: Conversation) -> None:
    talk.send(OK + b"Content-Length: 100\r\n\r\n")
    talk.drip(b" " * 100)


def drip_chunks(talk: Conversation) -> None:
    talk.send(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    for _ in range(100):
        talk.drip(b"1\r\n \r\n", 0.01)


def black_hole(talk: Conversation) -> None:
    talk.wait()


def reset(talk: Conversation) -> None:
    talk.reset()


def close(talk: Conversation) -> None:
    talk.close()


def reset_in_body(talk: Conversation) -> None:
    talk.send(OK + b'Content-Length: 100\r\n\r\n{"insert')
    time.sleep(0.05)
    talk.reset()


def half_close_without_length(talk: Conversation) -> None:
    talk.send(OK + b'Connection: close\r\n\r\n{"insert_count":1,')
    talk.connection.shutdown(socket.SHUT_WR)
    talk.wait()


def half_close_before_length(talk: Conversation) -> None:
    talk.send(OK + b'Content-Length: 100\r\n\r\n{"insert_count":1,')
    talk.connection.shutdown(socket.SHUT_WR)
    talk.wait()


def not_http(talk: Conversation) -> None:
    talk.send(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
    talk.close()


def too_large(talk: Conversation) -> None:
    talk.send(OK + b"Connection: close\r\n\r\n" + b" " * (9 * 1024 * 1024))
    talk.close()


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (drip_header, TimedOut),
        (drip_continues, TimedOut),
        (drip_body, TimedOut),
        (drip_chunks, TimedOut),
        (black_hole, TimedOut),
        (reset, ConnectionLost),
        (close, ConnectionLost),
        (reset_in_body, ConnectionLost),
        (half_close_without_length, MalformedAnswer),
        (half_close_before_length, ConnectionLost),
        (not_http, ConnectionLost),
        (too_large, MalformedAnswer),
    ],
)
def test_a_written_record_without_an_answer_is_ambiguous_by_the_deadline(
    script: Script,
    kind: type[PowerSchoolError],
    raw_server: Start,
    client_of: ClientOf,
) -> None:
    server = raw_server(script)
    client = client_of(server.url)
    started_at = time.monotonic()
    with pytest.raises(kind) as caught:
        client.write_daily(RECORD, deadline=Deadline.after(SECONDS))
    assert time.monotonic() - started_at < SECONDS + SLACK
    assert caught.value.is_ambiguous
    assert server.count(b"daily_time") == 1


def test_a_server_that_stops_reading_is_left_by_the_deadline(
    raw_server: Start, client_of: ClientOf
) -> None:
    server = raw_server(black_hole, reads_bodies=False)
    client = client_of(server.url)
    # Twice what the system's buffers take; a busy machine needs a while to write it.
    large = [replace(RECORD, comment="x" * 200_000)] * 40
    seconds = 3 * SECONDS
    started_at = time.monotonic()
    with pytest.raises(TimedOut, match="did not take"):
        client.write_daily_batch(large, deadline=Deadline.after(seconds))
    assert time.monotonic() - started_at < seconds + SLACK


def test_a_token_that_never_comes_leaves_nothing_ambiguous(
    raw_server: Start, client_of: ClientOf
) -> None:
    server = raw_server(close, token=black_hole)
    with pytest.raises(TimedOut) as caught:
        client_of(server.url).write_daily(RECORD, deadline=Deadline.after(0.2))
    assert not caught.value.is_ambiguous
    assert server.count(b"daily_time") == 0


def test_a_refused_connection_is_not_sent(client_of: ClientOf) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(NotSent) as caught:
        client_of(f"http://127.0.0.1:{port}").metadata(deadline=Deadline.after(1))
    assert not caught.value.is_ambiguous


def test_a_connection_that_is_never_accepted_is_not_sent_by_the_deadline(
    client_of: ClientOf,
) -> None:
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for filler in (first, second):
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
        client = client_of(f"http://127.0.0.1:{full.getsockname()[1]}")
        started_at = time.monotonic()
        with pytest.raises(NotSent):
            client.metadata(deadline=Deadline.after(SECONDS))
        assert time.monotonic() - started_at < SECONDS + SLACK


def test_nothing_is_sent_after_the_deadline(
    raw_server: Start, client_of: ClientOf
) -> None:
    server = raw_server(black_hole)
    with pytest.raises(NotSent):
        client_of(server.url).write_daily(RECORD, deadline=Deadline.after(0))
    assert server.connections == 0


def test_an_answer_in_many_pieces_within_the_deadline_is_fine(
    raw_server: Start, client_of: ClientOf
) -> None:
    body = b'{"insert_count":1,"result":[{"status":"SUCCESS","action":"INSERT"}]}'
    server = raw_server(lambda talk: talk.drip(whole(body), 0.001))
    result = client_of(server.url).write_daily(RECORD, deadline=Deadline.after(5))
    assert result.action == "INSERT"
