"""Whatever arrives, the answer is one of the published ones: never a 500."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .desk import Desk, batch, early, late, sign

PUBLISHED = {202, 400, 401, 409, 413, 415, 422, 429, 503}
TRIES = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)

#: Any text, halves of surrogate pairs and NULs included.
texts = st.text(st.characters(exclude_categories=()), max_size=40)
#: What a server hands on of a header: bytes read as Latin-1, no line ends.
headers = st.text(
    st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=60
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4)
    ),
    max_leaves=12,
)
moments = st.datetimes(timezones=st.timezones()).map(lambda at: at.isoformat())
fields = st.sampled_from(
    ["student_id", "school_number", "reason", "note", "released_to", "type"]
    + ["timestamp", "id"]
)


@pytest.fixture
def config(config: dict[str, Any]) -> dict[str, Any]:
    """No limit, so that every example reaches the end."""
    return {**config, "KIOSK_REQUESTS_PER_SECOND": 0.0, "KIOSK_CACHE_SECONDS": 60.0}


@TRIES
@given(given_headers=st.tuples(headers, headers, headers), body=st.binary(max_size=80))
def test_any_headers_and_body_are_refused(
    desk: Desk, given_headers: tuple[str, str, str], body: bytes
) -> None:
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    answer = desk.post(body, dict(zip(names, given_headers, strict=True)))
    assert answer.status_code == 401


@TRIES
@given(name=st.sampled_from(["id", "timestamp", "signature"]), value=headers)
def test_a_good_request_with_any_one_header_is_answered(
    desk: Desk, name: str, value: str
) -> None:
    body = json.dumps(late()).encode()
    answer = desk.post(body, {**sign(body, "evt_a"), f"webhook-{name}": value})
    assert answer.status_code in {202, 401}


@TRIES
@given(payload=anything)
def test_any_signed_json_is_answered(desk: Desk, payload: object) -> None:
    assert desk.send(payload).status_code in PUBLISHED


@TRIES
@given(body=st.text(max_size=60))
def test_any_signed_text_is_answered(desk: Desk, body: str) -> None:
    assert desk.send(body.encode()).status_code in PUBLISHED


@TRIES
@given(name=fields, value=anything | moments | texts)
def test_any_value_of_any_field_is_answered(
    desk: Desk, name: str, value: object
) -> None:
    assert desk.send(late(**{name: value})).status_code in PUBLISHED


@TRIES
@given(
    events=st.lists(
        anything
        | st.builds(lambda n, v: late(**{"id": "evt", n: v}), fields, anything | texts)
        | st.builds(lambda i: early(id=i), texts),
        max_size=6,
    )
)
def test_any_batch_is_answered_item_by_item(desk: Desk, events: list[object]) -> None:
    answer = desk.send(batch(*events))
    if not events:
        assert answer.status_code == 400
        return
    assert answer.status_code == 202
    assert len(answer.get_json()["results"]) == len(events)
