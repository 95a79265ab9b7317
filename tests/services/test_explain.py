"""Explanations: every cause has its sentences."""

import pytest

from vmps.models import Cause, Status
from vmps.services.explain import explain, explain_cause


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
    assert "asked anew who it is" in waiting.text
    assert waiting.fix.startswith("Nothing to do")
    assert "correct what it names" in explain(Status.FAILED, Cause.REFUSED).fix
