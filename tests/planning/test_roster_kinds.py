"""Which kind of id a roster holds, from what a sample found as each kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vmps.models import RosterId
from vmps.services.roster_kinds import (
    LARGEST_SAMPLE,
    MOST_WINDOWS,
    WINDOW,
    Candidate,
    Tally,
    choose_kind,
    choose_sample,
    tally_of,
)

DCID, ID, NUMBER = RosterId


def tallies(*matched: int, asked: int = 100) -> list[Tally]:
    """Return a tally for each kind; who is not matched is another student."""
    return [
        Tally(kind, count, asked - count, 0)
        for kind, count in zip(RosterId, matched, strict=True)
    ]


@pytest.mark.parametrize(
    ("matched", "asked", "kind"),
    [
        ((96, 1, 0), 100, DCID),
        ((0, 100, 0), 100, ID),
        ((2, 0, 51), 100, NUMBER),
        ((100, 10, 0), 100, DCID),
        ((100, 11, 0), 100, None),  # two fit too well
        ((100, 100, 0), 100, None),  # DCID and ID are the same numbers there
        ((50, 0, 0), 100, None),  # half of them are strangers
        ((0, 0, 0), 100, None),
        ((5, 0, 0), 5, DCID),
        ((4, 0, 0), 4, None),  # too few to say
    ],
)
def test_a_kind_is_clear_when_most_match_and_no_other_comes_near(
    matched: tuple[int, int, int], asked: int, kind: RosterId | None
) -> None:
    assert choose_kind(tallies(*matched, asked=asked)) is kind


@given(
    st.lists(st.integers(0, 100), min_size=3, max_size=3), st.permutations([0, 1, 2])
)
def test_the_order_of_the_kinds_decides_nothing(
    matched: list[int], order: list[int]
) -> None:
    found = tallies(*matched)
    shuffled = [found[place] for place in order]
    assert choose_kind(found) is choose_kind(shuffled)


@given(st.lists(st.integers(0, 100), min_size=3, max_size=3))
def test_a_clear_kind_matches_most_of_all(matched: list[int]) -> None:
    kind = choose_kind(tallies(*matched))
    counts = dict(zip(RosterId, matched, strict=True))
    assert kind is None or counts[kind] == max(matched) > 50


def test_the_sample_is_counted_by_who_was_found() -> None:
    found = {1: True, 2: True, 3: False, 4: None}
    tally = tally_of(DCID, found)
    assert (tally.matched, tally.mismatched, tally.missing, tally.asked) == (2, 1, 1, 4)


candidates = st.lists(
    st.builds(
        Candidate,
        st.integers(1, 5000),
        st.integers(1, 6),
        st.integers(0, 3000) | st.integers(0, 10**9),
    ),
    max_size=300,
    unique_by=lambda one: one.student_id,
)


@given(candidates, st.randoms(use_true_random=False))
def test_a_sample_is_small_takes_few_calls_and_is_always_the_same(
    roster: list[Candidate], chance: object
) -> None:
    sample = choose_sample(roster)
    assert len(sample) <= LARGEST_SAMPLE
    assert set(sample) <= set(roster)
    assert bool(sample) == bool(roster)
    numbers = sorted(one.number for one in sample)
    calls = 0
    while numbers:
        calls += 1
        numbers = [n for n in numbers if n >= numbers[0] + WINDOW]
    assert calls <= MOST_WINDOWS
    assert choose_sample(list(reversed(roster))) == sample


def test_a_sample_is_of_many_schools() -> None:
    big = [Candidate(n, 1, n) for n in range(1000)]
    small = [
        Candidate(2000 + 10 * school + n, school, school * 10_000 + n)
        for school in range(2, 5)
        for n in range(24)
    ]
    sample = choose_sample(big + small)
    assert {one.school_id for one in sample} == {1, 2, 3, 4}
