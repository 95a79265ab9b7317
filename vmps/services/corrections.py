"""What a day's events said before they were corrected, as planning needs it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from peewee import chunked

from vmps.db import tuples
from vmps.models import EventChange
from vmps.services.planning.day import Former
from vmps.services.planning.late_writes import Uncertain

_CHUNK = 2000  # parameters in one IN (…)

#: No code: stands for a write of what a day said before a correction, whose code may
#: be today's. Only its comment would differ, so no row shows that it has landed.
OUTDATED = "\0"


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction: what its event said until then."""

    at: datetime
    was: Former


Corrections = Mapping[int, Sequence[Correction]]


def load_corrections(event_ids: Iterable[int]) -> Corrections:
    """Return each event's corrections, oldest first; voids and restores are none."""
    found: dict[int, list[Correction]] = defaultdict(list)
    for chunk in chunked(sorted(event_ids), _CHUNK):
        rows = (
            EventChange.select(
                EventChange.event,
                EventChange.at,
                EventChange.was_occurred_at,
                EventChange.was_reason,
            )
            .where(
                EventChange.event.in_(chunk),
                ~EventChange.is_void,
                EventChange.was_voided_at.is_null(),
            )
            .order_by(EventChange.id)
        )
        for event_id, at, was_at, was_reason in tuples(rows):
            found[event_id].append(Correction(at, Former(was_at, was_reason)))
    return found


def doubt_outdated(
    uncertain: Uncertain, corrections: Iterable[Sequence[Correction]]
) -> Uncertain:
    """Return the day's doubtful writes, with those that a correction made outdated."""
    changed_at = max((c.at for made in corrections for c in made), default=None)
    if changed_at is None:
        return uncertain
    return {
        slot: {**codes, OUTDATED: max(old)}
        if (old := [asked_at for asked_at in codes.values() if asked_at <= changed_at])
        else codes
        for slot, codes in uncertain.items()
    }
