"""Taking a void back: what is taken, what is refused, and what becomes of it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.cast import NOW, Oakwood, make_oakwood, make_school
from tests.owed import attempt
from tests.threads import at_once
from vmps.models import (
    AuditEntry,
    EventChange,
    EventType,
    School,
    StudentEvent,
    Writeback,
)
from vmps.services.ask_change import ask_restore
from vmps.services.change_event import find_owed, state_of
from vmps.services.correct import correct_event
from vmps.services.corrections import load_corrections
from vmps.services.enter_by_hand import enter_by_hand
from vmps.services.happenings import list_changes, was_void
from vmps.services.problems import Missing, Problem
from vmps.services.restore import restore_event
from vmps.services.void import void_event

pytestmark = pytest.mark.usefixtures("settings")
VOIDED, LATER = NOW + timedelta(minutes=6), NOW + timedelta(minutes=9)
HAND = {"status": "not_sent", "cause": "entered_by_hand"}


@pytest.fixture
def oakwood(settings: object) -> Oakwood:
    """Oakwood with one written event, number 1."""
    found = make_oakwood()
    found.report()
    attempt(Writeback.get(), code="T")
    Writeback.update(status="successful", settled_at=NOW).execute()
    return found


def void(event=1, now=VOIDED):
    void_event(event, actor="user:7", now=now)


def restore(event=1, **given):
    restore_event(event, **({"actor": "user:7", "now": LATER} | given))
    return StudentEvent.get_by_id(event)


def owed(event=1):
    row = Writeback.get(Writeback.event == event)
    return row.status, row.cause


def foreseen():
    return ask_restore(1, now=LATER).foreseen[0]


def test_a_restored_event_counts_and_is_queued_with_its_72_hours_anew(oakwood):
    void()
    assert restore().voided_at is None
    row = Writeback.get()
    assert (row.status, row.cause, row.revision) == ("pending", None, 2)
    assert row.give_up_at == LATER + timedelta(hours=72)


def test_void_and_restore_both_stay_known(oakwood):
    void()
    restore()
    kept = [(c.at, c.is_void, c.was_voided_at) for c in list_changes(1)]
    assert kept == [(VOIDED, True, None), (LATER, False, VOIDED)]
    noted = [(e.action, e.actor, json.loads(e.detail)) for e in AuditEntry.select()]
    assert noted == [
        ("event.voided", "user:7", {"event": 1}),
        ("event.restored", "user:7", {"event": 1}),
    ]


def test_it_can_be_voided_corrected_and_restored_again(oakwood):
    void()
    restore()
    correct_event(1, occurred_at=VOIDED, actor="user:7", now=LATER)
    void(now=LATER)
    assert restore(now=LATER + timedelta(minutes=1)).occurred_at == VOIDED


def test_a_restore_is_no_correction(oakwood):
    void()
    restore()
    assert load_corrections([1]) == {}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"seen": "9"}, "Somebody changed this event"),
        ({"now": NOW + timedelta(days=31)}, "30 days old"),
    ],
)
def test_what_cannot_be_restored_is_refused_in_words(oakwood, given, said):
    void()
    with pytest.raises(Problem, match=said):
        restore(**given)
    assert EventChange.select().count() == 1


def test_what_is_not_void_is_not_restored(oakwood):
    with pytest.raises(Problem, match="not void"):
        restore()
    with pytest.raises(Missing):
        restore(99)


def test_of_two_presses_one_counts(oakwood):
    void()
    seen = state_of(find_owed(1))
    restore(seen=seen)
    with pytest.raises(Problem, match="Somebody changed"):
        restore(seen=seen)


@pytest.mark.parametrize("minutes", [-4, 0, 4])
def test_what_was_recorded_since_is_not_doubled(oakwood, minutes):
    void()
    again = oakwood.report(
        external_id="again", occurred_at=NOW + timedelta(minutes=minutes)
    )
    assert again.answer == "accepted"
    with pytest.raises(Problem) as refused:
        restore()
    at = f"8:{14 + minutes} AM"
    assert refused.value.message == (
        f"Another Late Check-in of the student is recorded at {at}: restored, this one"
        " would double it. Nothing was changed. If this one is right, void that one"
        " first."
    )
    void(again.event)
    assert restore().voided_at is None


def test_what_another_school_recorded_is_told_without_its_time(oakwood):
    void()
    again = oakwood.report(external_id="b", occurred_at=NOW + timedelta(minutes=4))
    elsewhere = make_school(oakwood.district, "1900")
    for model in (StudentEvent, Writeback):
        mine = model.id if model is StudentEvent else model.event
        model.update(school=elsewhere).where(mine == again.event).execute()
    with pytest.raises(Problem, match="recorded at another school") as refused:
        restore()
    assert "AM" not in refused.value.message


def test_one_of_the_other_type_in_between_makes_it_another_event(oakwood):
    out = {"type": EventType.EARLY_CHECK_OUT, "reason": "Dentist"}
    void()
    oakwood.report(external_id="out", occurred_at=NOW + timedelta(minutes=2), **out)
    oakwood.report(external_id="in", occurred_at=NOW + timedelta(minutes=4))
    assert restore().voided_at is None


def test_another_day_or_student_doubles_nothing(oakwood):
    void()
    oakwood.report(external_id="sunday", occurred_at=NOW - timedelta(days=1))
    oakwood.report(1)
    assert restore().voided_at is None


def test_the_kiosk_s_repeat_is_known_as_before(oakwood):
    void()
    restore()
    assert oakwood.report().answer == "duplicate"
    later = oakwood.report(external_id="b", occurred_at=LATER)
    assert (later.answer, later.event) == ("already_recorded", 1)


def test_a_kiosk_at_the_same_moment_does_not_double_it(oakwood):
    void()

    def work(number: int) -> str:
        if number:
            return str(oakwood.report(external_id="b", occurred_at=LATER).answer)
        try:
            restore()
        except Problem:
            return "refused"
        return "restored"

    assert at_once(work, 2) in (
        ["restored", "already_recorded"], ["refused", "accepted"],
    )  # fmt: skip


def test_what_was_entered_by_hand_before_is_still_a_person_s(oakwood):
    Writeback.update(status="failed").execute()
    enter_by_hand(1, actor="user:7", now=NOW)
    void()
    assert "make sure that PowerSchool holds it" in foreseen()
    restore()
    assert owed() == ("not_sent", "entered_by_hand")


def test_the_day_s_others_are_planned_with_it_again(oakwood):
    out = {"type": EventType.EARLY_CHECK_OUT, "reason": "Dentist"}
    other = oakwood.report(
        external_id="out", occurred_at=NOW - timedelta(minutes=4), **out
    ).event
    Writeback.update(status="successful").where(Writeback.event == other).execute()
    Writeback.update(**HAND, settled_at=NOW).where(Writeback.event == 1).execute()
    void()
    restore()
    assert owed(other) == ("pending", None)


def test_what_was_taken_back_by_hand_is_sent_again(oakwood):
    void()
    Writeback.update(status="failed").execute()
    enter_by_hand(1, actor="user:7", now=VOIDED)
    assert foreseen() == "PowerSchool keeps T; only the comment is brought in line."
    restore()
    assert owed() == ("pending", None)
    event, changes = StudentEvent.get(), list_changes(1)
    assert [was_void(event, changes, at) for at in (NOW, VOIDED, LATER)] == [
        False, True, False,
    ]  # fmt: skip


def test_what_a_restore_does_is_said_before(oakwood):
    void()
    attempt(Writeback.get(), code="", outcome="voided")
    assert foreseen() == "PowerSchool gets T."
    School.update(is_enabled=False).execute()
    assert foreseen() == (
        "The school is disabled, so nothing is sent: if PowerSchool does not hold this"
        " event any more, enter it there by hand."
    )


def test_one_that_was_never_sent_is_sent(oakwood):
    Writeback.update(status="not_sent", cause="school_disabled").execute()
    void()
    Writeback.update(status="not_sent", cause="school_disabled").execute()
    restore()
    assert owed() == ("pending", None)
