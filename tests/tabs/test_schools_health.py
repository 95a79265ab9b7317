"""School Building Setup: how each school is doing, in so many queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import NOW, Cast, make_school
from tests.owed import owe, status_of
from vmps.db import database
from vmps.models import EventType, Reason, School, User, Writeback

from .conftest import Watch, connect
from .setup_form import URL, row, save
from .visitor import Page, Visitor

HELD = {"status": "not_sent", "cause": "school_disabled"}


@pytest.fixture
def alice(cast: Cast, browse: Callable[[User], Visitor]) -> Visitor:
    connect(cast.oakwood)
    return browse(cast.alice)


def links(page: Page, school: School) -> dict[str, str]:
    """Return the addresses of a school's health by their words."""
    found = page.all(f"#schools-row-{school.id} .health a")
    return {" ".join(tag.get_text(" ").split()): str(tag["href"]) for tag in found}


def test_the_last_success_is_the_newest_of_the_school(
    cast: Cast, alice: Visitor
) -> None:
    first, second, _ = cast.schools.values()
    for minutes in (50, 2, 30):
        at = NOW - timedelta(minutes=minutes)
        owe(first, status="successful", settled_at=at)
    page = alice.get(URL)
    assert "Last success 2 min ago" in row(page, first)
    assert "No success in the last 30 days" in row(page, second)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        ({"seconds": 20}, "Last success just now"),
        ({"hours": 5}, "Last success 5 h ago"),
        ({"days": 3}, "Last success Nov 20, 2026, 8:14 AM CST"),
        ({"days": 40}, "No success in the last 30 days"),
    ],
)
def test_how_long_ago_is_said_in_words(
    cast: Cast, alice: Visitor, age: dict[str, int], words: str
) -> None:
    at = NOW - timedelta(**age)
    owe(cast.schools["1817"], occurred_at=at, status="successful", settled_at=at)
    assert words in row(alice.get(URL), cast.schools["1817"])


def test_what_waits_and_failed_today_leads_to_the_log(
    cast: Cast, alice: Visitor
) -> None:
    first, second, _ = cast.schools.values()
    owe(first), owe(first)
    owe(first, status="failed", cause="refused")
    owe(first, days_ago=1, status="failed", cause="refused")
    owe(first, status="not_sent", cause="entered_by_hand")
    found = links(alice.get(URL), first)
    log = f"/admin/powerschool/logs/?building={first.id}"
    assert found["2 waiting at School 1817"] == f"{log}&status=pending"
    today = "&from=2026-11-23"
    assert found["1 failed today at School 1817"] == f"{log}&status=failed{today}"
    assert found["1 not sent today at School 1817"] == f"{log}&status=not_sent{today}"
    assert len(links(alice.get(URL), second)) == 1


def test_reasons_are_counted_and_lead_to_student_tracking(
    cast: Cast, alice: Visitor
) -> None:
    first = cast.schools["1817"]
    Reason.create(school=first, type=EventType.LATE_CHECK_IN, label="Overslept")
    found = links(alice.get(URL), first)
    address = found["2 reasons mapped, 1 without a code at School 1817"]
    assert address == f"/admin/tracking/?school={first.id}"


def test_who_set_a_school_up_is_shown(cast: Cast, alice: Visitor) -> None:
    first = cast.schools["1817"]
    save(alice, **{f"mode-{first.id}": "time"})
    words = "Set up Nov 23, 2026, 8:14 AM CST by alice@oakwood.example"
    assert words in row(alice.get(URL), first)


def test_today_s_are_offered_once_the_school_is_enabled(
    cast: Cast, alice: Visitor
) -> None:
    first = cast.schools["1817"]
    School.update(is_enabled=False).where(School.id == first.id).execute()
    held = [owe(first, **HELD) for _ in range(3)]
    owe(first, days_ago=1, **HELD)
    assert not alice.get(URL).words("#schools-held .held")
    save(alice, **{f"enabled-{first.id}": "on"})
    page = alice.get(URL)
    (words,) = page.words("#schools-held .held p")
    assert words.startswith(
        "School 1817: 3 events of today were not sent while this school was disabled."
    )
    assert {status_of(n)[0] for n in held} == {"not_sent"}


def test_sending_them_takes_the_offer_away(cast: Cast, alice: Visitor) -> None:
    first = cast.schools["1817"]
    held = owe(first, **HELD)
    form = alice.get(URL).one("#schools-held form")
    assert alice.post(str(form["action"])).location == URL
    page = alice.get(URL)
    assert page.words("#status p") == ["Sending 1 event of today now."]
    assert status_of(held)[0] == "pending"
    assert not page.all("#schools-held form")
    alice.post(str(form["action"]))
    assert alice.get(URL).words("#status p") == ["There was nothing left to send."]


def test_the_offer_ends_with_the_day(
    cast: Cast, alice: Visitor, browse: Callable[[User], Visitor], watch: Watch
) -> None:
    owe(cast.schools["1817"], **HELD)
    watch.advance(hours=15)
    assert browse(cast.alice).get(URL).all("#schools-held form")
    watch.advance(hours=1)
    assert not browse(cast.alice).get(URL).all("#schools-held form")


def test_without_a_mode_the_offer_asks_for_it_first(cast: Cast, alice: Visitor) -> None:
    first = cast.schools["1817"]
    owe(first, **HELD)
    School.update(mode=None).execute()
    page = alice.get(URL)
    assert "Choose its Attendance Mode" in page.words("#schools-held p")[0]
    assert not page.all("#schools-held form")


def test_other_schools_events_cannot_be_sent(
    cast: Cast, alice: Visitor, browse: Callable[[User], Visitor]
) -> None:
    third = cast.schools["1819"]
    held = owe(third, **HELD)
    for number in (third.id, 2**31 - 1, 2**31, 10**30):
        assert browse(cast.bob).post(f"{URL}{number}/send").status == 404
    assert status_of(held)[0] == "not_sent"


@pytest.fixture
def statements() -> Iterator[list[str]]:
    heard: list[str] = []

    def listen(event: Any) -> None:
        heard.append(event.sql)

    database.query_hooks.append(listen)
    yield heard
    database.query_hooks.remove(listen)


def test_the_page_s_queries_do_not_grow_with_the_schools(
    cast: Cast, alice: Visitor, statements: list[str]
) -> None:
    saved = {"setup_saved_at": NOW, "setup_saved_by": f"user:{cast.alice.id}"}
    School.update(saved).execute()
    owe(cast.schools["1817"], **HELD)
    statements.clear()
    alice.get(URL)
    few = len(statements)
    for n in range(20):
        school = make_school(cast.oakwood, str(2000 + n), **saved)
        owe(school, status="failed"), owe(school, **HELD)
    Writeback.update(settled_at=NOW).execute()
    statements.clear()
    assert len(alice.get(URL).all("tbody tr")) == 23
    assert len(statements) == few <= 13
