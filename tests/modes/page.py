"""`docs/modes.md`, made of the situations; `python -m tests.modes` renews it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.modes.daily import DAILY
from tests.modes.interval import INTERVAL
from tests.modes.meeting import MEETING
from tests.modes.place import BELLS, HALF, INTERVAL_MINUTES
from tests.modes.situation import Act, Situation
from tests.modes.time import TIME
from vmps.services.planning.school_day import LEAST_DAY_SECONDS

PAGE = Path(__file__).parents[2] / "docs" / "modes.md"

MODES: dict[str, tuple[str, str, Sequence[Situation]]] = {
    "daily": (
        "Daily",
        "One row a student and day. PowerSchool inserts or updates it by itself. What"
        " happened after the day's last bell is refused, where that day's bells span"
        f" {LEAST_DAY_SECONDS // 3600} hours at least: a shorter span does not tell"
        " when the day ends.",
        DAILY,
    ),
    "time": (
        "Time",
        "One row of ours a day with the minutes attended, of 180 on a whole day. A row"
        " that we add carries a mark, `[vmps 1]`, so that it is known again.",
        TIME,
    ),
    "meeting": ("Meeting", "A row for each class, P1 to P4.", MEETING),
    "interval": (
        "Interval sections",
        "Meeting mode for sections whose attendance is taken by interval: each class"
        f" is rows of {INTERVAL_MINUTES} minutes, P1/1 to P4/3.",
        INTERVAL,
    ),
}
_RULES = {
    "keeps_first_code": "keeps the first code",
    "missed_code": "missed classes: {}",
    "marks_remaining": "a dismissal marks only the class it happens in",
    "remaining_code": "classes after a dismissal: {}",
}
_HEADINGS = (
    "situation",
    "what happens",
    "PowerSchool before",
    "rows written",
    "PowerSchool after",
    "the log, by event",
)


def make_page() -> str:
    """Return the page."""
    lines = [*_introduction(), *(line for mode in MODES for line in _mode(mode))]
    return "\n".join(lines) + "\n"


def _introduction() -> Iterable[str]:
    times = ", ".join(
        f"P{number} {starts} to {ends}"
        for number, (starts, ends) in enumerate(BELLS, start=1)
    )
    yield from (
        "# What is written, mode by mode",
        "",
        "Each line is a test that delivers to a simulated PowerSchool and reads there"
        " what came of it; `.venv/bin/python -m tests.modes` renews this page.",
        "",
        f"The school's classes are {times}; on a half day the first {HALF} are held. A"
        " is replaceable, S protected. T stands for a late check-in, ED for an early"
        " check-out, TE for the reason Doctor; Present is the blank code, — no row at"
        " all. What stands before a semicolon was delivered before the rest happened;"
        " events are counted from 1.",
    )


def _mode(mode: str) -> Iterable[str]:
    title, text, situations = MODES[mode]
    yield from ("", f"## {title}", "", text, "")
    yield f"| {' | '.join(_HEADINGS)} |"
    yield f"|{'---|' * len(_HEADINGS)}"
    for situation in situations:
        yield f"| {' | '.join(_cells(situation))} |"


def _cells(situation: Situation) -> Iterable[str]:
    rules = "; ".join(
        _RULES[name].format(value)
        for name, value in situation.school.items()
        if name in _RULES
    )
    yield situation.name + (f" ({rules})" if rules else "")
    happens = [_told(situation.given), _told(situation.happens)]
    yield "; ".join(filter(None, happens))
    yield situation.before
    yield "<br>".join(situation.written) or "none"
    yield situation.after
    yield "<br>".join(situation.log)


def _told(acts: Sequence[Act]) -> str:
    return ", ".join(act.told for act in acts)


def renew() -> None:
    """Write the page."""
    PAGE.write_text(make_page())
