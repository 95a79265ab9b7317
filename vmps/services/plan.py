"""What PowerSchool should hold for one student and day in Daily mode."""

# Pure functions: no database, no network, no clock. The plan follows from the set of
# the day's events, so the order of arrival, retries and voids cannot change it.

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from vmps.models import Cause, EventType, Outcome

BLANK = ""  # the school's default Present code
SEPARATOR = "; "
TAKEN = "\0"  # stands in no comment

#: Refusals that no late write can change.
_OF_THE_EVENT = (Cause.UNMAPPED_REASON, Cause.CODE_MISSING)

#: PowerSchool may carry out a write for so long after we gave it up.
LATE_WRITES = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class DayEvent:
    """One event of the day; `code` is what its reason maps to, None if unmapped."""

    id: int
    type: EventType
    occurred_at: datetime
    reason: str
    code: str | None
    is_void: bool = False
    #: A person entered it in PowerSchool: it counts, and nothing is written for it.
    is_by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What the school says about existing attendance."""

    zone: ZoneInfo
    replaceable: frozenset[str] = frozenset()
    protected: frozenset[str] = frozenset()
    keeps_first: bool = False


@dataclass(frozen=True, slots=True)
class Existing:
    """The row that PowerSchool holds; no row means present."""

    code: str
    presence: str | None
    comment: str
    comment_is_known: bool = True


@dataclass(frozen=True, slots=True)
class Write:
    """Write this code; `comment` None sends none."""

    code: str
    comment: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one event ends if the plan's write (if any) succeeds."""

    outcome: Outcome
    cause: Cause | None = None
    detail: str = ""
    covered_by: int | None = None
    #: With outcome WAITS: how long; None ends the 72 hours too (a mode to be built).
    wait: timedelta | None = None

    @property
    def is_refusal(self) -> bool:
        """Tell whether the event fails and needs a person."""
        return self.outcome is Outcome.REFUSED


@dataclass(frozen=True, slots=True)
class DayPlan:
    """At most one write, and a verdict for every event of the day."""

    write: Write | None
    verdicts: Mapping[int, Verdict]


def plan_day(
    events: Sequence[DayEvent],
    *,
    rules: Rules,
    existing: Existing | None,
    our_codes: frozenset[str],
    codes: Iterable[str],
) -> DayPlan:
    """Return what to write for all of a student's events of one school day.

    `our_codes` are the texts that we wrote, or may have written, that day; `codes`
    those of the school this year (the blank one is `""`).
    """
    known = frozenset(codes)
    verdicts = dict(_unusable(events, known))
    usable = sorted(
        (e for e in events if not e.is_void and e.id not in verdicts),
        key=lambda event: (event.occurred_at, event.id),
    )
    voided = [e for e in events if e.is_void]
    if not usable:
        return _clear(voided, rules, existing, our_codes, known, verdicts)
    winner = usable[0] if rules.keeps_first else usable[-1]
    verdicts |= {event.id: Verdict(Outcome.VOIDED, Cause.VOIDED) for event in voided}
    if winner.is_by_hand:
        return DayPlan(None, verdicts | _settled(usable, winner, is_written=False))
    comment = compose_comment(existing, usable, voided, rules.zone)
    refusal = _objection(winner, rules, existing, our_codes)
    if refusal:
        return DayPlan(None, verdicts | {event.id: refusal for event in usable})
    write = _needed(Write(winner.code or BLANK, comment), existing, our_codes)
    verdicts |= _settled(usable, winner, is_written=write is not None)
    return DayPlan(write, verdicts)


def hold_off(
    plan: DayPlan,
    *,
    existing: Existing | None,
    uncertain: Mapping[str, datetime],
    now: datetime,
) -> DayPlan:
    """Wait where PowerSchool may still carry out an earlier, other write of ours.

    A write that we gave up on can land late, and would replace what is written now,
    or what another marked. One that is seen to stand there has landed.
    """
    wanted = plan.write.code if plan.write else _standing(existing)
    open_until = [
        asked_at + LATE_WRITES
        for code, asked_at in uncertain.items()
        if code not in {wanted, _standing(existing)} and asked_at + LATE_WRITES > now
    ]
    if not open_until:
        return plan
    wait = Verdict(Outcome.WAITS, Cause.SETTLING, wait=max(open_until) - now)
    return DayPlan(
        None,
        {
            event_id: verdict if verdict.cause in _OF_THE_EVENT else wait
            for event_id, verdict in plan.verdicts.items()
        },
    )


