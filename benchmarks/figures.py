"""Figures: samples of one measured thing, its target, and the table of them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median


class Aim(StrEnum):
    """On which side of its target a figure should be."""

    AT_LEAST = ">="
    AT_MOST = "<="
    SHOWN = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what was measured, once a run, and what it should be."""

    name: str
    samples: Sequence[float]
    aim: Aim = Aim.SHOWN
    target: float = 0.0
    unit: str = ""

    @property
    def is_met(self) -> bool:
        """Tell whether the median is on the right side of the target."""
        middle = median(self.samples)
        if self.aim is Aim.AT_LEAST:
            return middle >= self.target
        return self.aim is Aim.SHOWN or middle <= self.target

    def cells(self) -> tuple[str, ...]:
        """Return the columns of the table."""
        spread = f"{_number(min(self.samples))}..{_number(max(self.samples))}"
        wanted = f"{self.aim} {_number(self.target)}" if self.aim else ""
        verdict = ("met" if self.is_met else "NOT MET") if self.aim else ""
        middle = f"{_number(median(self.samples))} {self.unit}".strip()
        return self.name, middle, spread, wanted, verdict


HEADINGS = ("figure", "median", "min..max", "target", "")


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as lines of plain text, columns aligned."""
    rows = [HEADINGS, *(figure.cells() for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(map(str.ljust, row, widths)).rstrip()  # type: ignore[arg-type]
        for row in rows
    )


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _number(value: float) -> str:
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
