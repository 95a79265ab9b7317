"""How far PowerSchool's clock is from ours, by the Date of an answer."""

from datetime import UTC, datetime, timedelta

import pytest
import responses

from vmps.powerschool import Deadline, PowerSchool

from .conftest import BASE

URL = f"{BASE}/ws/v1/metadata"
NOW = datetime(2026, 9, 14, 13, 0, tzinfo=UTC)


def skew(client: PowerSchool, now: datetime | None = NOW) -> float | None:
    soon = Deadline.after(5)
    return client.metadata(deadline=soon, now=now).clock_skew_seconds


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("Mon, 14 Sep 2026 13:00:00 GMT", 0),
        ("Mon, 14 Sep 2026 13:01:30 GMT", 90),
        ("Mon, 14 Sep 2026 12:00:00 GMT", -3600),
        ("Mon, 14 Sep 2026 08:00:00 -0500", 0),
        ("Mon, 14 Sep 2026 13:00:00 -0000", 0),
        ("soon", None),
        ("", None),
        ("Mon, 99 Sep 2026 13:00:00 GMT", None),
    ],
)
def test_the_date_of_an_answer_tells_the_skew(
    header: str,
    seconds: float | None,
    server: responses.RequestsMock,
    powerschool: PowerSchool,
) -> None:
    server.get(URL, json={"metadata": {}}, headers={"Date": header})
    assert skew(powerschool) == seconds


def test_an_answer_without_a_date_tells_none(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.get(URL, json={"metadata": {}})
    assert skew(powerschool) is None


def test_our_clock_is_read_when_the_answer_came(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    ahead = datetime.now(UTC) + timedelta(hours=1)
    header = ahead.strftime("%a, %d %b %Y %H:%M:%S GMT")
    server.get(URL, json={"metadata": {}}, headers={"Date": header})
    assert 3590 < (skew(powerschool, None) or 0) <= 3600
