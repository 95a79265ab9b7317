"""The demo's past: what the product itself would have written, and nothing to send."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.cast import NOW
from tests.demo.places import Place, attempts_of, writebacks
from vmps.demo.history import imagine, write_history
from vmps.models import (
    Action,
    Attempt,
    Cause,
    EventType,
    Intervention,
    Lane,
    Outcome,
    Reason,
    School,
    Status,
    Student,
    StudentEvent,
    Writeback,
)
from vmps.services.accept import Answer, ReportedEvent, accept_events
from vmps.services.kiosk_view import KioskViews
from vmps.services.overdue import give_up_overdue, lanes_to_ring

ZONE = ZoneInfo("America/Chicago")

#: What may stand beside a status.
CAUSES = {
    Status.SUCCESSFUL: {None, Cause.ALREADY_THERE, Cause.COVERED, Cause.VOIDED},
    Status.NOT_SENT: {Cause.SCHOOL_DISABLED, Cause.ENTERED_BY_HAND},
    Status.FAILED: {
        Cause.ALREADY_MARKED,
        Cause.CODE_MISSING,
        Cause.GAVE_UP,
        Cause.NOT_ENROLLED,
        Cause.NOT_IN_SESSION,
        Cause.NO_MODE,
        Cause.REFUSED,
        Cause.STUDENT_NOT_FOUND,
        Cause.UNMAPPED_REASON,
        Cause.WRONG_STUDENT,
    },
}
#: How the last attempt ended where that settled the writeback.
LAST = {
    Status.SUCCESSFUL: {
        Outcome.WRITTEN,
        Outcome.ALREADY_THERE,
        Outcome.COVERED,
        Outcome.VOIDED,
    },
    Status.FAILED: {Outcome.REFUSED},
}
BY_PEOPLE_AND_CLOCKS = {Cause.GAVE_UP, Cause.ENTERED_BY_HAND, Cause.SCHOOL_DISABLED}


def with_cause(cause: Cause) -> list[Writeback]:
    found = writebacks(Writeback.cause == cause)
    assert found
    return found


def test_every_status_has_every_cause_and_nothing_waits(place: Place) -> None:
    found: dict[str, set[str | None]] = defaultdict(set)
    for row in Writeback.select():
        found[row.status].add(row.cause)
    assert found == CAUSES


def test_there_are_thousands_and_most_went_well(place: Place) -> None:
    counts = Counter(row.status for row in Writeback.select())
    assert place.written == sum(counts.values()) == StudentEvent.select().count()
    assert place.written > 2000
    assert counts[Status.SUCCESSFUL] > 0.8 * place.written


def test_nothing_of_the_past_is_ever_sent(place: Place) -> None:
    assert Writeback.due(place.district.id, NOW + timedelta(days=30)).count() == 0
    assert lanes_to_ring(NOW) == []
    assert give_up_overdue(NOW + timedelta(days=30)) == 0


def test_events_happened_at_school_hours_of_past_weekdays(place: Place) -> None:
    hours = {
        EventType.LATE_CHECK_IN: (time(8), time(10, 30)),
        EventType.EARLY_CHECK_OUT: (time(12), time(14, 25)),
    }
    for event in StudentEvent.select():
        local = event.occurred_at.astimezone(ZONE)
        first, last = hours[event.type]
        assert first <= local.time() <= last
        assert local.weekday() < 5
        assert event.school_day == local.date() < NOW.astimezone(ZONE).date()
    assert len({event.school_day for event in StudentEvent.select()}) == 20


def test_nobody_is_late_twice_in_a_row(place: Place) -> None:
    seen = Counter((e.student_id, e.school_day, e.type) for e in StudentEvent.select())
    assert max(seen.values()) == 1


def test_an_event_bears_the_student_s_name_grade_and_school(place: Place) -> None:
    columns = ("first_name", "last_name", "grade", "school_id", "district_id")
    students = {student.id: student for student in Student.select()}
    for event in StudentEvent.select():
        student = students[event.student_id]
        assert [getattr(event, c) for c in columns] == [
            getattr(student, c) for c in columns
        ]


def test_the_last_attempt_settled_the_writeback(place: Place) -> None:
    found = [row for row in writebacks() if row.cause not in BY_PEOPLE_AND_CLOCKS]
    attempts = attempts_of(found)
    for row in found:
        last = attempts[row.id][-1]
        assert last.outcome in LAST[row.status], row.cause
        assert last.finished_at == row.settled_at
        assert row.cause in {last.cause, Cause.COVERED}


def test_attempts_come_one_after_another(place: Place) -> None:
    found = writebacks()
    attempts = attempts_of(found)
    for row in found:
        before = row.event.accepted_at
        for attempt in attempts[row.id]:
            assert before < attempt.started_at <= attempt.finished_at
            before = attempt.finished_at
        fences = [attempt.fence for attempt in attempts[row.id]]
        assert fences == sorted(fences)


def test_the_lane_s_fence_is_above_and_its_last_success_known(place: Place) -> None:
    lane = Lane.get_by_id(place.district.id)
    fences = [attempt.fence for attempt in Attempt.select()]
    assert lane.fence >= max(fences)
    assert lane.last_success_at < NOW
    assert lane.lease_until is None
    assert Attempt.select().where(Attempt.finished_at.is_null()).count() == 0


def test_who_was_written_is_known_in_powerschool(place: Place) -> None:
    ids = {str(s["dcid"]): s["id"] for s in place.seed["students"]}
    written = writebacks(
        Writeback.status == Status.SUCCESSFUL, Writeback.cause.is_null()
    )
    assert all(row.student.ps_id == ids[row.student.sis_id] for row in written)
    others = [row.student.ps_id for row in with_cause(Cause.WRONG_STUDENT)]
    assert set(others) == {None}


def test_a_covered_event_is_covered_by_the_day_s_other_one(place: Place) -> None:
    for row in with_cause(Cause.COVERED):
        assert row.event.type == EventType.LATE_CHECK_IN
        assert row.covered_by.type == EventType.EARLY_CHECK_OUT
        assert row.covered_by.student_id == row.student_id
        assert row.covered_by.school_day == row.school_day


def test_schools_explain_what_was_not_written(place: Place) -> None:
    disabled = with_cause(Cause.SCHOOL_DISABLED)
    assert not any(row.school.is_enabled for row in disabled)
    assert not any(attempts_of(disabled).values())
    no_mode = School.get(School.mode.is_null())
    assert {row.school_id for row in with_cause(Cause.NO_MODE)} == {no_mode.id}
    unmapped = {
        (r.school_id, r.label) for r in Reason.select().where(Reason.code.is_null())
    }
    failed = with_cause(Cause.UNMAPPED_REASON)
    assert {(row.school_id, row.detail) for row in failed} == unmapped


def test_what_gave_up_was_tried_for_72_hours(place: Place) -> None:
    found = with_cause(Cause.GAVE_UP)
    attempts = attempts_of(found)
    for row in found:
        tried = attempts[row.id]
        assert {attempt.cause for attempt in tried} == {Cause.NETWORK}
        assert row.tries == len(tried) > 8
        waited = row.settled_at - row.event.accepted_at
        assert timedelta(hours=72) <= waited < timedelta(hours=72, seconds=3)


def test_people_retried_and_entered_by_hand(place: Place) -> None:
    ended = {Action.RETRIED: set(), Action.ENTERED_BY_HAND: set()}
    for deed in Intervention.select():
        row = deed.writeback
        assert deed.actor == "user:1"
        ended[deed.action].add((row.status, row.cause))
        assert deed.at <= row.settled_at
    assert ended[Action.ENTERED_BY_HAND] == {(Status.NOT_SENT, Cause.ENTERED_BY_HAND)}
    assert (Status.SUCCESSFUL, None) in ended[Action.RETRIED]


def test_a_kiosk_that_repeats_a_past_event_is_told_so(place: Place) -> None:
    event = StudentEvent.get(StudentEvent.voided_at.is_null())
    view = KioskViews(0).find(event.kiosk.public_id)
    assert view
    again = ReportedEvent(
        external_id=event.external_id,
        type=EventType(event.type),
        occurred_at=event.occurred_at,
        student_id=event.student.sis_id,
        school=view.schools[event.school.number],
        reason=event.reason,
        released_to=event.released_to,
    )
    (result,) = accept_events(view, [again], now=NOW)
    assert result.answer is Answer.DUPLICATE


def test_the_past_is_imagined_the_same_way_twice(place: Place) -> None:
    one, other = (
        [
            (e.external_id, e.status, e.cause, e.settled_at, len(e.attempts))
            for e in imagine(place.district, place.seed, place.plan, now=NOW)[0]
        ]
        for _ in range(2)
    )
    assert one == other


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 29, 3, tzinfo=UTC),  # a Saturday evening
        datetime(2027, 3, 23, 12, tzinfo=UTC),  # clocks were put forward in between
    ],
)
def test_the_past_is_over_whenever_it_is_imagined(place: Place, now: datetime) -> None:
    events, lane = imagine(place.district, place.seed, place.plan, now=now)
    today = now.astimezone(ZONE).date()
    assert {event.status for event in events} == set(CAUSES)
    assert all(event.settled_at and event.settled_at < now for event in events)
    assert max(event.school_day for event in events) < today
    assert lane.last_success_at
    assert lane.last_success_at < now


def test_a_past_is_written_once(place: Place) -> None:
    journal = place.folder.of(place.plan).journal
    before = journal.read_bytes()
    again = write_history(place.district, place.seed, place.plan, journal, now=NOW)
    assert again == 0
    assert journal.read_bytes() == before
    assert StudentEvent.select().count() == place.written
