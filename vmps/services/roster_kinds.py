"""Which kind of id a roster holds, decided from a sample of its students."""

# Pure functions. The numbers of the three kinds overlap, so that each kind finds
# somebody for most ids: what tells them apart is who is found.

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from vmps.models import RosterId

#: Numbers that one call looks up: as many as one page has rows.
WINDOW = 100
#: Windows asked for, of each kind.
MOST_WINDOWS = 4
LARGEST_SAMPLE = 100
#: Fewer students that agree may be chance.
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A student of the roster whose SIS ID is a number."""

    student_id: int
    school_id: int
    number: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the sample when its ids were taken for one kind."""

    kind: RosterId
    matched: int
    mismatched: int
    missing: int

    @property
    def asked(self) -> int:
        """Return the size of the sample."""
        return self.matched + self.mismatched + self.missing

    @property
    def unfit(self) -> int:
        """Return how many would be another student, or nobody."""
        return self.mismatched + self.missing

    @property
    def fits(self) -> bool:
        """Tell whether most of the sample is the same student by this kind."""
        return self.matched > self.unfit


def choose_kind(tallies: Sequence[Tally]) -> RosterId | None:
    """Return the kind that fits most of the sample where no other comes near."""
    ranked = sorted(tallies, key=lambda tally: tally.matched, reverse=True)
    if not ranked:
        return None
    best, others = ranked[0], ranked[1:]
    is_most = best.matched >= FEWEST and best.fits
    is_alone = all(other.matched * 10 <= best.matched for other in others)
    return best.kind if is_most and is_alone else None


def choose_sample(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return students of many schools whose ids few calls can look up.

    The same roster always gives the same sample.
    """
    windows = _windows(sorted(candidates, key=lambda one: (one.number, one.student_id)))
    chosen: list[list[Candidate]] = []
    seen: set[int] = set()
    while windows and len(chosen) < MOST_WINDOWS:
        best = max(windows, key=lambda window: _worth(window, seen))
        windows.remove(best)
        chosen.append(best)
        seen |= {one.school_id for one in best}
    if not chosen:
        return []
    share = LARGEST_SAMPLE // len(chosen)
    return [one for window in chosen for one in _thin(window, share)]


def _windows(ordered: Sequence[Candidate]) -> list[list[Candidate]]:
    windows: list[list[Candidate]] = []
    for one in ordered:
        if windows and one.number - windows[-1][0].number < WINDOW:
            windows[-1].append(one)
        else:
            windows.append([one])
    return windows


def _worth(window: Sequence[Candidate], seen: Collection[int]) -> int:
    """Count its students, and each school that was not seen yet for five."""
    counted = min(len(window), LARGEST_SAMPLE // MOST_WINDOWS)
    return counted + 5 * len({one.school_id for one in window} - set(seen))


def _thin(window: Sequence[Candidate], most: int) -> Sequence[Candidate]:
    """Return at most so many, evenly from all of it."""
    if len(window) <= most:
        return window
    return [window[place * len(window) // most] for place in range(most)]


def tally_of(kind: RosterId, found: Mapping[int, bool | None]) -> Tally:
    """Count the sample: the same student, another one (False), none (None)."""
    values = list(found.values())
    return Tally(kind, values.count(True), values.count(False), values.count(None))
