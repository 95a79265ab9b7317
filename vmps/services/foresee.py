"""What PowerSchool will be told of a change of an event, in words, beforehand."""

# Nothing is read from PowerSchool for it: what stands there is taken to be what we
# wrote last. The drain reads before it writes, and leaves what others marked since.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vmps.models import (
    Attempt,
    AttendanceMode,
    Cause,
    EventType,
    Outcome,
    Reason,
    Status,
    StudentEvent,
    Writeback,
    label_key,
)
from vmps.services.change_event import is_a_persons
from vmps.services.happenings import Said, differences
from vmps.services.our_writes import find_our_writes
from vmps.services.planning.counting import is_held_back, is_undone_by_hand
from vmps.services.planning.daily import plan_day
from vmps.services.planning.day import (
    BLANK,
    DAY,
    PRESENT,
    Before,
    DayEvent,
    DayPlan,
    Existing,
    Rules,
)

#: Attempts after which PowerSchool holds what they wrote, or may.
_REACHED = (Outcome.WRITTEN, Outcome.COVERED, Outcome.VOIDED, Outcome.AMBIGUOUS)
#: In these modes what is written depends on PowerSchool's day, which is not read here.
_IN_LINE: dict[AttendanceMode | None, str] = {
    None: "The school has no attendance mode: nothing is sent until one is chosen.",
    AttendanceMode.TIME: "PowerSchool's code and minutes of that day are written anew"
    " from the student's events; without any, the day gets back what it held before.",
    AttendanceMode.MEETING: "PowerSchool's codes of that day's classes are brought in"
    " line with the student's events: a class that no event marks any more gets back"
    " what it held before.",
}
_OTHERS_STAY = "What somebody else marked in PowerSchool since then stays."


def foresee_void(row: Any) -> list[str]:
    """Return what will happen when the event is voided."""
    if row.cause == Cause.ENTERED_BY_HAND:
        return [
            "It was entered in PowerSchool by hand, so nothing is written for it:"
            " take it out there by hand, too.",
            *_stands_again(row),
        ]
    return _foresee(row, {"is_void": True}, "holds this event, take it out there")


def foresee_restore(row: Any) -> list[str]:
    """Return what will happen when the event's void is taken back."""
    if is_a_persons(row):
        return [
            "It was entered in PowerSchool by hand, so nothing is written for it:"
            " make sure that PowerSchool holds it."
        ]
    by_hand = "does not hold this event any more, enter it there"
    return _foresee(row, {"is_void": False}, by_hand)


def foresee_correction(row: Any, changes: Mapping[str, Any]) -> list[str]:
    """Return what will happen when the event says this instead."""
    event = row.event
    new = Said(changes.get("occurred_at", event.occurred_at),
               changes.get("reason", event.reason))  # fmt: skip
    was = Said(event.occurred_at, event.reason)
    changed = " and ".join(differences(was, new, row.school.zone))
    return [f"You change {changed}.", *_foresee_correction(row, new)]


def _foresee_correction(row: Any, new: Said) -> list[str]:
    if row.cause == Cause.ENTERED_BY_HAND:
        return [
            "It was entered in PowerSchool by hand, so nothing is written for it:"
            " correct it there by hand, too.",
            *_stands_again(row),
        ]
    if row.status == Status.NOT_SENT:
        return ["It was not sent, and is not sent now: press Retry to send it."]
    changes = {"occurred_at": new.at, "reason": new.reason}
    return _foresee(row, changes, "holds this event, correct it there")


def _stands_again(row: Any) -> list[str]:
    covered = Writeback.covered_by == row.event_id
    if not Writeback.select().where(covered).exists():
        return []
    return ["The day's other event that it stood for is looked at again, and sent."]


def _foresee(row: Any, changes: dict[str, Any], by_hand: str) -> list[str]:
    """Return sentences about what is sent, or why nothing is."""
    school = row.school
    if not school.is_enabled:
        return [
            "The school is disabled, so nothing is sent: if PowerSchool"
            f" {by_hand} by hand."
        ]
    if school.attendance_mode in _IN_LINE:
        return [_IN_LINE[school.attendance_mode], _OTHERS_STAY]
    held = _held(row)
    before = _before(row)
    events = _day_events(row, changes)
    existing = None
    if held is not None:
        existing = Existing(held, None, "", comment_is_known=False)
    plan = plan_day(
        events,
        rules=Rules(school.zone, keeps_first=school.keeps_first_code),
        existing=existing,
        our_codes=frozenset({held} if held else ()),
        codes={BLANK, before.code, *(event.code for event in events if event.code)},
        before=before,
    )
    return [_told(row, events, plan, held), _OTHERS_STAY]


