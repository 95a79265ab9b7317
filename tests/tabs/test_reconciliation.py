"""Reconciliation: the page."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import OAKWOOD_SEED, Cast, make_student
from tests.owed import owe
from vmps.models import AuditEntry, Connection, Intervention, School, Writeback
from vmps.simulator.control import Simulator

from .conftest import Browse, connect
from .visitor import Page, Visitor

URL = "/admin/powerschool/reconciliation/"


@pytest.fixture
def config(config: dict[str, Any]) -> dict[str, Any]:
    """Short deadlines: a fault need not be waited for long."""
    return config | {"CALL_SECONDS": 1, "ATTEMPT_SECONDS": 3}


@pytest.fixture
def writeback(school: School, simulator: Simulator) -> Writeback:
    """An event that the log calls successful; PowerSchool holds nothing."""
    maria = make_student(school, **OAKWOOD_SEED["students"][0])
    return owe(school, student=maria, reason="Bus late", status="successful")


def compare(visitor: Visitor, school: School, day: str = "2026-11-23") -> Page:
    """Fill the form in and press Compare."""
    form = visitor.get(f"{URL}?school={school.id}").form("#reconciliation-panel form")
    return visitor.post(URL, form | {"day": day})


def test_a_difference_is_shown_and_sent_again_with_one_press(
    bob: Visitor, school: School, writeback: Writeback, simulator: Simulator
) -> None:
    page = compare(bob, school)
    assert page.words("tbody tr > *")[1:5] == ["The day", "Missing", "T", "Present"]
    assert "1 row differs that the log does not explain." in page.text
    assert "A code that somebody put there meanwhile stays" in page.text
    link = page.one("#reconciliation-result a")["href"]
    assert len(bob.get(link).all("#logs-table tbody tr")) == 1
    form = page.form("#reconciliation-result form")
    done = bob.post(f"{URL}{school.id}/resend", form)
    assert "Sending 1 event again now." in done.words("#status")[0]
    assert Writeback.get().status == "pending"
    assert Intervention.get().action == "resent"
    assert AuditEntry.select().where(AuditEntry.action == "writebacks.resent").exists()
    assert simulator.journal() == []


def test_what_is_sent_again_is_compared_again_and_told_to_be_on_its_way(
    bob: Visitor, school: School, writeback: Writeback, simulator: Simulator
) -> None:
    form = compare(bob, school).form("#reconciliation-result form")
    for htmx in (False, True):
        Writeback.update(status="successful").execute()
        done = bob.post(f"{URL}{school.id}/resend", form, htmx=htmx)
        assert (done.status, done.words("#reconciliation-heading")) == (
            200, ["School 1817, Nov 23, 2026"],
        )  # fmt: skip
        assert "1 row is being sent: compare again in a minute." in done.text
        assert done.words("tbody tr > *")[-1] == "Waits to be sent."
        assert done.all("#reconciliation-result form") == []
        assert done.form("#reconciliation-panel form")["day"] == "2026-11-23"


def test_silence_after_sending_again_says_both(
    bob: Visitor, school: School, cast: Cast, writeback: Writeback, simulator: Simulator
) -> None:
    form = compare(bob, school).form("#reconciliation-result form")
    Connection.update(base_url="http://127.0.0.1:9").execute()
    done = bob.post(f"{URL}{school.id}/resend", form)
    assert done.status == 422
    assert "Sending 1 event again now." in done.text
    assert "PowerSchool could not be reached." in done.text
    assert Writeback.get().status == "pending"


def test_what_was_entered_by_hand_and_is_not_there_is_shown(
    bob: Visitor, school: School, writeback: Writeback, simulator: Simulator
) -> None:
    Writeback.update(status="not_sent", cause="entered_by_hand").execute()
    page = compare(bob, school)
    assert page.words("tbody tr > *")[1:] == [
        "The day",
        "Entered by hand, but PowerSchool has nothing",
        "T",
        "Present",
        "Enter it in PowerSchool, or retry the event in the log.",
    ]
    assert page.all("#reconciliation-result form") == []


def test_a_day_without_events_holds_what_it_should(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    assert "PowerSchool holds what it should." in compare(bob, school).text


def test_a_date_that_is_none_is_refused(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    page = compare(bob, school, "yesterday")
    assert page.status == 422
    assert "Give a date." in page.words("#day-error")[0]
    assert page.one("[role=alert][data-focus]")


def test_a_writeback_of_another_school_is_not_resent(
    browse: Browse, cast: Cast, writeback: Writeback, simulator: Simulator
) -> None:
    alice, other = browse(cast.alice), cast.schools["1818"]
    alice.post(f"{URL}{other.id}/resend", {"writeback": str(writeback.id)})
    assert Writeback.get().status == "successful"


def test_powerschool_s_silence_is_told_in_plain_words(
    bob: Visitor, school: School, cast: Cast
) -> None:
    connect(cast.oakwood, base_url="http://127.0.0.1:9")
    page = compare(bob, school)
    assert page.status == 422
    assert "PowerSchool could not be reached." in page.text


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_all_dates_is_a_form_error(
    bob: Visitor, school: School, connected: None, day: str
) -> None:
    assert compare(bob, school, day).status == 422
