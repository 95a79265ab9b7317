"""A morning at Oakwood after which the log shows every ending an event can have."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from peewee import fn

from tests.browser.product import EARLY, LATE, NO_CODE, SEED, Product
from vmps.models import Cause, Connection, School, Status, Writeback

ZONE = ZoneInfo("America/Chicago")
SUSPENDED = 9
#: Minutes after 8:04, which student of the seed, why, and what happened.
EVENTS = (
    (0, 0, "Bus late", LATE),
    (2, 3, "Bus late", LATE),
    (5, 6, NO_CODE, LATE),
    (7, SUSPENDED, "Bus late", LATE),
    (9, 1, "Bus late", LATE),
    (12, 2, "Bus late", LATE),
    (14, 15, "Bus late", LATE),
    (21, 18, "Bus late", LATE),
    (118, 12, "Dentist", EARLY),
    (143, 21, "Dentist", EARLY),
)


def connect(product: Product) -> None:
    """Save the connection as Alice would."""
    Connection.create(
        district=product.cast.oakwood,
        base_url=product.simulator.url,
        client_id=SEED["client_id"],
        client_secret_token=Connection.seal(SEED["client_secret"]),
    )


def have_a_morning(product: Product) -> None:
    """Send events that succeed, fail for two causes, wait, and are not sent.

    Students of the seed take turns: 0 goes to 1817, 1 to 1818, 2 to 1819, 3 to 1817.
    """
    *_, third = product.cast.schools.values()
    connect(product)
    _set(third, is_enabled=False)
    begin = last_morning()
    _suspend(product, SUSPENDED, begin)
    for minutes, place, reason, kind in EVENTS:
        at = begin + timedelta(minutes=minutes)
        product.report(place, reason, at=at, type=kind)
    product.settle()
    _delay(begin)


def _delay(begin: datetime) -> None:
    """Let the second event still wait, as after a try that did not get through."""
    Writeback.update(
        status=Status.PENDING,
        cause=Cause.NETWORK,
        due_at=begin + timedelta(days=30),
        settled_at=None,
        tries=1,
    ).where(Writeback.id == Writeback.select(fn.MIN(Writeback.id) + 4)).execute()


def last_morning() -> datetime:
    """Return 8:04 of the last morning that is over at the school."""
    now = datetime.now(ZONE)
    day = now.date() if now.hour >= 11 else now.date() - timedelta(days=1)
    return datetime.combine(day, time(8, 4), ZONE).astimezone(UTC)


def _set(school: School, **changes: object) -> None:
    School.update(**changes).where(School.id == school.id).execute()


def _suspend(product: Product, place: int, at: datetime) -> None:
    """Let a clerk have marked this student as suspended."""
    student = SEED["students"][place]
    product.simulator.put_attendance(
        student["id"],
        int(student["school_number"]),
        str(at.astimezone(ZONE).date()),
        "S",
    )
