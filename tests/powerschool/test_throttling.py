"""How long we were asked to wait."""

from datetime import UTC, datetime

import pytest
import responses

from vmps.powerschool import Deadline, PowerSchool, Throttled
from vmps.powerschool.throttling import is_about_pace, retry_after

from .conftest import BASE

NOW = datetime(2026, 11, 23, 14, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "message", "seconds"),
    [
        ("7", "", 7.0),
        (" 7 ", "", 7.0),
        ("0", "wait 9 seconds", 0.0),
        ("-5", "", 0.0),
        ("99999999", "", 3600.0),
        ("1e400", "", 3600.0),
        ("nan", "", None),
        ("soon", "", None),
        ("soon", "wait 9 seconds", 9.0),
        ("Mon, 23 Nov 2026 14:00:30 GMT", "", 30.0),
        ("Mon, 23 Nov 2026 14:00:30", "", 30.0),
        ("Mon, 23 Nov 2026 09:01:00 -0500", "", 60.0),
        ("Mon, 23 Nov 2020 14:00:30 GMT", "", 0.0),
        ("Mon, 23 Nov 2099 14:00:30 GMT", "", 3600.0),
        (None, "Please wait 1 second.", 1.0),
        (None, "Wait 1500 ms", 1.5),
        (None, "Wait 1500 milliseconds", 1.5),
        (None, "Wait 2 minutes", 120.0),
        (None, "Wait 0.5s", 0.5),
        (None, "Too many requests", None),
        (None, "", None),
    ],
)
def test_the_wait_comes_from_the_header_or_else_the_message(
    header: str | None, message: str, seconds: float | None
) -> None:
    assert retry_after(header, message, NOW) == seconds


def test_a_throttled_call_says_how_long_to_wait(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    message = {"message": "Too many requests. Please wait 4 seconds."}
    server.get(f"{BASE}/ws/v1/metadata", status=509, json=message)
    with pytest.raises(Throttled) as caught:
        powerschool.metadata(deadline=soon)
    assert caught.value.retry_after == 4.0


def test_a_maintenance_page_is_not_read_for_a_wait(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    page = "<html><body>Reload in 5 seconds</body></html>"
    server.get(f"{BASE}/ws/v1/metadata", status=503, body=page)
    with pytest.raises(Throttled, match="a web page") as caught:
        powerschool.metadata(deadline=soon)
    assert caught.value.retry_after is None
    assert not caught.value.came_too_soon


@pytest.mark.parametrize(
    ("status", "message", "is_pace"),
    [
        (429, "", True),
        (509, "", True),
        (503, "Too many requests. Please wait 1 seconds.", True),
        (503, "", False),
        (503, "The server is down for maintenance.", False),
    ],
)
def test_a_server_that_is_down_says_nothing_of_the_pace(
    status: int, message: str, is_pace: bool
) -> None:
    assert is_about_pace(status, message) is is_pace
