"""What a void or a correction is said to do, for every situation of a day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW, Oakwood, make_oakwood
from tests.owed import attempt
from vmps.models import EventType, Outcome, Reason, School, Writeback
from vmps.services.ask_change import ask_void, preview_correction

pytestmark = pytest.mark.usefixtures("settings")
OTHERS = "What somebody else marked in PowerSchool since then stays."
LATER = NOW + timedelta(hours=6)


@pytest.fixture
def oakwood(settings: object) -> Oakwood:
    """Oakwood with one late check-in, number 1, and a second reason."""
    found = make_oakwood()
    found.report()
    late = {"school": found.school, "type": EventType.LATE_CHECK_IN}
    Reason.create(**late, label="Overslept", code="A")
    return found


def leave(oakwood: Oakwood, hours: int = 5) -> None:
    """Report an early check-out of the same student and day, number 2."""
    oakwood.report(
        external_id="out", type=EventType.EARLY_CHECK_OUT, reason="Dentist",
        occurred_at=NOW + timedelta(hours=hours),
    )  # fmt: skip


def written(code: str, event: int = 1) -> None:
    row = Writeback.get(Writeback.event == event)
    attempt(row, code=code)
    Writeback.update(status="successful").execute()


def void(event: int = 1) -> str:
    first, *more = ask_void(event, now=LATER).foreseen
    assert more in ([], [OTHERS])
    return first


def correct(event: int = 1, minutes: int = 0, reason: str | None = None) -> str:
    at = NOW + timedelta(minutes=minutes)
    said = preview_correction(event, occurred_at=at, reason=reason, now=LATER)
    assert said[0].startswith("You change the ")
    return said[1]


def test_a_void_of_what_was_never_written(oakwood):
    assert void() == (
        "PowerSchool holds nothing that was written for it: nothing is sent."
    )


def test_a_void_of_the_day_s_only_event(oakwood):
    written("T")
    assert void() == "PowerSchool's T is taken back: the day becomes Present again."


def test_a_void_puts_back_what_was_replaced(oakwood):
    attempt(Writeback.get(), code="T", prior_code="A")
    Writeback.update(status="successful").execute()
    assert void() == "PowerSchool's T is taken back: the day becomes A again."


def test_a_void_of_the_last_event_lets_the_one_before_stand(oakwood):
    leave(oakwood)
    written("ED", 2)
    assert void(2) == "PowerSchool's ED becomes T, for the Late Check-in at 8:14 AM."


def test_a_void_of_a_covered_event_changes_the_comment_alone(oakwood):
    leave(oakwood)
    written("ED", 2)
    assert void(1) == (
        "PowerSchool keeps ED, for the Early Check-out at 1:14 PM; only the comment is"
        " brought in line."
    )


def test_where_the_first_code_stays_the_first_stands(oakwood):
    School.update(keeps_first_code=True).execute()
    leave(oakwood)
    written("T")
    assert void(1) == "PowerSchool's T becomes ED, for the Early Check-out at 1:14 PM."


def test_a_void_beside_one_that_was_entered_by_hand(oakwood):
    leave(oakwood)
    Writeback.update(status="not_sent", cause="entered_by_hand").where(
        Writeback.event == 2
    ).execute()
    assert void(1) == "Another event of the day was entered by hand: that one stays."


def test_one_that_was_not_sent_does_not_come_to_stand(oakwood):
    leave(oakwood)
    written("ED", 2)
    Writeback.update(status="not_sent", cause="school_disabled").where(
        Writeback.event == 1
    ).execute()
    assert void(2) == "PowerSchool's ED is taken back: the day becomes Present again."


def test_corrections_by_what_they_change(oakwood):
    assert correct(reason="Overslept") == "PowerSchool gets A."
    written("T")
    assert correct(reason="Overslept") == "PowerSchool's T becomes A."
    assert correct(minutes=6) == (
        "PowerSchool keeps T; only the comment is brought in line."
    )
    leave(oakwood, hours=1)
    Writeback.update(status="successful").execute()
    assert correct(minutes=90) == (
        "PowerSchool keeps T; only the comment is brought in line."
    )


def test_a_correction_of_what_cannot_be_sent(oakwood):
    Reason.update(code=None).execute()
    assert correct(minutes=6) == (
        "Its reason has no attendance code, so it cannot be sent."
    )
    Writeback.update(status="not_sent", cause="school_disabled").execute()
    assert "press Retry to send it" in correct(minutes=6)


def test_what_stood_by_one_entered_by_hand_is_named(oakwood):
    leave(oakwood)
    Writeback.update(status="not_sent", cause="entered_by_hand").where(
        Writeback.event == 2
    ).execute()
    Writeback.update(status="successful", cause="covered", covered_by=2).where(
        Writeback.event == 1
    ).execute()
    sentences = ask_void(2, now=LATER).foreseen
    assert "is looked at again, and sent" in sentences[1]


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        ("time", "code and minutes of that day are written anew"),
        ("meeting", "gets back what it held before"),
        (None, "nothing is sent until one is chosen"),
    ],
)
def test_other_modes_are_told_in_their_own_words(oakwood, mode, told):
    School.update(mode=mode).execute()
    assert told in void()


def test_a_doubtful_write_counts_as_held(oakwood):
    attempt(Writeback.get(), code="T", outcome=Outcome.AMBIGUOUS)
    assert void() == "PowerSchool's T is taken back: the day becomes Present again."
