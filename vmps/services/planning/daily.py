"""What PowerSchool should hold for one student and day in Daily mode."""

# The plan follows from the set of the day's events, so the order of arrival, retries
# and voids cannot change it.

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from vmps.models import Cause, Outcome
from vmps.powerschool import BellTime
from vmps.services.planning.comment import compose_comment
from vmps.services.planning.day import (
    BLANK,
    Before,
    DayEvent,
    DayPlan,
    Existing,
    Rules,
    Verdict,
    Write,
)
from vmps.services.planning.school_day import find_after
from vmps.services.planning.standing import (
    holds_settled,
    is_ours_to_clear,
    must_stay,
    needed,
)
from vmps.services.planning.usable import find_unusable, lacks_code


def plan_day(
    events: Sequence[DayEvent],
    *,
    rules: Rules,
    existing: Existing | None,
    our_codes: frozenset[str],
    before: Before,
    codes: Iterable[str],
    bells: Sequence[BellTime] = (),
) -> DayPlan:
    """Return what to write for all of a student's events of one school day.

    `our_codes` are the texts that we wrote, or may have written, that day; `before` is
    what we replaced first; `codes` are those of the school this year (the blank one is
    `""`); `bells` those of the day, none where they are not known.
    """
    known = frozenset(codes)
    after = find_after(events, bells, rules.zone)
    verdicts = dict(find_unusable(events, known)) | dict(after)
    usable = sorted(
        (e for e in events if not e.is_void and e.id not in verdicts),
        key=lambda event: (event.occurred_at, event.id),
    )
    voided = [e for e in events if e.is_void]
    if not usable and holds_settled(events, existing):
        gone = Verdict(Outcome.VOIDED, Cause.VOIDED)
        return DayPlan((), verdicts | {event.id: gone for event in voided})
    if not usable:
        return _clear(voided, rules, existing, our_codes, before, known, verdicts)
    winner = usable[0] if rules.keeps_first else usable[-1]
    verdicts |= {event.id: Verdict(Outcome.VOIDED, Cause.VOIDED) for event in voided}
    if winner.is_by_hand:
        return DayPlan((), verdicts | settled(usable, winner, is_written=False))
    comment = compose_comment(existing, usable, voided, rules.zone)
    refusal = objection(winner, rules, existing, our_codes)
    if refusal:
        return DayPlan((), verdicts | {event.id: refusal for event in usable})
    write = needed(Write(winner.code or BLANK, comment), existing, our_codes)
    verdicts |= settled(usable, winner, is_written=write is not None)
    return DayPlan((write,) if write else (), verdicts)


def objection(
    winner: DayEvent,
    rules: Rules,
    existing: Existing | None,
    our_codes: frozenset[str],
) -> Verdict | None:
    """Return why the existing attendance must stay, or None."""
    code = winner.code or BLANK
    if existing and must_stay(existing, winner, code, rules=rules, our_codes=our_codes):
        return Verdict(Outcome.REFUSED, Cause.ALREADY_MARKED, existing.code)
    return None


def settled(
    usable: Sequence[DayEvent], winner: DayEvent, *, is_written: bool
) -> dict[int, Verdict]:
    """Return the verdicts where one event's code stands for the day."""
    won = (
        Verdict(Outcome.WRITTEN)
        if is_written
        else Verdict(Outcome.ALREADY_THERE, Cause.ALREADY_THERE)
    )
    covered = Verdict(Outcome.COVERED, Cause.COVERED, covered_by=winner.id)
    return {event.id: won if event is winner else covered for event in usable}


def _clear(  # noqa: PLR0917 one step of plan_day, with its state
    voided: Sequence[DayEvent],
    rules: Rules,
    existing: Existing | None,
    our_codes: frozenset[str],
    before: Before,
    known: frozenset[str],
    verdicts: dict[int, Verdict],
) -> DayPlan:
    """Nothing is left to stand: what was there before comes back where ours stands."""
    gone = Verdict(Outcome.VOIDED, Cause.VOIDED)
    is_ours = is_ours_to_clear(existing, rules=rules, our_codes=our_codes)
    if not voided or not is_ours:
        return DayPlan((), verdicts | {event.id: gone for event in voided})
    if before.code not in known:
        missing = lacks_code(before.code)
        return DayPlan((), verdicts | {event.id: missing for event in voided})
    gone = replace(gone, detail=before.tell())
    comment = compose_comment(existing, [], voided, rules.zone)
    return DayPlan(
        (Write(before.code, comment),), verdicts | {event.id: gone for event in voided}
    )
