"""What an import of codes changed: pure comparison, and how it is said."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import NOW, make_district, make_school
from vmps import models
from vmps.config import Settings
from vmps.powerschool import AttendanceCode
from vmps.services.fetch_codes import FetchedCodes
from vmps.services.store_codes import (
    CodeChanges,
    compare_codes,
    find_unmatched,
    say_unmatched,
    store_codes,
)

BEFORE = {
    1: ("", "Present", "Present"),
    2: ("T", "Tardy", "Present"),
    3: ("LE", "Left", "Present"),
}


def changed(**codes: tuple[str, str, str | None] | None) -> dict[int, Any]:
    """Return the codes before with these ids changed: `_3=None` takes one away."""
    after = BEFORE | {int(key[1:]): told for key, told in codes.items()}
    return {key: told for key, told in after.items() if told is not None}


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (changed(), []),
        (changed(_4=("LX", "Late", None)), ["1 new (LX)"]),
        (changed(_3=None), ["1 gone (LE)"]),
        (changed(_2=("TDY", "Tardy", "Present")), ["1 renamed (T → TDY)"]),
        (changed(_2=("T", "Tardy", "Absent")), ["1 changed (T)"]),
        (changed(_1=("", "Here", "Present")), []),
        (
            changed(_2=("TDY", "x", None), _3=None, _4=("A", "", None)),
            ["1 new (A)", "1 renamed (T → TDY)", "1 gone (LE)"],
        ),
    ],
)
def test_each_change_is_said(after: dict[int, Any], words: list[str]) -> None:
    assert compare_codes(BEFORE, after, is_same_year=True).words() == words


def test_another_year_s_ids_are_no_renames() -> None:
    after = {key + 100: told for key, told in changed(_3=None).items()}
    assert compare_codes(BEFORE, after, is_same_year=False).words() == ["1 gone (LE)"]
    clash = {2: ("LE", "Left", "Present"), 3: ("T", "Tardy", "Present")}
    assert compare_codes(BEFORE, clash, is_same_year=False) == CodeChanges()


_texts = st.sampled_from(["", "A", "T", "LE", "TDY", "t"])
_sets = st.dictionaries(
    st.integers(1, 9), st.tuples(_texts, st.just(""), st.none()), max_size=6
)


@given(before=_sets, after=_sets, is_same=st.booleans())
def test_old_and_new_texts_are_all_accounted_for(
    before: Any, after: Any, *, is_same: bool
) -> None:
    changes = compare_codes(before, after, is_same_year=is_same)
    old = {told[0] for told in before.values()} - {""}
    new = {told[0] for told in after.values()} - {""}
    renamed_to = {pair[1] for pair in changes.renamed}
    renamed_from = {pair[0] for pair in changes.renamed}
    assert set(changes.gone) | (old & new) | renamed_from >= old - {""}
    assert set(changes.new) | (old & new) | renamed_to >= new
    assert not set(changes.new) & old
    assert not set(changes.gone) & new


def test_unmatched_codes_are_said_with_how_many_there_are() -> None:
    assert find_unmatched(("LX", "T", "TE"), {"T", "t"}) == ("LX", "TE")
    assert say_unmatched(("LX", "TE"), 9, 37) == (
        "2 of 9 mapped codes do not exist in 2027-28: LX, TE."
    )


def test_more_codes_than_one_statement_takes_are_stored(settings: Settings) -> None:
    school = make_school(make_district())
    codes = [AttendanceCode(i, f"C{i}", "", "Present", 36) for i in range(1, 10_001)]
    done = store_codes(school, FetchedCodes(36, codes), actor="test", now=NOW)
    assert done.count == models.AttendanceCode.select().count() == 10_000
