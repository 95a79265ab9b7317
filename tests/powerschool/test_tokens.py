"""One thread fetches the token, all use it, and a refused one is replaced once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
import responses

from vmps.powerschool import (
    AttendanceMode,
    AttendanceRecord,
    Credentials,
    CredentialsRefused,
    Deadline,
    MalformedAnswer,
    Metadata,
    NotFound,
    NotSent,
    PowerSchool,
    PowerSchoolError,
    Rejected,
    ServerError,
    Throttled,
    TokenRefused,
    V1AccessMissing,
)

from .conftest import BASE
from .raw_server import Conversation, RawServer, whole

Start = Callable[..., RawServer]
ClientOf = Callable[..., PowerSchool]

TOKEN = f"{BASE}/oauth/access_token"
METADATA = f"{BASE}/ws/v1/metadata"
DAILY = f"{BASE}/ws/attendance/daily_time"
EXPIRED = 'Bearer error="invalid_token",realm="PowerSchool"'
INVALID_CLIENT = {"error": "invalid_client", "error_description": "who are you"}
RECORD = AttendanceRecord(77, 1817, 36, date(2026, 9, 14), AttendanceMode.DAILY, 4711)
WRITTEN = {"insert_count": 1, "result": [{"status": "SUCCESS", "action": "INSERT"}]}


def read(client: PowerSchool, seconds: float = 5) -> Metadata:
    return client.metadata(deadline=Deadline.after(seconds))


def token_calls(server: responses.RequestsMock) -> int:
    return sum(call.request.url == TOKEN for call in server.calls)


def test_the_secret_is_not_shown() -> None:
    assert "hush" not in repr(Credentials("id", "hush"))


def test_the_token_is_asked_for_with_basic_authorization(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.get(METADATA, json={"metadata": {}})
    read(powerschool)
    request = server.calls[0].request
    assert request.headers["Authorization"].startswith("Basic ")
    assert request.body == b"grant_type=client_credentials"


@pytest.mark.parametrize(
    ("expires_in", "fetches"),
    [("1814654", 1), (1814654, 1), (None, 1), ("soon", 1), ("0", 3), ("-5", 3)],
)
def test_a_token_is_kept_until_it_expires(
    expires_in: Any,
    fetches: int,
    server: responses.RequestsMock,
    powerschool: PowerSchool,
) -> None:
    server.replace("POST", TOKEN, json={"access_token": "t", "expires_in": expires_in})
    server.get(METADATA, json={"metadata": {}})
    for _ in range(3):
        read(powerschool)
    assert token_calls(server) == fetches


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, INVALID_CLIENT, CredentialsRefused),
        (401, "", CredentialsRefused),
        (400, INVALID_CLIENT, CredentialsRefused),
        (400, {"error": "invalid_request"}, Rejected),
        (404, "<html>no such page</html>", NotFound),
        (500, "", ServerError),
        (503, "", Throttled),
        (200, "<html>welcome</html>", MalformedAnswer),
        (200, {"token_type": "Bearer"}, MalformedAnswer),
        (200, {"access_token": "two\r\nlines"}, MalformedAnswer),
        (200, {"access_token": ""}, MalformedAnswer),
        (200, "x" * 70_000, MalformedAnswer),
    ],
)
def test_without_a_token_nothing_is_written_and_nothing_ambiguous(
    *,
    status: int,
    body: Any,
    kind: type[PowerSchoolError],
    server: responses.RequestsMock,
    powerschool: PowerSchool,
) -> None:
    content = {"body": body} if isinstance(body, str) else {"json": body}
    server.replace("POST", TOKEN, status=status, **content)
    with pytest.raises(PowerSchoolError) as caught:
        powerschool.write_daily(RECORD, deadline=Deadline.after(5))
    assert type(caught.value) is kind
    assert not caught.value.is_ambiguous
    assert len(server.calls) == 1


def test_a_refused_secret_does_not_appear_in_the_error(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    echo = {"error": "invalid_client", "error_description": "very-secret-2 is wrong"}
    server.replace("POST", TOKEN, status=401, json=echo)
    with pytest.raises(CredentialsRefused) as caught:
        read(powerschool)
    assert "very-secret-2" not in str(caught.value) + caught.value.excerpt


def test_an_expired_token_is_replaced_and_the_write_repeated_once(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.post(DAILY, status=401, headers={"WWW-Authenticate": EXPIRED})
    server.post(DAILY, json=WRITTEN)
    result = powerschool.write_daily(RECORD, deadline=Deadline.after(5))
    assert result.action == "INSERT"
    assert token_calls(server) == 2


def test_a_new_token_refused_as_well_is_an_error(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    refused = server.get(METADATA, status=401, headers={"WWW-Authenticate": EXPIRED})
    with pytest.raises(TokenRefused):
        read(powerschool)
    assert refused.call_count == 2
    assert token_calls(server) == 2


def test_missing_v1_access_asks_for_no_new_token(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    message = "Plugin is missing required accessLevelV1Api READ permission"
    server.get(METADATA, status=401, json={"errorMessage": {"message": message}})
    with pytest.raises(V1AccessMissing):
        read(powerschool)
    assert token_calls(server) == 1


def answer(talk: Conversation) -> None:
    talk.send(whole(b'{"metadata":{}}'))


def test_many_threads_share_one_fetch(raw_server: Start, client_of: ClientOf) -> None:
    def slow_token(talk: Conversation) -> None:
        talk.server.is_stopping.wait(0.1)
        talk.send(whole(b'{"access_token":"token-3","expires_in":"100"}'))

    server = raw_server(answer, token=slow_token)
    client = client_of(server.url)
    with ThreadPoolExecutor(32) as threads:
        list(threads.map(lambda _: read(client), range(32)))
    assert server.count(b"/oauth/") == 1
    assert server.count(b"/ws/v1/metadata") == 32


def test_threads_with_one_refused_token_replace_it_once(
    raw_server: Start, client_of: ClientOf
) -> None:
    everyone = threading.Barrier(8)

    def numbered_token(talk: Conversation) -> None:
        number = talk.server.count(b"/oauth/")
        talk.send(whole(b'{"access_token":"number-%d","expires_in":"9"}' % number))

    def refuse_first(talk: Conversation) -> None:
        if b"Bearer number-1\r\n" in talk.request:
            everyone.wait(5)
            talk.send(whole(b"", b"HTTP/1.1 401 No\r\n"))
        else:
            answer(talk)

    server = raw_server(refuse_first, token=numbered_token)
    client = client_of(server.url)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: read(client), range(8)))
    assert server.count(b"/oauth/") == 2


def test_waiting_threads_share_a_refusal(
    raw_server: Start, client_of: ClientOf
) -> None:
    def refuse(talk: Conversation) -> None:
        talk.server.is_stopping.wait(0.2)
        talk.send(whole(b'{"error":"invalid_client"}', b"HTTP/1.1 401 No\r\n"))

    def attempt(_number: int) -> type[Exception]:
        with pytest.raises(CredentialsRefused) as caught:
            read(client)
        return caught.type

    server = raw_server(answer, token=refuse)
    client = client_of(server.url)
    with ThreadPoolExecutor(16) as threads:
        kinds = set(threads.map(attempt, range(16)))
    assert kinds == {CredentialsRefused}
    assert server.count(b"/oauth/") == 1


def test_a_thread_with_more_time_fetches_after_one_that_ran_out(
    raw_server: Start, client_of: ClientOf
) -> None:
    is_asked = threading.Event()

    def slow_once(talk: Conversation) -> None:
        is_asked.set()
        if talk.server.count(b"/oauth/") == 1:
            talk.server.is_stopping.wait(0.3)
        talk.send(whole(b'{"access_token":"token-3","expires_in":"100"}'))

    client = client_of(raw_server(answer, token=slow_once).url)
    with ThreadPoolExecutor(2) as threads:
        hurried = threads.submit(read, client, 0.15)
        assert is_asked.wait(2)
        patient = threads.submit(read, client, 5)
        assert isinstance(hurried.exception(), PowerSchoolError)
        assert patient.result().plugin_id is None


def test_a_thread_waits_for_a_token_no_longer_than_its_deadline(
    raw_server: Start, client_of: ClientOf
) -> None:
    is_asked = threading.Event()

    def never(talk: Conversation) -> None:
        is_asked.set()
        talk.server.is_stopping.wait(0.5)

    client = client_of(raw_server(answer, token=never).url)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(read, client, 0.5)
        assert is_asked.wait(2)
        with pytest.raises(NotSent, match="wait for a token"):
            read(client, 0.1)
        assert isinstance(first.exception(), PowerSchoolError)
