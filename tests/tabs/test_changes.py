"""Void and Correct: what the pages say beforehand, and what they refuse."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW
from tests.owed import attempt, owe
from vmps.models import EventChange, Reason, School, StudentEvent, Writeback

pytestmark = pytest.mark.usefixtures("connected")
LOGS, CHANGES = "/admin/powerschool/logs/", "/admin/powerschool/changes/"
OTHERS = "What somebody else marked in PowerSchool since then stays."


@pytest.fixture
def late(cast, school, watch):
    """A written late check-in, an hour ago; the school has a second reason."""
    watch.advance(hours=1)
    Reason.create(school=school, type="late_check_in", label="Overslept", code="A")
    row = owe(school, status="successful")
    attempt(row, code="T")
    return row


def event_of(row):
    return StudentEvent.get(StudentEvent.id == row.event_id)


def ask(visitor, row, **typed):
    """Send the correction's form as a browser would; return what comes back."""
    path = f"{CHANGES}{row.id}/correct"
    form = visitor.get(path).form() | typed
    return visitor.post(f"{path}/preview", form)


def ask_on(visitor, row, page):
    """Send the form that came back, and then what it leads to."""
    path = f"{CHANGES}{row.id}/correct"
    return visitor.post(path, visitor.post(f"{path}/preview", page.form()).form())


def foreseen(page):
    return page.words("main form li")


def test_void_says_what_happens_and_does_it(late, bob):
    page = bob.get(f"{LOGS}{late.id}?status=successful")
    link = str(page.one("#logs-void")["href"])
    asked = bob.get(link)
    assert foreseen(asked) == [
        "PowerSchool's T is taken back: the day becomes Present again.", OTHERS,
    ]  # fmt: skip
    form = asked.one("main form")
    done = bob.post(str(form["action"]), asked.form())
    assert (done.status, done.location) == (303, f"{LOGS}{late.id}?status=successful")
    assert event_of(late).voided_at == NOW + timedelta(hours=1)
    assert "The event is void." in bob.get(done.location).words("#status")[0]


def test_a_void_event_is_called_so_everywhere(late, cast, bob):
    bob.post(f"{CHANGES}{late.id}/void", bob.get(f"{CHANGES}{late.id}/void").form())
    listed, page = bob.get(LOGS), bob.get(f"{LOGS}{late.id}")
    assert listed.words(".logs-void") == page.words(".logs-void") == ["Voided"]
    assert "it waits to be taken back" in page.text
    assert page.all("#logs-void, #logs-correct") == []
    assert page.words(".logs-timeline > li > div:nth-child(2)")[-1] == (
        "bob@oakwood.example voided the event."
    )


def test_a_void_is_taken_back_and_the_timeline_tells_it(late, bob):
    path = f"{CHANGES}{late.id}/void"
    bob.post(path, bob.get(path).form())
    page = bob.get(f"{LOGS}{late.id}?status=successful")
    asked = bob.get(str(page.one("#logs-restore")["href"]))
    assert foreseen(asked) == [
        "PowerSchool keeps T; only the comment is brought in line.", OTHERS,
    ]  # fmt: skip
    done = bob.post(str(asked.one("main form")["action"]), asked.form())
    assert (done.status, done.location) == (303, f"{LOGS}{late.id}?status=successful")
    page = bob.get(done.location)
    assert "The event is restored." in page.words("#status")[0]
    assert (page.all(".logs-void, #logs-restore"), event_of(late).voided_at) == (
        [], None,
    )  # fmt: skip
    assert page.words(".logs-timeline > li > div:nth-child(2)")[-2:] == [
        "bob@oakwood.example voided the event.",
        "bob@oakwood.example took the void back: the event counts again.",
    ]
    assert page.one("#logs-void")


def test_what_was_recorded_since_the_void_is_said_instead_of_the_form(late, bob):
    bob.post(f"{CHANGES}{late.id}/void", bob.get(f"{CHANGES}{late.id}/void").form())
    owe(School.get_by_id(late.school_id), student=late.student)
    page = bob.get(f"{CHANGES}{late.id}/restore")
    assert (page.status, "would double it" in page.text) == (422, True)


def test_correct_says_what_happens_before_it_is_done(late, bob):
    page = ask(bob, late, time="08:20", reason="Overslept")
    assert (page.status, foreseen(page)) == (200, [
        "You change the time from 8:14 AM to 8:20 AM and the reason from “Bus late” to"
        " “Overslept”.",
        "PowerSchool's T becomes A.", OTHERS,
    ])  # fmt: skip
    assert EventChange.select().count() == 0
    done = bob.post(str(page.one("main form")["action"]), page.form())
    assert (done.status, done.location) == (303, f"{LOGS}{late.id}")
    event = event_of(late)
    assert (event.occurred_at.minute, event.reason) == (20, "Overslept")
    assert bob.get(done.location).words(".logs-timeline > li > div:nth-child(2)")[
        -1
    ] == (
        "bob@oakwood.example corrected the time from 8:14 AM to 8:20 AM and the reason"
        " from “Bus late” to “Overslept”."
    )


def test_every_change_is_told_with_what_it_said_then(late, bob):
    for clock in ("08:20", "08:25"):
        page = ask(bob, late, time=clock)
        bob.post(f"{CHANGES}{late.id}/correct", page.form())
    told = bob.get(f"{LOGS}{late.id}").words(".logs-timeline > li > div:nth-child(2)")
    assert [text.partition(" corrected ")[2] for text in told[-2:]] == [
        "the time from 8:14 AM to 8:20 AM.", "the time from 8:20 AM to 8:25 AM.",
    ]  # fmt: skip


