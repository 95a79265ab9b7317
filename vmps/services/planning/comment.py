"""The comment of an attendance row: what stood there, and a line for each event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from vmps.services.planning.day import DayEvent, Existing
from vmps.words import say_time

SEPARATOR = "; "
TAKEN = "\0"  # stands in no comment


def compose_comment(
    existing: Existing | None,
    events: Sequence[DayEvent],
    voided: Sequence[DayEvent],
    zone: ZoneInfo,
) -> str | None:
    """Return the comment to send: what was read, our lines added, former ones gone.

    None where the comment could not be read: sending one would replace it.
    """
    if existing is not None and not existing.comment_is_known:
        return None
    comment = existing.comment if existing else ""
    ours = [event for event in events if not event.is_by_hand]
    live = list(dict.fromkeys(comment_line(event, zone) for event in ours))
    gone = {comment_line(event, zone) for event in voided}
    gone.update(line for event in [*ours, *voided] for line in _former(event, zone))
    gone.difference_update(live)
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
    at = say_time(event.occurred_at.astimezone(zone))
    return f"{what} {at}, {event.reason}" if event.reason else f"{what} {at}"


def _former(event: DayEvent, zone: ZoneInfo) -> Iterable[str]:
    """Return the lines that the event had before it was corrected."""
    for was in event.former:
        said = replace(event, occurred_at=was.occurred_at, reason=was.reason)
        yield comment_line(said, zone)


def _cut(comment: str, at: int, length: int) -> str:
    """Return the comment without these characters and one separator beside them."""
    before, after = comment[:at], comment[at + length :]
    if before.endswith(SEPARATOR):
        return before.removesuffix(SEPARATOR) + after
    return before + after.removeprefix(SEPARATOR)