def _standing(existing: Existing | None) -> str:
    return existing.code if existing else BLANK


def _unusable(
    events: Sequence[DayEvent], known: frozenset[str]
) -> Iterable[tuple[int, Verdict]]:
    for event in events:
        if event.is_void or event.is_by_hand:
            continue
        if not event.code:
            reason = event.reason
            yield event.id, Verdict(Outcome.REFUSED, Cause.UNMAPPED_REASON, reason)
        elif event.code not in known:
            yield event.id, Verdict(Outcome.REFUSED, Cause.CODE_MISSING, event.code)


def _objection(
    winner: DayEvent,
    rules: Rules,
    existing: Existing | None,
    our_codes: frozenset[str],
) -> Verdict | None:
    """Return why the existing attendance must stay, or None."""
    if existing is None or existing.code in {BLANK, winner.code}:
        return None
    refusal = Verdict(Outcome.REFUSED, Cause.ALREADY_MARKED, existing.code)
    if existing.code in rules.protected:
        return refusal
    if existing.code in our_codes or existing.code in rules.replaceable:
        return None
    is_dismissal = winner.type is EventType.EARLY_CHECK_OUT
    if is_dismissal and existing.presence == "Present":
        return None
    return refusal


def _needed(
    write: Write, existing: Existing | None, our_codes: frozenset[str]
) -> Write | None:
    """Return the write, or None where PowerSchool already holds it."""
    if existing is None or existing.code != write.code:
        return write
    is_ours = existing.code in our_codes
    if is_ours and write.comment is not None and write.comment != existing.comment:
        return write
    return None


def _settled(
    usable: Sequence[DayEvent], winner: DayEvent, *, is_written: bool
) -> dict[int, Verdict]:
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
    known: frozenset[str],
    verdicts: dict[int, Verdict],
) -> DayPlan:
    """Nothing is left to stand: put the blank code back where ours still stands."""
    gone = Verdict(Outcome.VOIDED, Cause.VOIDED)
    is_ours = (
        existing is not None
        and existing.code != BLANK
        and existing.code in our_codes
        and existing.code not in rules.protected
    )
    if not voided or not is_ours:
        return DayPlan(None, verdicts | {event.id: gone for event in voided})
    if BLANK not in known:
        missing = Verdict(Outcome.REFUSED, Cause.CODE_MISSING, "the blank Present code")
        return DayPlan(None, verdicts | {event.id: missing for event in voided})
    comment = compose_comment(existing, [], voided, rules.zone)
    return DayPlan(
        Write(BLANK, comment), verdicts | {event.id: gone for event in voided}
    )


def compose_comment(
    existing: Existing | None,
    events: Sequence[DayEvent],
    voided: Sequence[DayEvent],
    zone: ZoneInfo,
) -> str | None:
    """Return the comment to send: what was read, our lines added, voided ones gone.

    None where the comment could not be read: sending one would replace it.
    """
    if existing is not None and not existing.comment_is_known:
        return None
    comment = existing.comment if existing else ""
    ours = [event for event in events if not event.is_by_hand]
    live = list(dict.fromkeys(comment_line(event, zone) for event in ours))
    gone = {comment_line(event, zone) for event in voided} - set(live)
    places = _find_lines(comment, gone.union(live))
    for line in sorted(gone & places.keys(), key=places.__getitem__, reverse=True):
        comment = _cut(comment, places[line], len(line))
    missing = [line for line in live if line not in places]
    return SEPARATOR.join(filter(None, [comment, *missing]))


def _find_lines(comment: str, lines: Iterable[str]) -> dict[str, int]:
    """Return where each line stands; the long ones first, as one may begin another."""
    places = {}
    for line in sorted(lines, key=lambda line: (-len(line), line)):
        at = comment.find(line)
        if at >= 0:
            places[line] = at
            comment = comment[:at] + TAKEN * len(line) + comment[at + len(line) :]
    return places


def comment_line(event: DayEvent, zone: ZoneInfo) -> str:
    """Return `Late check-in 8:14 AM, Bus late`, the time in the school's zone."""
    what = event.type.label.capitalize()
    at = event.occurred_at.astimezone(zone).strftime("%-I:%M %p")
    return f"{what} {at}, {event.reason}" if event.reason else f"{what} {at}"


def _cut(comment: str, at: int, length: int) -> str:
    """Return the comment without these characters and one separator beside them."""
    before, after = comment[:at], comment[at + length :]
    if before.endswith(SEPARATOR):
        return before.removesuffix(SEPARATOR) + after
    return before + after.removeprefix(SEPARATOR)
