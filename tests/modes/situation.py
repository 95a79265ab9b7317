"""What a situation is: what stood before, what happened, what must come of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MONDAY, TUESDAY, HALF_DAY, HOLIDAY = (
    "2026-11-23",
    "2026-11-24",
    "2026-11-25",
    "2026-11-26",
)
LATE_REASON, EARLY_REASON = "Bus late", "Dentist"
#: Another reason, with a code of its own.
DOCTOR = "Doctor"
#: A reason that nobody gave a code, and one whose code the school has no more.
UNMAPPED, OUTDATED = "Overslept", "Old reason"

#: When a class begins and when it ends.
Bell = tuple[str, str]

#: Students by their place in the seed.
PLAIN, DOUBLED, DROPPED, ONE_BY_INTERVAL, MOVED, LEFT, WRONG = range(7)


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody does; `verb` is a method of the stage."""

    verb: str
    told: str
    given: Mapping[str, Any] = field(default_factory=dict)


def late(clock: str, reason: str = LATE_REASON) -> Act:
    """Report a late check-in."""
    told = f"late check-in {clock} ({reason})"
    return Act("report", told, {"clock": clock, "reason": reason, "is_late": True})


def leave(clock: str, reason: str = EARLY_REASON) -> Act:
    """Report an early check-out."""
    told = f"early check-out {clock} ({reason})"
    return Act("report", told, {"clock": clock, "reason": reason, "is_late": False})


def clerk(code: str | None, at: str = "", **more: Any) -> Act:
    """Let a clerk mark the student, in Meeting mode in the class `at`: `P2`, `P4/1`."""
    where = f" in {at}" if at else ""
    minutes = f", {more['total_minutes']} min" if "total_minutes" in more else ""
    comment = f" “{more['att_comment']}”" if "att_comment" in more else ""
    verb = "changes our row to" if more.get("is_ours") else "enters"
    told = f"a clerk {verb} {code or 'Present'}{minutes}{comment}{where}"
    return Act("mark", told, {"code": code, "place": at, **more})


def void(event: int = 1) -> Act:
    """Void an event, counted from 1."""
    return Act("void", f"event {event} is voided", {"event": event})


def correct(event: int = 1, *, clock: str = "", reason: str = "") -> Act:
    """Give an event another time or another reason."""
    what = " and ".join(filter(None, [clock, reason]))
    given = {"event": event, "clock": clock, "reason": reason}
    return Act("correct", f"event {event} is corrected to {what}", given)


def lose_answer(*, is_carried_out: bool) -> Act:
    """Let the answer of the next write get lost."""
    end = "was carried out" if is_carried_out else "was not carried out"
    told = f"the answer to the write, which {end}, is lost"
    return Act("lose_answer", told, {"is_carried_out": is_carried_out})


@dataclass(frozen=True, slots=True)
class Situation:
    """A line of a mode's table; `given` is delivered first, then `happens`."""

    name: str
    happens: Sequence[Act]
    before: str
    written: Sequence[str]
    after: str
    #: Of each event: how its writeback ends.
    log: Sequence[str]
    given: Sequence[Act] = ()
    #: Columns of the school that differ.
    school: Mapping[str, Any] = field(default_factory=dict)
    student: int = PLAIN
    day: str = MONDAY
    #: The day's bells where they are not the page's.
    bells: Sequence[Bell] | None = None
