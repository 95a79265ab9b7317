"""A day on which a person entered an event in PowerSchool by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.planning.days import RULES, dismissal, event, plan, row
from vmps.models import Cause, Outcome


def test_the_last_event_by_hand_stands_for_the_others():
    found = plan(event(), dismissal(is_by_hand=True))
    assert found.write is None
    assert found.verdicts[1].outcome is Outcome.COVERED
    assert found.verdicts[1].covered_by == 2


@pytest.mark.parametrize("held", ["ED", "FT", "A", "T"])
def test_what_was_entered_by_hand_is_never_overwritten_for_its_own_event(held):
    ours = frozenset({"T", "ED"})
    assert plan(dismissal(is_by_hand=True), existing=row(held)).write is None
    assert plan(
        event(), dismissal(is_by_hand=True), existing=row(held), our_codes=ours
    ).write is None  # fmt: skip


def test_by_hand_needs_no_mapped_reason():
    found = plan(event(), dismissal(is_by_hand=True, code=None))
    assert found.verdicts[1].covered_by == 2


def test_the_first_event_by_hand_stands_where_the_school_keeps_the_first():
    rules = replace(RULES, keeps_first=True)
    found = plan(event(is_by_hand=True), dismissal(), rules=rules)
    assert found.write is None
    assert found.verdicts[2].covered_by == 1


def test_a_later_dismissal_replaces_a_tardy_entered_by_hand_as_any_clerk_s():
    found = plan(event(is_by_hand=True), dismissal(), existing=row("T", "Bus broke"))
    assert found.write is not None
    assert found.write.code == "ED"
    assert found.write.comment == "Bus broke; Early check-out 1:14 PM, Dentist"


def test_a_later_event_leaves_another_code_entered_by_hand():
    late = event(3, 60, code="T")
    found = plan(event(is_by_hand=True), late, existing=row("FT"))
    assert found.write is None
    assert found.verdicts[3].cause is Cause.ALREADY_MARKED


def test_voiding_the_other_event_leaves_what_was_entered_by_hand():
    found = plan(
        event(is_void=True), dismissal(is_by_hand=True), existing=row("ED"),
        our_codes=frozenset({"T"}),
    )  # fmt: skip
    assert found.write is None
    assert found.verdicts[1].outcome is Outcome.VOIDED
