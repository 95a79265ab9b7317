"""Requests that are refused as a whole: their size, form, number and kind."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import Oakwood
from vmps.models import StudentEvent
from vmps.services.rate import RateLimit

from .desk import PROBLEM_KEYS, Desk, batch, late, sign

LARGEST = 256 * 1024
URL = "/webhooks/kiosks/ksk_oakwood/events"


def filled(size: int) -> bytes:
    """Return a good event of exactly `size` bytes."""
    body = json.dumps(late()).encode()
    return body + b" " * (size - len(body))


def chunked(desk: Desk, body: bytes) -> TestResponse:
    """Send without a length, as a server hands a chunked body on."""
    return desk.app.test_client().post(
        URL,
        input_stream=io.BytesIO(body),
        headers={**sign(body, "evt_a"), "Transfer-Encoding": "chunked"},
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True},
    )


def test_256_kilobytes_are_taken(desk: Desk) -> None:
    assert desk.send(filled(LARGEST)).status_code == 202


def test_a_byte_more_is_413(desk: Desk) -> None:
    answer = desk.send(filled(LARGEST + 1))
    assert answer.status_code == 413
    assert answer.content_type == "application/problem+json"
    assert set(answer.get_json()) == PROBLEM_KEYS


def test_a_chunked_body_is_taken(desk: Desk) -> None:
    assert chunked(desk, filled(LARGEST)).status_code == 202


def test_a_chunked_body_that_is_too_large_is_413(desk: Desk) -> None:
    answer = chunked(desk, filled(LARGEST + 1))
    assert answer.status_code == 413
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "", "json", "é"]
)
def test_another_content_type_is_415(desk: Desk, content_type: str) -> None:
    body = json.dumps(late()).encode()
    answer = desk.app.test_client().post(
        URL, data=body, headers=sign(body, "a"), content_type=content_type
    )
    assert answer.status_code == 415
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    "content_type",
    ["application/json; charset=utf-8", "Application/JSON", "application/x+json"],
)
def test_json_may_be_named_in_other_ways(desk: Desk, content_type: str) -> None:
    body = json.dumps(late()).encode()
    answer = desk.app.test_client().post(
        URL, data=body, headers=sign(body, "a"), content_type=content_type
    )
    assert answer.status_code == 202


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"5",
        b'"text"',
        b"{}{}",
        b'{"a": ' * 20_000,
        b"[" * 100_000,
        b"1" * 5000,
        b"\x00",
        b'{"type": "student.events"}',
        b'{"type": "student.events", "data": []}',
        b'{"type": "student.events", "data": {"events": {}}}',
        b'{"type": "student.events", "data": {"events": []}}',
    ],
)
def test_a_body_without_an_event_is_400(desk: Desk, body: bytes) -> None:
    answer = desk.send(body)
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert set(answer.get_json()) == PROBLEM_KEYS


def test_501_events_are_400_and_none_is_stored(desk: Desk) -> None:
    small = {"type": "student.late_check_in"}
    answer = desk.send(batch(*[small] * 500, late(id="evt_a")))
    assert answer.status_code == 400
    assert not StudentEvent.select().exists()


def test_another_method_is_405_and_names_the_right_one(desk: Desk) -> None:
    answer = desk.app.test_client().get(URL)
    assert answer.status_code == 405
    assert answer.content_type == "application/problem+json"
    assert "POST" in answer.headers["Allow"]


@pytest.fixture
def config(config: dict[str, Any]) -> dict[str, Any]:
    """One request a second on average; bursts of ten."""
    return {**config, "KIOSK_REQUESTS_PER_SECOND": 1.0}


def test_too_many_requests_are_429_with_a_time_to_wait(desk: Desk) -> None:
    answers = [desk.send(late()) for _ in range(11)]
    assert [answer.status_code for answer in answers[:10]] == [202] * 10
    assert answers[10].status_code == 429
    assert answers[10].content_type == "application/problem+json"
    assert int(answers[10].headers["Retry-After"]) >= 1


def test_a_stranger_cannot_use_up_a_kiosks_requests(desk: Desk) -> None:
    for _ in range(20):
        desk.post(b"{}", sign(b"x", "evt_a"))
    assert desk.send(late()).status_code == 202


def test_the_rate_recovers_and_kiosks_do_not_share_it() -> None:
    rate = RateLimit(2.0)
    assert sum(rate.allows(1, 100.0) for _ in range(30)) == 20
    assert rate.allows(2, 100.0)
    assert [rate.allows(1, 100.5), rate.allows(1, 100.5)] == [True, False]


def test_no_rate_is_no_limit() -> None:
    rate = RateLimit(0)
    assert all(rate.allows(1, 100.0) for _ in range(10_000))


def test_the_address_is_published(app: Flask, oakwood: Oakwood) -> None:
    rules = {rule.rule: rule.methods for rule in app.url_map.iter_rules()}
    assert "POST" in (rules["/webhooks/kiosks/<kiosk_id>/events"] or ())