def _held(row: Any) -> str | None:
    """Return the code that we wrote last for the day, None where we wrote none."""
    found: str | None = (
        Attempt.select(Attempt.code)
        .join(Writeback)
        .where(
            Writeback.student == row.student_id,
            Writeback.school_day == row.school_day,
            Writeback.school == row.school_id,
            Attempt.code.is_null(False),
            Attempt.outcome.in_(_REACHED),
        )
        .order_by(Attempt.id.desc())
        .limit(1)
        .scalar()
    )
    return found


def _before(row: Any) -> Before:
    """Return what stood there before us."""
    day = row.school_id, row.student_id, row.school_day
    return find_our_writes([day[1]], [day[2]])[day].before.get(DAY, PRESENT)


def _day_events(row: Any, changes: Mapping[str, Any]) -> list[DayEvent]:
    """Return the events that the day is planned with, this one changed."""
    rows = (
        Writeback.select(Writeback, StudentEvent)
        .join(StudentEvent, on=(Writeback.event == StudentEvent.id))
        .where(
            Writeback.student == row.student_id,
            Writeback.school_day == row.school_day,
            Writeback.school == row.school_id,
        )
    )
    codes = _codes(row.school_id)
    return [
        _day_event(one, changes if one.id == row.id else {}, codes)
        for one in rows
        if one.id == row.id
        or not is_undone_by_hand(one.cause, is_void=bool(one.event.voided_at))
    ]


_Codes = Mapping[tuple[str, str], str | None]


def _codes(school_id: int) -> _Codes:
    found = Reason.select().where(Reason.school == school_id)
    return {(reason.type, label_key(reason.label)): reason.code for reason in found}


def _day_event(row: Any, changes: Mapping[str, Any], codes: _Codes) -> DayEvent:
    event = row.event
    reason = changes.get("reason", event.reason)
    is_void = changes.get("is_void", event.voided_at is not None)
    return DayEvent(
        id=event.id,
        type=EventType(event.type),
        occurred_at=changes.get("occurred_at", event.occurred_at),
        reason=reason,
        code=codes.get((event.type, label_key(reason))),
        is_void=is_void,
        is_by_hand=not changes and row.cause == Cause.ENTERED_BY_HAND,
        is_held_back=not changes
        and is_held_back(row.status, row.cause, is_void=is_void),
    )


def _told(row: Any, events: Sequence[DayEvent], plan: DayPlan, held: str | None) -> str:
    """Return what the plan does to what is held."""
    if plan.verdicts[row.event_id].is_refusal:
        return "Its reason has no attendance code, so it cannot be sent."
    stands = _standing(events, plan)
    if stands and stands.is_by_hand:
        return "Another event of the day was entered by hand: that one stays."
    if plan.write is None and not held:
        return "PowerSchool holds nothing that was written for it: nothing is sent."
    of = _named(row, stands)
    if plan.write is None:
        return f"PowerSchool keeps {held}{of}; only the comment is brought in line."
    if stands is None:
        now = plan.write.code or "Present"
        return f"PowerSchool's {held} is taken back: the day becomes {now} again."
    if not held:
        return f"PowerSchool gets {plan.write.code}{of}."
    return f"PowerSchool's {held} becomes {plan.write.code}{of}."


def _standing(events: Sequence[DayEvent], plan: DayPlan) -> DayEvent | None:
    """Return the event that stands for the day."""
    stands = (Outcome.WRITTEN, Outcome.ALREADY_THERE)
    return next((e for e in events if plan.verdicts[e.id].outcome in stands), None)


def _named(row: Any, stands: DayEvent | None) -> str:
    if stands is None or stands.id == row.event_id:
        return ""
    at = Said(stands.occurred_at, stands.reason).clock(row.school.zone)
    return f", for the {stands.type.label} at {at}"
