"""What a person's day must leave in PowerSchool, from first principles."""

# Written a second time and more simply than the product's planning, of which it uses
# nothing: minute by minute, event by event.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.replay.people import Person, Story
from tests.replay.script import minute_of
from tests.replay.town import (
    CLASS_MINUTES,
    CLASSES,
    CLERKS_MINUTES,
    CODES,
    FIRST_HOUR,
    Place,
)

#: What a clerk entered before; it stands unless an event replaces it.
CLERKS = {
    Story.ABSENT: "A",
    Story.ABSENT_VOIDED: "A",
    Story.SAME: "T",
    Story.PROTECTED: "S",
    Story.PROTECTED_MEANWHILE: "F",
}
#: Of these people nothing of ours may ever stand in PowerSchool.
UNTOUCHABLE = {
    Story.STRANGER: {"wrong_student"},
    Story.UNKNOWN: {"student_not_found"},
    Story.MOVED: {"moved", "not_enrolled"},
    Story.LEFT: {"not_enrolled"},
    Story.PROTECTED: {"already_marked"},
    Story.PROTECTED_MEANWHILE: {"already_marked"},
    Story.UNMAPPED: {"unmapped_reason"},
    Story.OUTDATED: {"code_missing"},
}
PRESENT = ""


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it is known in the end, without those that were voided."""

    minute: int
    is_late: bool
    reason: str
    order: float

    @property
    def code(self) -> str:
        """Return the reason's code."""
        return CODES[self.reason]


def told(moment: Any, *, is_late: bool, reason: str) -> Told:
    """Make an event of a moment."""
    return Told(minute_of(moment), is_late, reason, moment.timestamp())


def expect_day(place: Place, person: Person, events: Sequence[Told]) -> str:
    """Return the code of the day's one row; "" is Present, or no row at all."""
    clerks = CLERKS.get(person.story, PRESENT)
    if place.is_disabled or person.story in UNTOUCHABLE or not events:
        return clerks
    in_order = sorted(events, key=lambda event: event.order)
    return (in_order[0] if place.keeps_first else in_order[-1]).code


def expect_minutes(events: Sequence[Told]) -> int:
    """Return the minutes of class attended: each minute is looked at."""
    if not events:
        return CLERKS_MINUTES
    in_order = sorted(events, key=lambda event: event.order)
    return sum(
        _is_here(in_order, minute)
        for number in range(CLASSES)
        for minute in range(
            (FIRST_HOUR + number) * 60, (FIRST_HOUR + number) * 60 + CLASS_MINUTES
        )
    )


def _is_here(in_order: Sequence[Told], minute: int) -> bool:
    """Tell what the last event until then says; before the first its opposite."""
    before = [event for event in in_order if event.minute <= minute]
    return before[-1].is_late if before else not in_order[0].is_late


def expect_meetings(
    place: Place,
    person: Person,
    events: Sequence[Told],
    meetings: Sequence[Mapping[str, Any]],
) -> dict[tuple[int, int, int], str]:
    """Return the code of each meeting; "" is Present, or no row at all."""
    clerks = CLERKS.get(person.story, PRESENT)
    codes = {key_of(meeting): clerks for meeting in meetings}
    is_tardy = person.story is Story.SAME  # which no code for what was missed replaces
    if place.is_disabled or person.story in UNTOUCHABLE or is_tardy:
        return codes
    ours: dict[tuple[int, int, int], str] = {}
    left_at: int | None = -1
    for event in sorted(events, key=lambda event: event.order):
        if event.is_late:
            _arrive(place, event, meetings, ours, left_at)
        else:
            _leave(event, meetings, ours)
        left_at = None if event.is_late else event.minute
    return codes | ours


def key_of(row: Mapping[str, Any]) -> tuple[int, int, int]:
    """Return what tells a meeting's row from the student's others."""
    return row["ccid"], row["periodid"], row["att_interval"] or 0


def _arrive(
    place: Place,
    event: Told,
    meetings: Sequence[Mapping[str, Any]],
    ours: dict[tuple[int, int, int], str],
    left_at: int | None,
) -> None:
    now = _at(event, meetings)
    for meeting in meetings:
        key = key_of(meeting)
        is_missed = (
            left_at is not None
            and meeting["start_time"] >= left_at * 60
            and meeting["end_time"] <= event.minute * 60
        )
        if key in now:
            ours[key] = event.code
        elif is_missed and place.missed_code and not ours.get(key):
            ours[key] = place.missed_code
        elif meeting["start_time"] > event.minute * 60 and key in ours:
            ours[key] = PRESENT


def _leave(
    event: Told,
    meetings: Sequence[Mapping[str, Any]],
    ours: dict[tuple[int, int, int], str],
) -> None:
    now = _at(event, meetings)
    for meeting in meetings:
        if key_of(meeting) in now or meeting["start_time"] > event.minute * 60:
            ours[key_of(meeting)] = event.code


def _at(
    event: Told, meetings: Sequence[Mapping[str, Any]]
) -> set[tuple[int, int, int]]:
    """Return the meetings at that time, else the next ones."""
    second = event.minute * 60
    now = [m for m in meetings if m["start_time"] <= second < m["end_time"]]
    if not now:
        following = [m for m in meetings if m["start_time"] > second]
        first = min((m["start_time"] for m in following), default=None)
        now = [m for m in following if m["start_time"] == first]
    return {key_of(meeting) for meeting in now}
