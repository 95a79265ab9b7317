"""Who may come in: every request that cannot be shown to be the kiosk's is 401."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.cast import NOW, Oakwood
from vmps.models import StudentEvent

from .desk import PROBLEM_KEYS, Desk, late, sign

BODY = json.dumps(late()).encode()
OTHER_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
TIMESTAMP = str(int(NOW.timestamp()))
GOOD = sign(BODY, "evt_a")["webhook-signature"]


def refused(desk: Desk, body: bytes = BODY, **changed: str | None) -> bool:
    """Tell whether a signed request with these headers changed is a 401."""
    headers = {**sign(BODY, "evt_a")}
    for name, value in changed.items():
        key = f"webhook-{name}"
        headers.pop(key)
        if value is not None:
            headers[key] = value
    answer = desk.post(body, headers)
    assert answer.status_code != 401 or set(answer.get_json()) == PROBLEM_KEYS
    return answer.status_code == 401 and not StudentEvent.select().exists()


@pytest.mark.parametrize("name", ["id", "timestamp", "signature"])
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_header_is_401(desk: Desk, name: str, value: str | None) -> None:
    assert refused(desk, **{name: value})


@pytest.mark.parametrize(
    "signature",
    [
        "v1",
        "v1,",
        ",",
        " ",
        "v1,!!!not base64!!!",
        "v1,YWJj",
        "v1,Zm9v=",
        GOOD.removeprefix("v1,"),
        GOOD.replace("v1,", "v2,"),
        GOOD.replace("v1,", "v1a,"),
        GOOD.replace("v1,", "V1,"),
        GOOD.replace("v1,", "v1,v1,"),
        GOOD.rstrip("="),
        GOOD + "=",
        GOOD.lower(),
        f"{GOOD},x",
        f"{GOOD};{GOOD}",
        "v1,é",
        "\xff\xfe",
        "v1," + "A" * 8000,
        " ".join(["v1,YWJj"] * 500),
    ],
)
def test_a_signature_that_is_not_ours_is_401(desk: Desk, signature: str) -> None:
    assert refused(desk, signature=signature)


@pytest.mark.parametrize(
    "timestamp",
    [
        f"{TIMESTAMP}.9",
        f"{TIMESTAMP}.0",
        "123.9",
        "NaN",
        "inf",
        "-1",
        f"-{TIMESTAMP}",
        f"+{TIMESTAMP}",
        "0",
        "99999999999",
        "9" * 400,
        "1e9",
        "0x10",
        "1_764_000",
        "٣٤٥",
        "²",
        "now",
        NOW.isoformat(),
        "\xff",
    ],
)
def test_a_timestamp_that_is_no_whole_second_of_now_is_401(
    desk: Desk, timestamp: str
) -> None:
    assert refused(desk, timestamp=timestamp.encode().decode("latin-1"))


@pytest.mark.parametrize("seconds", [-300, -299, 0, 299, 300])
def test_five_minutes_off_are_fine(desk: Desk, seconds: int) -> None:
    headers = sign(BODY, "evt_a", NOW + timedelta(seconds=seconds))
    assert desk.post(BODY, headers).status_code == 202


@pytest.mark.parametrize("seconds", [-86400, -301, 301, 86400])
def test_more_than_five_minutes_off_is_401(desk: Desk, seconds: int) -> None:
    headers = sign(BODY, "evt_a", NOW + timedelta(seconds=seconds))
    answer = desk.post(BODY, headers)
    assert answer.status_code == 401
    assert answer.get_json()["detail"] == (
        "webhook-timestamp is more than 5 minutes off."
    )


def test_one_right_signature_of_several_is_enough(desk: Desk) -> None:
    other = sign(BODY, "evt_a", secret=OTHER_SECRET)["webhook-signature"]
    headers = {**sign(BODY, "evt_a")}
    headers["webhook-signature"] = f"v1a,abc {other} v1 {GOOD} v1,é"
    assert desk.post(BODY, headers).status_code == 202


def test_another_secret_is_401(desk: Desk) -> None:
    assert desk.post(BODY, sign(BODY, "evt_a", secret=OTHER_SECRET)).status_code == 401


def test_a_signature_is_for_its_id_time_and_body_only(desk: Desk) -> None:
    assert refused(desk, id="evt_b")
    assert refused(desk, timestamp=str(int(TIMESTAMP) + 1))
    assert refused(desk, body=BODY + b" ")


@pytest.mark.parametrize("body", [b"\xff\xfe{}", b"\xed\xa0\x80", b"\x80", BODY[:-1]])
def test_a_body_that_was_not_signed_is_401(desk: Desk, body: bytes) -> None:
    assert refused(desk, body=body)


@pytest.mark.parametrize(
    "kiosk",
    ["ksk_unknown", "ksk_OAKWOOD", "ksk_oakwood%00", "%00", "%ff", "é", "k" * 4000],
)
def test_an_unknown_kiosk_is_401(desk: Desk, kiosk: str) -> None:
    stranger = Desk(desk.app, kiosk, clock=desk.clock)
    answer = stranger.post(BODY, sign(BODY, "evt_a"))
    assert answer.status_code == 401


def test_a_disabled_kiosk_is_401_and_nothing_is_stored(
    desk: Desk, oakwood: Oakwood
) -> None:
    oakwood.kiosk.is_disabled = True
    oakwood.kiosk.save()
    assert desk.send(late()).status_code == 401
    assert not StudentEvent.select().exists()
