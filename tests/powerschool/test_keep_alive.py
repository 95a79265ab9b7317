"""Connections are kept for the next call, and a dead one is noticed or reported."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from vmps.powerschool import (
    AttendanceMode,
    AttendanceRecord,
    ConnectionLost,
    Deadline,
    PowerSchool,
    connections,
)

from .raw_server import Conversation, RawServer, whole

BODY = b'{"insert_count":1,"result":[{"status":"SUCCESS","action":"INSERT"}]}'
RECORD = AttendanceRecord(
    77, 1817, 36, date(2026, 9, 14), AttendanceMode.DAILY, 4711, "Late"
)

Start = Callable[..., RawServer]
ClientOf = Callable[..., PowerSchool]


def answer(talk: Conversation) -> None:
    talk.send(whole(BODY))


def answer_and_close(talk: Conversation) -> None:
    talk.send(whole(BODY))
    talk.close()


def write(client: PowerSchool) -> None:
    client.write_daily(RECORD, deadline=Deadline.after(5))


def test_calls_one_after_another_share_a_connection(
    raw_server: Start, client_of: ClientOf
) -> None:
    server = raw_server(answer)
    client = client_of(server.url)
    for _ in range(5):
        write(client)
    assert server.connections == 1
    assert server.count(b"daily_time") == 5


def test_sixteen_threads_keep_sixteen_connections(
    raw_server: Start, client_of: ClientOf
) -> None:
    server = raw_server(answer)
    client = client_of(server.url)
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda _: write(client), range(200)))
    assert server.connections <= 16
    assert server.count(b"daily_time") == 200


def test_a_connection_closed_while_idle_is_replaced(
    raw_server: Start, client_of: ClientOf
) -> None:
    server = raw_server(answer_and_close)
    client = client_of(server.url)
    for _ in range(3):
        write(client)
        for thread in server.threads[1:]:
            thread.join(1)
    assert server.connections == 3
    assert server.count(b"daily_time") == 3


def test_a_connection_idle_for_long_is_not_used_again(
    raw_server: Start, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = raw_server(answer)
    client = client_of(server.url)
    write(client)
    monkeypatch.setattr(connections, "IDLE_SECONDS", 0.0)
    write(client)
    assert server.connections == 2


def test_a_write_is_never_repeated_when_a_kept_connection_breaks(
    raw_server: Start, client_of: ClientOf
) -> None:
    def once(talk: Conversation) -> None:
        is_first = talk.server.count(b"daily_time") == 1
        talk.send(whole(BODY)) if is_first else talk.reset()

    server = raw_server(once)
    client = client_of(server.url)
    write(client)
    with pytest.raises(ConnectionLost) as caught:
        write(client)
    assert caught.value.is_ambiguous
    assert server.count(b"daily_time") == 2


def test_the_call_after_a_broken_one_gets_a_connection_of_its_own(
    raw_server: Start, client_of: ClientOf
) -> None:
    def late(talk: Conversation) -> None:
        if talk.server.count(b"daily_time") == 1:
            talk.send(whole(b"")[:20])
            talk.server.is_stopping.wait(0.4)
        talk.send(whole(BODY))

    server = raw_server(late)
    client = client_of(server.url)
    with pytest.raises(Exception, match="in time"):
        client.write_daily(RECORD, deadline=Deadline.after(0.2))
    write(client)
    assert server.connections == 2
