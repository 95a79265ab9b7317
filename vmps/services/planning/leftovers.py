"""Codes of ours that no write reaches any more: they stay, and that is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from vmps.models import Outcome
from vmps.services.planning.day import BLANK, DAY, DayPlan, Existing

#: By slot: the codes that we wrote last.
Standing = Mapping[str, frozenset[str]]
LEFT_CLASS = "a class that left the schedule"
_SETTLED = {
    Outcome.WRITTEN,
    Outcome.ALREADY_THERE,
    Outcome.COVERED,
    Outcome.VOIDED,
}


def former_place(slot: str) -> str:
    """Return what people call a slot that the school's mode of today does not have."""
    if slot == DAY:
        return "Daily attendance"
    return "Meeting attendance" if ":" in slot else "Time attendance"


def tell_leftovers(
    plan: DayPlan, standing: Standing, place_of: Callable[[str], str]
) -> DayPlan:
    """Return the plan whose settled verdicts tell what stays elsewhere.

    `place_of` names what the mode's writes cannot reach: "" what they do.
    """
    left: dict[str, set[str]] = {}
    for slot, codes in standing.items():
        if (place := place_of(slot)) and (found := codes - {BLANK}):
            left.setdefault(place, set()).update(found)
    return _with_notes(
        plan,
        [f"{', '.join(sorted(codes))} stays in {place}: take it out by hand"
         for place, codes in sorted(left.items())],
    )  # fmt: skip


def tell_kept(
    plan: DayPlan, standing: Standing, rows: Mapping[str, Existing]
) -> DayPlan:
    """Return a plan of voids alone that tells which codes of ours it does not clear."""
    written = {write.slot for write in plan.writes}
    kept = {
        rows[slot].code
        for slot, codes in standing.items()
        if slot in rows and slot not in written and rows[slot].code in codes - {BLANK}
    }
    return _with_notes(plan, [say_kept(code) for code in sorted(kept)])


def say_kept(code: str) -> str:
    """Return how a void tells that a code of ours is not cleared."""
    return f"{code} is protected and stays"


def _with_notes(plan: DayPlan, notes: list[str]) -> DayPlan:
    if not notes:
        return plan
    return DayPlan(
        plan.writes,
        {
            event_id: replace(
                verdict, detail=", ".join(filter(None, [verdict.detail, *notes]))
            )
            if verdict.outcome in _SETTLED
            else verdict
            for event_id, verdict in plan.verdicts.items()
        },
    )