def test_the_form_shows_what_the_event_says_and_the_school_s_reasons(late, bob):
    page = bob.get(f"{CHANGES}{late.id}/correct")
    assert page.form()["time"] == "08:14"
    assert page.words("option") == ["Bus late (T)", "Overslept (A)"]
    assert page.one("option[selected]")["value"] == "Bus late"


def test_a_reason_the_school_has_no_more_can_stay(late, bob):
    StudentEvent.update(reason="Old words").execute()
    page = bob.get(f"{CHANGES}{late.id}/correct")
    assert page.words("option")[0] == "Old words"
    assert ask(bob, late, time="08:20").status == 200


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Nothing would change"),
        ({"time": "23:59"}, "That time is still to come"),
        ({"time": "soon"}, "Give a time, like 08:14."),
        ({"time": ""}, "Give a time, like 08:14."),
        ({"reason": "Slept"}, "Choose one of the school's reasons."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(late, bob, typed, said):
    for endpoint in ("/correct/preview", "/correct"):
        form = bob.get(f"{CHANGES}{late.id}/correct").form() | typed
        page = bob.post(f"{CHANGES}{late.id}{endpoint}", form)
        assert page.status == 422
        assert said in page.words(".alert-danger")[0]
        for name in typed:
            assert page.one(f"#{name}")["aria-invalid"] == "true"
    assert EventChange.select().count() == 0


def test_a_form_from_before_another_s_change_is_refused(late, bob, alice):
    void, page = bob.get(f"{CHANGES}{late.id}/void"), ask(bob, late, time="08:20")
    alice.post(f"{CHANGES}{late.id}/correct", ask(alice, late, time="08:25").form())
    refused = bob.post(f"{CHANGES}{late.id}/correct", page.form())
    assert (refused.status, refused.words(".alert-danger li")) == (
        422,
        [
            "Somebody changed this event while you were here; nothing of yours was"
            " saved. Look at it again."
        ],
    )
    assert "8:25 AM" in refused.words("#changes-correct > p")[0]
    assert ask_on(bob, late, refused).status == 303
    assert bob.post(f"{CHANGES}{late.id}/void", void.form()).status == 422
    assert event_of(late).occurred_at.minute == 20


def test_an_hour_that_comes_twice_is_explained(cast, school, watch, bob):
    row = owe(school, occurred_at=NOW - timedelta(days=22))
    page = bob.get(f"{CHANGES}{row.id}/correct")
    assert "the first is meant" in page.text
    assert (
        "the first is meant" not in bob.get(f"{CHANGES}{owe(school).id}/correct").text
    )


def test_what_is_too_old_has_no_buttons_and_is_refused(cast, school, bob):
    row = owe(school, days_ago=31)
    assert bob.get(f"{LOGS}{row.id}").all("#logs-void, #logs-correct") == []
    page = bob.get(f"{CHANGES}{row.id}/void")
    assert (page.status, "30 days old" in page.text) == (422, True)


@pytest.mark.parametrize("action", ["void", "restore", "correct", "correct/preview"])
def test_a_stranger_s_event_is_not_found(cast, bob, action):
    for row in (owe(cast.birch_school), owe(cast.schools["1819"])):
        path = f"{CHANGES}{row.id}/{action}"
        assert (bob.get(path).status, bob.post(path).status) == (404, 404)
    assert EventChange.select().count() == 0


def test_a_preview_opened_as_a_page_leads_to_the_form(late, bob):
    page = bob.get(f"{CHANGES}{late.id}/correct/preview?status=failed")
    assert page.location == f"{CHANGES}{late.id}/correct?status=failed"


def test_names_and_reasons_are_only_text(cast, school, watch, bob):
    bad = "<script>alert(1)</script>"
    row = owe(school, first_name=bad, reason=bad)
    for page in ("void", "correct"):
        found = bob.get(f"{CHANGES}{row.id}/{page}")
        assert (found.all("main script"), bad in found.text) == ([], True)


def test_a_disabled_school_s_event_is_said_not_to_be_sent(late, bob):
    School.update(is_enabled=False).execute()
    assert foreseen(bob.get(f"{CHANGES}{late.id}/void")) == [
        "The school is disabled, so nothing is sent: if PowerSchool holds this event,"
        " take it out there by hand.",
    ]


def test_what_was_entered_by_hand_and_voided_is_left_to_a_person(late, bob):
    Writeback.update(status="not_sent", cause="entered_by_hand").execute()
    bob.post(f"{CHANGES}{late.id}/void", bob.get(f"{CHANGES}{late.id}/void").form())
    page = bob.get(f"{LOGS}{late.id}")
    assert page.all("#logs-retry, #logs-by-hand") == []
    assert "was entered by hand, so nothing is written" in page.text
    assert "is disabled" not in page.text


def test_what_was_entered_by_hand_is_said_to_be_a_person_s(late, bob):
    Writeback.update(status="not_sent", cause="entered_by_hand").execute()
    assert (
        "nothing is written for it" in foreseen(bob.get(f"{CHANGES}{late.id}/void"))[0]
    )
    assert "nothing is written for it" in foreseen(ask(bob, late, time="08:20"))[1]
