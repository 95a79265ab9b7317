"""Outages: how PowerSchool breaks, what people read, what the lane does, what mends it.

Data for a test of each and for the table in docs/failures.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.cast import OAKWOOD_SEED
from vmps.models import Cause
from vmps.powerschool import Credentials, Deadline, NetworkPolicy, PowerSchool
from vmps.simulator.control import Simulator

Change = Callable[[Simulator], object]
SECRET = OAKWOOD_SEED["client_secret"]
NEW_SECRET = "regenerated-secret"  # noqa: S105 a simulator's

MINUTES = 60.0
PROBE = 5 * MINUTES + 1


@dataclass(frozen=True)
class Outage:
    """One way to break, to be undone by `mend`.

    `cause` is why events wait, None where they do not: then `sign` tells from the
    simulator's side that it was broken. `lane` is what waits: the lane, a mode, or
    nothing but the event. After `seconds` it goes on by itself, without them at once,
    `by` a person's deed. So many `events` come before, and as many while it is broken.
    """

    name: str
    break_it: Change
    mend: Change
    cause: Cause | None = None
    lane: str = "goes on"
    seconds: float = 0.0
    by: str = ""
    sign: Change = bool
    before: Change = bool
    events: int = 1


def _settings(**changes: object) -> Change:
    return lambda simulator: simulator.settings(**changes)


def _fault(kind: str, **more: object) -> Change:
    return lambda simulator: simulator.faults([{"kind": kind, "on": "any", **more}])


def _throttle(status: int, *, says_when: bool, interval_ms: int) -> Change:
    return _settings(
        min_interval_ms=interval_ms,
        throttle_status=status,
        throttle_retry_after=says_when,
    )


def _healthy(simulator: Simulator) -> None:
    simulator.faults([])


def _withdraw(table: str, field: str) -> Change:
    return lambda simulator: simulator.withdraw(table, field)


def _refuses(table: str, field: str) -> Change:
    """Tell by the field's access, as the plugin may ask for it."""

    def is_refused(simulator: Simulator) -> bool:
        policy = NetworkPolicy(("127.0.0.0/8",), allow_plain_http=True)
        known = Credentials(OAKWOOD_SEED["client_id"], SECRET)
        with PowerSchool(simulator.url, known, network=policy) as client:
            access = client.field_access(table, deadline=Deadline.after(5))
        return access[field.lower()] == "NoAccess"

    return is_refused


def _restore(simulator: Simulator) -> None:
    simulator.restore_grants()


WHOLE, MODE, EVENT = "paused", "Daily mode paused", "goes on; the event is tried again"

OUTAGES = (
    Outage(
        "The Client Secret is regenerated, and the new one saved in Settings",
        lambda simulator: simulator.change_secret(NEW_SECRET),
        lambda simulator: None,
        Cause.CREDENTIALS_REFUSED,
        WHOLE,
        by="saving the new secret",
    ),
    Outage(
        "The secret is revoked, then given back as it was",
        lambda simulator: simulator.change_secret("revoked"),
        lambda simulator: simulator.change_secret(SECRET),
        Cause.CREDENTIALS_REFUSED,
        WHOLE,
        PROBE,
    ),
    Outage(
        "The plugin is disabled, then enabled",
        _settings(plugin_enabled=False),
        _settings(plugin_enabled=True),
        Cause.CREDENTIALS_REFUSED,
        WHOLE,
        PROBE,
    ),
    Outage(
        "The plugin is enabled again, and somebody tests the connection",
        _settings(plugin_enabled=False),
        _settings(plugin_enabled=True),
        Cause.CREDENTIALS_REFUSED,
        WHOLE,
        by="Test connection",
    ),
    Outage(
        "The access token is revoked",
        lambda simulator: simulator.expire_token(),
        lambda simulator: None,
        sign=lambda simulator: simulator.calls()["token"] == 2,
    ),
    Outage(
        "A field that Daily mode needs is withdrawn, then granted again",
        _withdraw("STUDENTS", "ENROLL_STATUS"),
        _restore,
        Cause.FIELDS_NOT_GRANTED,
        MODE,
        PROBE,
    ),
    Outage(
        "A field that only Meeting mode needs is withdrawn",
        _withdraw("ATTENDANCE", "CCID"),
        _restore,
        sign=_refuses("ATTENDANCE", "CCID"),
    ),
    Outage(
        "A field that only Time mode needs is withdrawn",
        _withdraw("ATTENDANCE", "TOTAL_MINUTES"),
        _restore,
        sign=_refuses("ATTENDANCE", "TOTAL_MINUTES"),
    ),
    Outage(
        "Bell schedules may not be read any more: Daily events of all hours are sent",
        _withdraw("BELL_SCHEDULE_ITEMS", "END_TIME"),
        _restore,
        sign=_refuses("BELL_SCHEDULE_ITEMS", "END_TIME"),
    ),
    Outage(
        "The comment may not be read any more: events go without one",
        _withdraw("ATTENDANCE", "ATT_COMMENT"),
        _restore,
        sign=lambda simulator: not simulator.journal()[-1].get("att_comment"),
    ),
    Outage(
        "PowerSchool is upgraded to 25.3: batches within the hour",
        _settings(version="25.3.0.0"),
        lambda simulator: None,
        before=_settings(version="25.1.0.0"),
        sign=lambda simulator: simulator.calls()["daily_time"] == 16,
        events=8,
    ),
    Outage(
        "PowerSchool is put back to 25.1: a refused batch goes one by one",
        _settings(version="25.1.0.0"),
        lambda simulator: None,
        sign=lambda simulator: simulator.calls()["batch_daily_time"] == 2,
        events=8,
    ),
    Outage(
        "A least interval is set, refused with 429",
        _throttle(429, says_when=False, interval_ms=400),
        _settings(min_interval_ms=0),
        Cause.THROTTLED,
        WHOLE,
        2,
    ),
    Outage(
        "A least interval is set, refused with 509",
        _throttle(509, says_when=False, interval_ms=400),
        _settings(min_interval_ms=0),
        Cause.THROTTLED,
        WHOLE,
        2,
    ),
    Outage(
        "A least interval is set, refused with 503 and Retry-After",
        _throttle(503, says_when=True, interval_ms=60_000),
        _settings(min_interval_ms=0),
        Cause.THROTTLED,
        WHOLE,
        61,
    ),
    Outage(
        "Maintenance: 503 with a web page",
        _fault("html_503"),
        _healthy,
        Cause.THROTTLED,
        WHOLE,
        1,
    ),
    Outage(
        "Maintenance: 200 with a web page",
        _fault("html_page"),
        _healthy,
        Cause.MALFORMED_ANSWER,
        EVENT,
        6,
    ),
    Outage(
        "PowerSchool answers 500",
        _fault("status", status=500),
        _healthy,
        Cause.SERVER_ERROR,
        EVENT,
        6,
    ),
    Outage(
        "PowerSchool does not answer",
        _fault("black_hole"),
        _healthy,
        Cause.TIMED_OUT,
        EVENT,
        6,
    ),
    Outage(
        "The network breaks connections",
        _fault("reset_before"),
        _healthy,
        Cause.NETWORK,
        EVENT,
        6,
    ),
)
