"""Which units need no call to PowerSchool."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.planning.days import RULES, event
from vmps.models import AttendanceMode, Cause, Outcome
from vmps.services.identity import Person
from vmps.services.planning.day import DAY
from vmps.services.triage import triage
from vmps.services.workload import SchoolView, StudentView, Unit

STUDENT = StudentView(1, "900", Person("1", "A", "B"), None, None, None)


def unit(*, mode: AttendanceMode | None = AttendanceMode.DAILY, **more: Any) -> Unit:
    is_enabled = more.pop("is_enabled", True)
    given: dict[str, Any] = {
        "events": (event(),),
        "ours": {},
        "uncertain": {},
        "is_ambiguous": False,
    } | more
    school = SchoolView(1, "1817", mode, is_enabled, RULES)
    day = date(2026, 11, 23)
    return Unit(school=school, student=STUDENT, day=day, claims=(), **given)


@pytest.mark.parametrize(
    ("school", "outcome", "cause"),
    [
        ({"is_enabled": False}, Outcome.NOT_SENT, Cause.SCHOOL_DISABLED),
        ({"mode": None}, Outcome.REFUSED, Cause.NO_MODE),
    ],
)
def test_the_school_s_settings_settle_without_a_call(
    school: dict[str, Any], outcome: Outcome, cause: Cause
) -> None:
    verdicts = triage(unit(**school))
    assert verdicts
    assert (verdicts[1].outcome, verdicts[1].cause) == (outcome, cause)
    assert triage(unit(**school, is_ambiguous=True)) is None


@pytest.mark.parametrize("mode", AttendanceMode)
def test_an_event_of_any_mode_is_read_first(mode: AttendanceMode) -> None:
    assert triage(unit(mode=mode)) is None


def test_a_void_of_what_was_never_sent_needs_no_call() -> None:
    verdicts = triage(unit(events=(event(is_void=True),)))
    assert verdicts
    assert verdicts[1].outcome is Outcome.VOIDED


def test_a_void_of_what_may_stand_is_read_first() -> None:
    gone = (event(is_void=True),)
    assert triage(unit(events=gone, ours={DAY: frozenset({"T"})})) is None
    assert triage(unit(events=gone, is_ambiguous=True)) is None
