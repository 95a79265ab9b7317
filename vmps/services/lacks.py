"""What is missing from the plugin, put together for who can add it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vmps.powerschool.plugin import Use
from vmps.services.steps import Lack, Step


@dataclass(frozen=True, slots=True)
class LackGroup:
    """The missing lines that the same uses wait for."""

    uses: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def title(self) -> str:
        """Return what these lines are for."""
        return f"Needed for {name_uses(self.uses)}"


def group_lacks(steps: Sequence[Step]) -> tuple[LackGroup, ...]:
    """Return the missing lines of all steps, each once, by what waits for them.

    PowerSchool spells names as it likes: the first spelling stays, which is ours.
    """
    found: dict[str, Lack] = {}
    for step in steps:
        for lack in step.lacks:
            found.setdefault(lack.line.lower(), lack)
    groups: dict[tuple[str, ...], list[str]] = {}
    for lack in found.values():
        groups.setdefault(lack.uses, []).append(lack.line)
    return tuple(LackGroup(uses, tuple(lines)) for uses, lines in groups.items())


def request_text(groups: Sequence[LackGroup]) -> str:
    """Return one block for the plugin's `access_request`: XML that says why."""
    blocks = ["\n".join((f"<!-- {g.title}: -->", *g.lines)) for g in groups]
    return "\n".join(blocks)


def name_uses(uses: Sequence[str]) -> str:
    """Return what waits, in words."""
    modes = (Use.DAILY, Use.TIME, Use.MEETING)
    if set(modes) <= set(uses):
        return join_words(
            ("all attendance modes", *(u for u in uses if u not in modes))
        )
    return join_words(uses)


def join_words(words: Sequence[str]) -> str:
    """Return `Daily mode, Time mode and Meeting mode`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
