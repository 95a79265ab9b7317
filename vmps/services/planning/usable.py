"""Which events of a day have a code that can be written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from vmps.models import Cause, Outcome
from vmps.services.planning.day import DayEvent, Verdict


def lacks_code(code: str) -> Verdict:
    """Return the verdict where the school has no such code this year."""
    detail = code or "the blank Present code"
    return Verdict(Outcome.REFUSED, Cause.CODE_MISSING, detail)


def find_unusable(
    events: Sequence[DayEvent], known: Collection[str]
) -> Iterable[tuple[int, Verdict]]:
    """Yield the verdict of each event without a code of the school this year.

    What is held back has none here: only its own retry sends it.
    """
    for event in events:
        if event.is_void or event.is_by_hand:
            continue
        if event.is_held_back:
            yield event.id, Verdict(Outcome.NOT_SENT, Cause.SCHOOL_DISABLED)
        elif not event.code:
            reason = event.reason
            yield event.id, Verdict(Outcome.REFUSED, Cause.UNMAPPED_REASON, reason)
        elif event.code not in known:
            yield event.id, lacks_code(event.code)
