"""Which events are outside the school's day, by the bells of that day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from vmps.models import Cause, Outcome
from vmps.powerschool import BellTime
from vmps.services.planning.day import DayEvent, Verdict
from vmps.services.planning.timetable import clock_text, second_of_day

#: Many Daily schools keep no bells but a homeroom's: shorter than this is no school
#: day, not even half of one, and says nothing about when the day ends.
LEAST_DAY_SECONDS = 2 * 3600


def find_outside(
    events: Sequence[DayEvent], bells: Sequence[BellTime], zone: ZoneInfo
) -> Iterable[tuple[int, Verdict]]:
    """Yield a refusal for each event before the first bell, or after the last one.

    For each one where there are no bells at all.
    """
    if not bells:
        refusal = Verdict(Outcome.REFUSED, Cause.NO_BELL_TIMES)
        yield from ((event.id, refusal) for event in events if _is_judged(event))
        return
    opens, closes = _hours(bells)
    for event in filter(_is_new, events):
        if not opens <= second_of_day(event.occurred_at, zone) < closes:
            yield event.id, _refusal(event, opens, closes, zone)


def find_after(
    events: Sequence[DayEvent], bells: Sequence[BellTime], zone: ZoneInfo
) -> Iterable[tuple[int, Verdict]]:
    """Yield a refusal for each event after the last bell, where bells tell the day.

    What comes before the first one may well be right: nothing is counted by them.
    """
    opens, closes = _hours(bells) if bells else (0, 0)
    if closes - opens < LEAST_DAY_SECONDS:
        return
    for event in filter(_is_new, events):
        if second_of_day(event.occurred_at, zone) >= closes:
            yield event.id, _refusal(event, opens, closes, zone)


def _is_judged(event: DayEvent) -> bool:
    return not (event.is_void or event.is_by_hand or event.is_held_back)


def _is_new(event: DayEvent) -> bool:
    return _is_judged(event) and not event.is_settled


def _hours(bells: Sequence[BellTime]) -> tuple[int, int]:
    return min(bell.starts for bell in bells), max(bell.ends for bell in bells)


def _refusal(event: DayEvent, opens: int, closes: int, zone: ZoneInfo) -> Verdict:
    at = clock_text(second_of_day(event.occurred_at, zone))
    ends = f"the day starts at {clock_text(opens)}, ends at {clock_text(closes)}"
    detail = f"it happened at {at}, {ends}"
    return Verdict(Outcome.REFUSED, Cause.OUTSIDE_DAY, detail)
