"""What PowerSchool should hold for one student and day in Time mode."""

# One row of ours a day: the minutes attended and the code that stands for the day. The
# endpoint adds a row unless it is told which one to change, so our row is known by its
# DCID, or by the mark in its comment where the answer to its insert was lost.

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from vmps.models import Cause, EventType, Outcome
from vmps.powerschool import BellTime
from vmps.services.planning.comment import SEPARATOR, compose_comment
from vmps.services.planning.daily import objection, settled
from vmps.services.planning.day import (
    BLANK,
    MINUTES,
    PRESENT,
    Before,
    DayEvent,
    DayPlan,
    Existing,
    Rules,
    Verdict,
    Write,
)
from vmps.services.planning.leftovers import say_kept
from vmps.services.planning.school_day import find_outside
from vmps.services.planning.standing import holds_settled
from vmps.services.planning.timetable import second_of_day
from vmps.services.planning.usable import find_unusable, lacks_code

_GONE = Verdict(Outcome.VOIDED, Cause.VOIDED)


@dataclass(frozen=True, slots=True)
class TimeDay:
    """What is known of a student's day: PowerSchool's rows, and which are ours."""

    rows: Sequence[Existing]
    our_rows: frozenset[int]
    our_codes: frozenset[str]
    #: What the row held that we changed first.
    before: Before = PRESENT
    #: An insert of ours may have been carried out without our learning its DCID.
    is_ambiguous: bool = False
    reads_comments: bool = True


@dataclass(frozen=True, slots=True)
class _Rows:
    ours: Existing | None
    #: Further rows of ours: a late insert doubled the day.
    doubles: tuple[Existing, ...]
    theirs: tuple[Existing, ...]
    our_codes: frozenset[str]

    def is_ours_to_clear(self, rules: Rules) -> bool:
        """Tell whether nobody has changed our row's code since, or protects it."""
        code = self.ours.code if self.ours else None
        return code in self.our_codes | {BLANK} and code not in rules.protected


def plan_minutes(
    events: Sequence[DayEvent],
    *,
    bells: Sequence[BellTime],
    rules: Rules,
    held: TimeDay,
    codes: Iterable[str],
) -> DayPlan:
    """Return what to write for all of a student's events of one school day.

    One write for the day's row; where an insert of ours was carried out late and
    doubled it, one more for each double that takes its minutes away.
    """
    known = frozenset(codes)
    outside = find_outside(events, bells, rules.zone)
    verdicts = dict(find_unusable(events, known)) | dict(outside)
    rows = _sort(events, held, rules)
    usable = [event for event in _live(events) if event.id not in verdicts]
    verdicts |= {event.id: _GONE for event in events if event.is_void}
    if not usable:
        return _cleared(events, rows, held.before, verdicts, known, bells, rules)
    winner = usable[0] if rules.keeps_first else usable[-1]
    if winner.is_by_hand:
        return DayPlan((), verdicts | settled(usable, winner, is_written=False))
    base, refusal = _base(winner, rows, rules, held.our_codes)
    if refusal:
        return DayPlan((), verdicts | {event.id: refusal for event in usable})
    if base and base is not rows.ours and base.code == winner.code:
        return DayPlan((), verdicts | settled(usable, winner, is_written=False))
    is_told = base is not None or held.reads_comments
    write = Write(
        code=winner.code or BLANK,
        comment=_comment(events, usable, base, rules) if is_told else None,
        slot=MINUTES,
        minutes=minutes_attended(_live(events), bells, rules.zone),
        dcid=base.dcid if base else None,
    )
    writes = (*_needed(write, base), *_emptied(rows.doubles))
    is_written = bool(writes)
    return DayPlan(writes, verdicts | settled(usable, winner, is_written=is_written))


def _live(events: Sequence[DayEvent]) -> list[DayEvent]:
    """Return what happened, in its order: also what cannot be sent, for the minutes."""
    live = [event for event in events if not event.is_void]
    return sorted(live, key=lambda event: (event.occurred_at, event.id))


def minutes_attended(
    events: Sequence[DayEvent], bells: Sequence[BellTime], zone: ZoneInfo
) -> int:
    """Return the whole minutes of class that a student with these events attended.

    `events` in the order of their time. Who checks in late was not there before, who
    checks out early was; periods that overlap count once.
    """
    total = 0
    covered_until = 0
    for bell in sorted(bells, key=lambda bell: (bell.starts, bell.ends)):
        starts = max(bell.starts, covered_until)
        covered_until = max(covered_until, bell.ends)
        if starts < bell.ends:
            total += _seconds_present(events, starts, bell.ends, zone)
    return total // 60


def _seconds_present(
    events: Sequence[DayEvent], starts: int, ends: int, zone: ZoneInfo
) -> int:
    is_here = not events or events[0].type is EventType.EARLY_CHECK_OUT
    since, present = 0, 0
    for event in events:
        at = second_of_day(event.occurred_at, zone)
        if is_here:
            present += _overlap(since, at, starts, ends)
        since = at
        is_here = event.type is EventType.LATE_CHECK_IN
    return present + (_overlap(since, 86_400, starts, ends) if is_here else 0)


def _overlap(since: int, until: int, starts: int, ends: int) -> int:
    return max(0, min(until, ends) - max(since, starts))


