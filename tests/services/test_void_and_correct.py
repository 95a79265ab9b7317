"""Voiding and correcting: what is taken, what is refused, and what is kept of it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.cast import NOW, Oakwood, make_oakwood
from tests.threads import at_once
from vmps.models import (
    AuditEntry,
    EventChange,
    EventType,
    Reason,
    School,
    StudentEvent,
    Writeback,
)
from vmps.services.change_event import find_owed, state_of
from vmps.services.correct import correct_event, moment_at
from vmps.services.enter_by_hand import enter_by_hand
from vmps.services.problems import Invalid, Missing, Problem
from vmps.services.retry import retry_writebacks
from vmps.services.void import void_event

pytestmark = pytest.mark.usefixtures("settings")
LATER = NOW + timedelta(minutes=6)
CHICAGO = ZoneInfo("America/Chicago")


@pytest.fixture
def oakwood(settings: object) -> Oakwood:
    """Oakwood with one successful event, number 1, and a second reason."""
    found = make_oakwood()
    found.report()
    Writeback.update(status="successful", settled_at=NOW).execute()
    late = {"school": found.school, "type": EventType.LATE_CHECK_IN}
    Reason.create(**late, label="Overslept", code="TE")
    Reason.create(**late, label="Unmapped", code=None)
    Reason.create(**late, label="Hidden", code="T", is_hidden=True)
    return found


def correct(**given):
    more = {"actor": "user:7", "now": LATER} | given
    correct_event(1, **more)
    return StudentEvent.get_by_id(1)


def void(**given):
    void_event(1, **({"actor": "user:7", "now": LATER} | given))
    return StudentEvent.get_by_id(1)


def changes():
    return [
        (c.actor, c.at, c.is_void, c.was_occurred_at, c.was_reason)
        for c in EventChange.select().order_by(EventChange.id)
    ]


def owed():
    row = Writeback.get_by_id(1)
    return row.status, row.cause, row.revision


def test_a_void_is_kept_with_what_the_event_said_and_queued(oakwood):
    assert void().voided_at == LATER
    assert changes() == [("user:7", LATER, True, NOW, "Bus late")]
    assert owed() == ("pending", None, 1)


def test_a_correction_is_kept_with_what_the_event_said_and_queued(oakwood):
    event = correct(occurred_at=LATER, reason="overslept ")
    assert (event.occurred_at, event.reason) == (LATER, "Overslept")
    assert changes() == [("user:7", LATER, False, NOW, "Bus late")]
    assert owed() == ("pending", None, 1)


def test_both_are_in_the_audit_trail_with_ids_only(oakwood):
    correct(reason="Overslept")
    void()
    noted = [(e.action, e.actor, json.loads(e.detail)) for e in AuditEntry.select()]
    assert noted == [
        ("event.corrected", "user:7", {"event": 1}),
        ("event.voided", "user:7", {"event": 1}),
    ]


@pytest.mark.parametrize("status", ["failed", "pending"])
def test_what_failed_or_waits_goes_on_with_its_72_hours_anew(oakwood, status):
    Writeback.update(status=status, cause="refused", tries=3).execute()
    correct(reason="Overslept")
    row = Writeback.get()
    assert (row.status, row.cause, row.tries) == ("pending", None, 0)
    assert row.give_up_at == LATER + timedelta(hours=72)


def test_what_was_not_sent_is_not_sent_by_a_correction(oakwood):
    Writeback.update(status="not_sent", cause="school_disabled").execute()
    correct(reason="Overslept")
    assert owed() == ("not_sent", "school_disabled", 0)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Nothing would change"),
        ({"occurred_at": NOW, "reason": "BUS LATE"}, "Nothing would change"),
        ({"occurred_at": NOW + timedelta(hours=16)}, "the same school day"),
        ({"occurred_at": NOW - timedelta(hours=9)}, "the same school day"),
        ({"occurred_at": LATER + timedelta(minutes=6)}, "still to come"),
        ({"reason": "Dentist"}, "one of the school's reasons"),
        ({"reason": "Unmapped"}, "one of the school's reasons"),
        ({"reason": "Hidden"}, "one of the school's reasons"),
        ({"reason": ""}, "one of the school's reasons"),
        ({"reason": "Overslept", "seen": "9"}, "Somebody changed this event"),
        ({"reason": "Overslept", "now": NOW + timedelta(days=31)}, "30 days old"),
    ],
)
def test_a_correction_is_refused_in_words_and_changes_nothing(oakwood, given, said):
    with pytest.raises(Problem, match=said):
        correct(**given)
    assert changes() == []
    assert owed() == ("successful", None, 0)


def test_a_disabled_school_takes_its_own_and_the_default_reasons(oakwood):
    School.update(is_enabled=False).execute()
    assert correct(reason="Unmapped").reason == "Unmapped"
    assert correct(reason="Transport").reason == "Transport"


def test_a_void_event_is_neither_voided_nor_corrected(oakwood):
    void()
    for again in (void, lambda: correct(reason="Overslept")):
        with pytest.raises(Problem, match="void already"):
            again()
    assert len(changes()) == 1


def test_an_unknown_event_is_missing(oakwood):
    with pytest.raises(Missing):
        void_event(99, actor="user:7", now=NOW)
    with pytest.raises(Missing):
        correct_event(99, reason="Overslept", actor="user:7", now=NOW)


def test_an_event_of_31_days_ago_is_not_voided(oakwood):
    with pytest.raises(Problem, match="30 days old"):
        void(now=NOW + timedelta(days=30, minutes=1))


def test_of_two_forms_of_the_same_moment_the_first_one_counts(oakwood):
    seen = state_of(find_owed(1))

    def send(number: int) -> str:
        try:
            correct(occurred_at=NOW + timedelta(minutes=number + 1), seen=seen)
        except Problem as problem:
            return problem.message
        return ""

    said = at_once(send, 3)
    assert sorted(map(bool, said)) == [False, True, True]
    assert len(changes()) == 1


def test_a_form_from_before_it_was_entered_by_hand_is_refused(oakwood):
    Writeback.update(status="failed").execute()
    seen = state_of(find_owed(1))
    enter_by_hand(1, actor="user:8", now=NOW)
    with pytest.raises(Problem, match="Somebody changed"):
        void(seen=seen)


@pytest.fixture
def by_hand(oakwood):
    """The event entered by hand, standing for an earlier one of the same day."""
    first = oakwood.report(
        external_id="first",
        type=EventType.EARLY_CHECK_OUT,
        occurred_at=NOW - timedelta(minutes=9),
    ).event
    Writeback.update(status="failed").where(Writeback.event == 1).execute()
    enter_by_hand(1, actor="user:7", now=NOW)
    Writeback.update(status="successful", cause="covered", covered_by=1).where(
        Writeback.event == first
    ).execute()


@pytest.mark.parametrize("change", [void, lambda: correct(reason="Overslept")])
def test_what_was_entered_by_hand_stays_a_person_s(by_hand, change):
    change()
    row = Writeback.get_by_id(1)
    assert (row.status, row.cause) == ("not_sent", "entered_by_hand")


def test_what_it_stood_for_is_planned_again(by_hand):
    void()
    other = Writeback.get_by_id(2)
    assert (other.status, other.cause, other.covered_by_id) == ("pending", None, None)


def test_it_is_not_retried_once_it_is_void(by_hand):
    void()
    with pytest.raises(Problem) as refused:
        retry_writebacks([1], actor="user:7", now=NOW)
    assert "is void" in refused.value.details[0]


def test_the_kiosk_s_repeat_is_a_duplicate_after_a_correction(oakwood):
    correct(occurred_at=LATER, reason="Overslept")
    assert oakwood.report().answer == "duplicate"


def test_already_recorded_looks_at_the_corrected_time(oakwood):
    correct(occurred_at=LATER)
    between = oakwood.report(external_id="b", occurred_at=NOW + timedelta(minutes=3))
    after = oakwood.report(external_id="c", occurred_at=NOW + timedelta(minutes=9))
    assert (between.answer, after.answer) == ("accepted", "already_recorded")
    assert (after.event, "8:20 AM" in after.detail) == (1, True)


SPRING, AUTUMN = date(2027, 3, 14), date(2026, 11, 1)


def test_a_time_is_the_school_s():
    at = moment_at(date(2026, 11, 23), time(8, 20), CHICAGO, like=NOW)
    assert at == datetime(2026, 11, 23, 14, 20, tzinfo=UTC)


def test_a_skipped_hour_is_refused():
    with pytest.raises(Invalid, match=r"no 2:30 AM on that day"):
        moment_at(SPRING, time(2, 30), CHICAGO, like=NOW)


@pytest.mark.parametrize(("like", "hour"), [(5, 6), (6, 6), (7, 7)])
def test_of_an_hour_that_comes_twice_the_first_is_meant_or_the_event_s(like, hour):
    near = datetime(2026, 11, 1, like, 10, tzinfo=UTC)
    at = moment_at(AUTUMN, time(1, 30), CHICAGO, like=near)
    assert at == datetime(2026, 11, 1, hour, 30, tzinfo=UTC)
