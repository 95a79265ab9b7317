"""What is missing from the plugin, put together for who can add it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vmps.services.steps import Lack, Step


@dataclass(frozen=True, slots=True)
class LackGroup:
    """The missing lines that the same uses wait for."""

    uses: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def title(self) -> str:
        """Return what needs these lines."""
        return f"{join_words(self.uses)} {'needs' if len(self.uses) == 1 else 'need'}"


def group_lacks(steps: Sequence[Step]) -> tuple[LackGroup, ...]:
    """Return the missing lines of all steps, each once, by what waits for them."""
    uses_of: dict[str, list[str]] = {}
    for lack in _lacks(steps):
        known = uses_of.setdefault(lack.line, [])
        known.extend(use for use in lack.uses if use not in known)
    groups: dict[tuple[str, ...], list[str]] = {}
    for line, uses in uses_of.items():
        groups.setdefault(tuple(uses), []).append(line)
    return tuple(LackGroup(uses, tuple(lines)) for uses, lines in groups.items())


def _lacks(steps: Sequence[Step]) -> list[Lack]:
    return [lack for step in steps for lack in step.lacks]


def request_text(groups: Sequence[LackGroup]) -> str:
    """Return one block for the plugin's `access_request`: XML that says why."""
    blocks = ["\n".join((f"<!-- {g.title}: -->", *g.lines)) for g in groups]
    return "\n".join(blocks)


def join_words(words: Sequence[str]) -> str:
    """Return `Daily mode, Time mode and Meeting mode`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