def mark_of(event_id: int) -> str:
    """Return what tells our row from others, in its comment."""
    return f"[vmps {event_id}]"


def _sort(events: Sequence[DayEvent], held: TimeDay, rules: Rules) -> _Rows:
    marks = [mark_of(event.id) for event in events]
    ours: list[Existing] = []
    theirs: list[Existing] = []
    # One of ours that was emptied is the last to be taken.
    for row in sorted(held.rows, key=lambda row: (row.minutes == 0, row.dcid or 0)):
        is_ours = row.dcid in held.our_rows or any(m in row.comment for m in marks)
        if not is_ours and held.is_ambiguous and not row.comment_is_known:
            is_ours = row.code in held.our_codes  # no mark can be read
        (ours if is_ours else theirs).append(row)
    return _Rows(
        ours=ours[0] if ours else None,
        doubles=tuple(
            row
            for row in ours[1:]
            if row.minutes != 0
            and row.code in held.our_codes | {BLANK}
            and row.code not in rules.protected
        ),
        # An absence has no minutes either; only a blank row without them is void.
        theirs=tuple(row for row in theirs if row.minutes != 0 or row.code),
        our_codes=held.our_codes,
    )


def _base(
    winner: DayEvent, rows: _Rows, rules: Rules, our_codes: frozenset[str]
) -> tuple[Existing | None, Verdict | None]:
    """Return the row to change (None: add one), or why the day must stay as it is."""
    if rows.ours and rows.ours.minutes != 0 and rows.ours.code in rules.protected:
        detail = rows.ours.code
        return None, Verdict(Outcome.REFUSED, Cause.ALREADY_MARKED, detail)
    if rows.ours and rows.ours.code not in our_codes | {BLANK}:
        refusal = objection(winner, rules, rows.ours, our_codes)
        if refusal:
            return None, refusal
    for row in rows.theirs:
        refusal = objection(winner, rules, row, frozenset())
        if refusal:
            return None, refusal
    is_empty = rows.ours is None or rows.ours.minutes == 0
    if not (rows.theirs and is_empty):
        return rows.ours, None
    if len(rows.theirs) > 1:
        marked = ", ".join(row.code or "Present" for row in rows.theirs)
        return None, Verdict(Outcome.REFUSED, Cause.ALREADY_MARKED, marked)
    return rows.theirs[0], None


def _comment(
    events: Sequence[DayEvent],
    usable: Sequence[DayEvent],
    base: Existing | None,
    rules: Rules,
) -> str | None:
    """Return the comment with our lines; a row that we add carries our mark as well."""
    voided = [event for event in events if event.is_void]
    comment = compose_comment(base, usable, voided, rules.zone)
    if comment is None or (base and base.dcid is not None):
        return comment
    return SEPARATOR.join(filter(None, [comment, mark_of(min(e.id for e in events))]))


def _needed(write: Write, base: Existing | None) -> tuple[Write, ...]:
    """Return the write, or none where PowerSchool holds just that."""
    if base is None or base.dcid is None:
        return (write,)
    is_same = (base.code, base.minutes) == (write.code, write.minutes)
    is_told = write.comment is None or write.comment == base.comment
    return () if is_same and is_told else (write,)


def _emptied(rows: Sequence[Existing]) -> Iterable[Write]:
    """Rows cannot be deleted: no minutes make one void."""
    for row in rows:
        yield Write(row.code, None, slot=f"row {row.dcid}", minutes=0, dcid=row.dcid)


def _cleared(  # noqa: PLR0917 one step of plan_minutes, with its state
    events: Sequence[DayEvent],
    rows: _Rows,
    before: Before,
    verdicts: dict[int, Verdict],
    known: frozenset[str],
    bells: Sequence[BellTime],
    rules: Rules,
) -> DayPlan:
    """Nothing is left to stand: void the row we added, give back the one we changed."""
    voided = [event for event in events if event.is_void]
    ours = rows.ours
    if not voided or ours is None or holds_settled(events, ours):
        return DayPlan((), verdicts)
    if not rows.is_ours_to_clear(rules):
        if ours.code in rows.our_codes:
            kept = replace(_GONE, detail=say_kept(ours.code))
            verdicts |= {event.id: kept for event in voided}
        return DayPlan((), verdicts)
    comment = compose_comment(ours, [], voided, rules.zone)
    is_marked = "[vmps " in ours.comment
    is_added = is_marked if ours.comment_is_known else before == PRESENT
    if is_added and ours.minutes == 0:
        return DayPlan(tuple(_emptied(rows.doubles)), verdicts)
    if is_added:
        before = Before(BLANK if BLANK in known else ours.code, 0)
    elif before.code not in known:
        missing = lacks_code(before.code)
        return DayPlan((), verdicts | {event.id: missing for event in voided})
    else:
        gone = replace(_GONE, detail=before.tell())
        verdicts |= {event.id: gone for event in voided}
    minutes = before.minutes
    if minutes is None:
        minutes = minutes_attended([], bells, rules.zone)
    write = Write(before.code, comment, slot=MINUTES, minutes=minutes, dcid=ours.dcid)
    return DayPlan((*_needed(write, ours), *_emptied(rows.doubles)), verdicts)
