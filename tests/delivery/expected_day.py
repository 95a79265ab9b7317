"""What the events of a student's day in Daily mode must leave in PowerSchool."""

# The day's last bell rings before the last possible event: what comes after it is
# refused.

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.cast import NOW
from vmps.models import EventType, StudentEvent
from vmps.services.planning.comment import comment_line
from vmps.services.planning.day import DayEvent

KINDS = {
    EventType.LATE_CHECK_IN: ("Bus late", "T"),
    EventType.EARLY_CHECK_OUT: ("Dentist", "ED"),
}
UNTIL_TWO = [{"number": 1, "start": "08:00", "end": "14:00"}]
TWO_O_CLOCK = NOW.replace(hour=20, minute=0, second=0)


def is_after_school(event: StudentEvent) -> bool:
    """Tell whether it happened after the last bell, and counts."""
    return event.voided_at is None and event.occurred_at >= TWO_O_CLOCK


@dataclass(frozen=True)
class ExpectedDay:
    """The events of one student and day, the school's zone, and what stood before."""

    events: Sequence[StudentEvent]
    zone: ZoneInfo
    before: str | None

    def check(self, code: str | None, comment: str) -> None:
        """The code of the last event that counts, and a line for each of them.

        What stood before a correction to after the bell stays until something else is
        sent, or voided; its line stays in the comment.
        """
        live = [event for event in self.events if event.voided_at is None]
        sent = [event for event in live if not is_after_school(event)]
        sent.sort(key=lambda event: (event.occurred_at, event.id))
        former = {
            self._line(event, change.was_occurred_at)
            for event in live
            if event not in sent
            for change in event.changes
        }
        if sent or len(live) < len(self.events) or not former:
            assert code == (KINDS[sent[-1].type][1] if sent else self.before)
        lines = {self._line(event, event.occurred_at) for event in sent}
        assert lines <= set(comment.split("; ")) - {""} <= lines | former

    def _line(self, event: StudentEvent, at: datetime) -> str:
        kind = EventType(event.type)
        seen = DayEvent(event.id, kind, at, event.reason, None)
        return comment_line(seen, self.zone)
