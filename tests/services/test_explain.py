"""Explanations: every cause has its sentences."""

import pytest

from vmps.models import Cause, Outcome, Status
from vmps.services.explain import explain, explain_cause, explain_verdict
from vmps.services.planning.day import Verdict

#: How planned events end that are not written, by what may be the cause.
UNWRITTEN = {
    Cause.ALREADY_THERE: Outcome.ALREADY_THERE,
    Cause.COVERED: Outcome.COVERED,
    Cause.SETTLING: Outcome.WAITS,
    Cause.SCHOOL_DISABLED: Outcome.NOT_SENT,
} | dict.fromkeys(
    [
        Cause.NO_MODE, Cause.UNMAPPED_REASON, Cause.CODE_MISSING, Cause.WRONG_STUDENT,
        Cause.STUDENT_NOT_FOUND, Cause.ALREADY_MARKED, Cause.NOT_IN_SESSION,
        Cause.NOT_ENROLLED, Cause.MOVED, Cause.NO_MEETING, Cause.OUTSIDE_DAY,
        Cause.NO_BELL_TIMES,
    ],
    Outcome.REFUSED,
)  # fmt: skip


@pytest.mark.parametrize("cause", list(Cause))
@pytest.mark.parametrize("detail", ["", "{odd} detail"])
def test_every_cause_is_explained(cause, detail):
    explanation = explain_cause(cause, detail)
    assert explanation.text.endswith(".")
    assert not explanation.fix or explanation.fix.strip()
    assert "{detail}" not in explanation.text + explanation.fix


@pytest.mark.parametrize("status", list(Status))
def test_every_status_is_explained_without_a_cause(status):
    assert explain(status, None).text


@pytest.mark.parametrize(
    "cause", [Cause.ALREADY_MARKED, Cause.CODE_MISSING, Cause.UNMAPPED_REASON]
)
def test_codes_and_reasons_stand_in_the_text(cause):
    assert "UX" in explain_cause(cause, "UX").text


@pytest.mark.parametrize(
    ("cause", "text"),
    [
        (None, "Written to PowerSchool (left P4 as S)."),
        (
            Cause.ALREADY_THERE,
            "PowerSchool already held this; nothing was written (left P4 as S).",
        ),
    ],
)
def test_what_was_left_alone_is_told_of_a_success(cause, text):
    assert explain(Status.SUCCESSFUL, cause, "left P4 as S").text == text


def test_missing_fields_stand_in_the_fix():
    line = '<field table="STUDENTS" field="ID" access="ViewOnly"/>'
    assert line in explain_cause(Cause.FIELDS_NOT_GRANTED, line).fix


def test_another_students_name_never_does():
    explanation = explain_cause(Cause.WRONG_STUDENT, "4021 is Maria Lopez")
    assert "another student" in explanation.text
    assert "Maria" not in explanation.text + explanation.fix


def test_no_reason_at_all_is_no_reason_to_give_a_code():
    explanation = explain_cause(Cause.UNMAPPED_REASON)
    assert explanation.text.startswith("The event came without a reason")
    assert "by hand" in explanation.fix


@pytest.mark.parametrize(
    "cause", [Cause.NO_MODE, Cause.UNMAPPED_REASON, Cause.CODE_MISSING]
)
def test_what_goes_on_by_itself_today_takes_a_retry_later(cause):
    fix = explain_cause(cause, "T").fix
    assert "today's events are then sent by themselves. If this one is older" in fix


def test_a_refusal_that_is_tried_once_more_asks_nothing_of_anybody():
    waiting = explain(Status.PENDING, Cause.REFUSED)
    assert "both are looked up anew" in waiting.text
    assert waiting.fix.startswith("Nothing to do")
    assert "correct what it names" in explain(Status.FAILED, Cause.REFUSED).fix


@pytest.mark.parametrize(("cause", "outcome"), UNWRITTEN.items())
def test_what_is_to_come_is_told_as_such_and_never_as_something_to_retry(
    cause, outcome
):
    told = explain_verdict(Verdict(outcome, cause, "UX"))
    begin, _, rest = told.text.partition(": ")
    assert begin in {
        "It would not be written", "It would not be sent", "Nothing would be written",
        "It would wait",
    }  # fmt: skip
    assert rest.startswith("PowerSchool") or rest[0].islower()
    said = f"{told.text} {told.fix}"
    for word in ("retry", "was ", "sent by themselves", "Nothing to do", "{", ".."):
        assert word not in said


@pytest.mark.parametrize("cause", UNWRITTEN)
def test_the_log_tells_the_same_and_what_became_of_it(cause):
    log, ahead = (
        explain_cause(cause, "UX"),
        explain_verdict(Verdict(UNWRITTEN[cause], cause, "UX")),
    )
    assert log.fix.startswith(ahead.fix.removesuffix("."))
    assert not log.text.startswith("It would")


def test_what_would_be_left_alone_is_told_ahead():
    there = Verdict(Outcome.ALREADY_THERE, Cause.ALREADY_THERE, "left P4 as S")
    assert explain_verdict(there).text == (
        "Nothing would be written: PowerSchool holds this already (left P4 as S)."
    )
