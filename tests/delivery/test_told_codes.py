"""The codes that an event's page tells after fixes and corrections."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW, Oakwood, make_user
from tests.delivery.conftest import Deliver, Watch
from vmps.models import Attempt, EventType, Reason, School, Student, User
from vmps.services.correct import correct_event
from vmps.services.retry import retry_writebacks
from vmps.services.tell_story import Story, Try, tell_story
from vmps.services.void import void_event
from vmps.simulator.control import Simulator

DAY = "2026-11-23"


@pytest.fixture
def oakwood(oakwood: Oakwood, watch: Watch) -> Oakwood:
    """Oakwood an hour later, with more reasons for late check-ins."""
    watch.advance(hours=1)
    late = {"school": oakwood.school, "type": EventType.LATE_CHECK_IN}
    Reason.create(**late, label="Overslept", code="A")
    Reason.create(**late, label="Gone", code="ZZ")
    make_user(oakwood.district)
    return oakwood


def story(watch: Watch) -> Story:
    return tell_story(User.get(), 1, now=watch.now)


def whys(watch: Watch) -> list[str]:
    return [one.why for one in story(watch).timeline if isinstance(one, Try)]


def correct(watch: Watch, reason: str) -> None:
    watch.advance(minutes=1)
    correct_event(1, reason=reason, actor="test", now=watch.now)
    watch.advance(minutes=1)


def test_a_refusal_keeps_its_code_after_the_correction(
    oakwood: Oakwood, deliver: Deliver, watch: Watch
) -> None:
    oakwood.report()
    correct(watch, "Gone")
    deliver()
    correct(watch, "Overslept")
    deliver()
    assert whys(watch) == [
        "PowerSchool lacks this attendance code for the school this year: ZZ.", "",
    ]  # fmt: skip
    assert story(watch).row.code == "A"


def test_what_stood_there_is_still_told_after_the_fix(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.put_attendance(500, 1817, DAY, "S")
    oakwood.report()
    deliver()
    School.update(replaceable_codes='["S"]').execute()
    retry_writebacks([1], actor="test", now=watch.now)
    deliver()
    assert whys(watch)[0].startswith("The student is already marked S in PowerSchool")


def test_another_student_s_name_is_kept_in_no_attempt(
    oakwood: Oakwood, deliver: Deliver
) -> None:
    Student.update(first_name="Anna", last_name="Novak").execute()
    oakwood.report()
    deliver()
    kept = Attempt.get()
    assert (kept.cause, kept.detail) == ("wrong_student", "")


def test_the_code_is_the_corrected_reason_s_when_another_event_s_void_writes_it(
    oakwood: Oakwood, deliver: Deliver, watch: Watch
) -> None:
    oakwood.report()
    deliver()
    out = oakwood.report(
        external_id="out",
        type=EventType.EARLY_CHECK_OUT,
        reason="Dentist",
        occurred_at=NOW + timedelta(minutes=3),
    ).event
    deliver()
    correct(watch, "Overslept")
    deliver()
    void_event(out or 0, actor="test", now=watch.now)
    deliver()
    row = story(watch).row
    assert (row.reason, row.code, row.cause) == ("Overslept", "A", None)
