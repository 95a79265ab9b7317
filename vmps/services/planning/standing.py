"""What already stands in PowerSchool: whether it may be replaced, or needs no write."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from vmps.models import EventType
from vmps.services.planning.day import BLANK, DayEvent, Existing, Rules, Write


def must_stay(
    existing: Existing | None,
    event: DayEvent,
    code: str,
    *,
    rules: Rules,
    our_codes: Collection[str],
) -> bool:
    """Tell whether what stands there may not be replaced by this event's code."""
    if existing is None or existing.code in {BLANK, code}:
        return False
    if existing.code in rules.protected:
        return True
    if existing.code in our_codes or existing.code in rules.replaceable:
        return False
    is_dismissal = event.type is EventType.EARLY_CHECK_OUT
    return not (is_dismissal and existing.presence == "Present")


def is_ours_to_clear(
    existing: Existing | None, *, rules: Rules, our_codes: Collection[str]
) -> bool:
    """Tell whether a code of ours stands there, which the blank one may replace."""
    return (
        existing is not None
        and existing.code != BLANK
        and existing.code in our_codes
        and existing.code not in rules.protected
    )


def holds_settled(events: Iterable[DayEvent], existing: Existing | None) -> bool:
    """Tell whether what stands there is the code of an event that counts."""
    codes = {e.code for e in events if e.is_settled and not (e.is_void or e.is_by_hand)}
    return existing is not None and existing.code in codes


def needed(
    write: Write, existing: Existing | None, our_codes: Collection[str]
) -> Write | None:
    """Return the write, or None where PowerSchool already holds it."""
    if existing is None or existing.code != write.code:
        return write
    is_ours = existing.code in our_codes
    if is_ours and write.comment is not None and write.comment != existing.comment:
        return write
    return None
