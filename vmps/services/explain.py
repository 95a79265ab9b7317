"""Where a writeback stands in words that a school clerk understands, and what to do."""

from __future__ import annotations

from dataclasses import replace

from vmps.models import Cause, Outcome, Status
from vmps.services.catalogue import ALONE, CATALOGUE, Entry, Explanation
from vmps.services.planning.day import Verdict

_NO_REASON = Explanation(
    "The event came without a reason, so it has no attendance code.",
    "Enter it in PowerSchool by hand, and let the kiosk ask for a reason.",
)

_ASKED_ANEW = Explanation(
    "PowerSchool refused this record. It may know the student or the attendance code by"
    " another id by now, so both are looked up anew.",
    ALONE,
)

_WITHOUT_CAUSE = {
    Status.PENDING: Explanation("Waits to be sent."),
    Status.SUCCESSFUL: Explanation("Written to PowerSchool."),
    Status.FAILED: Explanation("It failed.", "Retry."),
    Status.NOT_SENT: Explanation("It was not sent.", "Retry."),
}


def explain_cause(cause: Cause, detail: str = "") -> Explanation:
    """Return the sentences for `cause`; never a student's name."""
    if cause is Cause.UNMAPPED_REASON and not detail.strip():
        return _NO_REASON
    return CATALOGUE[cause].filled(detail)


_VOID = {
    Cause.CODE_MISSING: Entry(
        "The event was voided; what stood in PowerSchool before cannot be put back: the"
        " school lacks this attendance code this year: {detail}.",
        "Put it right in PowerSchool by hand, or a PowerSchool administrator adds the"
        " code; then retry.",
        "unknown",
    ),
    Cause.SCHOOL_DISABLED: Entry(
        "The event was voided; the school was disabled, so nothing was taken back.",
        "Take it back in PowerSchool by hand, or enable the school and retry.",
    ),
    Cause.ENTERED_BY_HAND: Entry(
        "The event was voided; what stands in PowerSchool was entered by hand, so"
        " nothing is written.",
        "Make sure that PowerSchool does not hold it any more.",
    ),
}


def explain(
    status: Status, cause: Cause | None, detail: str = "", *, is_void: bool = False
) -> Explanation:
    """Return the sentences for where a writeback stands."""
    if is_void and cause in _VOID:
        return _VOID[cause].filled(detail)
    if is_void and status is Status.PENDING and not cause:
        return Explanation("The event was voided; it waits to be taken back.")
    if status is Status.PENDING and cause is Cause.REFUSED:
        return _ASKED_ANEW
    found = explain_cause(cause, detail) if cause else _WITHOUT_CAUSE[status]
    return _with_notes(found, detail) if status is Status.SUCCESSFUL else found


def _with_notes(found: Explanation, detail: str) -> Explanation:
    """Return it with what was left alone: of a day's classes that may be some."""
    if not detail.strip():
        return found
    return replace(found, text=f"{found.text.removesuffix('.')} ({detail}).")


#: How a sentence about what is still to come begins.
_AHEAD = {
    Outcome.REFUSED: "It would not be written:",
    Outcome.NOT_SENT: "It would not be sent:",
    Outcome.COVERED: "It would not be written:",
    Outcome.ALREADY_THERE: "Nothing would be written:",
    Outcome.WAITS: "It would wait:",
}


def explain_verdict(verdict: Verdict) -> Explanation:
    """Return the sentences for how a planned event would end; never a name."""
    if verdict.cause is None:
        return _with_notes(Explanation("It would be written."), verdict.detail)
    is_named = verdict.cause is Cause.WRONG_STUDENT
    detail = "" if is_named else verdict.detail
    found = CATALOGUE[verdict.cause].foretold(detail)
    begun = f"{_AHEAD[verdict.outcome]} {_go_on(found.text)}"
    found = replace(found, text=begun)
    return found if verdict.is_refusal else _with_notes(found, detail)


def _go_on(sentence: str) -> str:
    """Return a sentence as it stands after a colon."""
    if sentence.startswith("PowerSchool"):
        return sentence
    return sentence[:1].lower() + sentence[1:]


_OUTCOMES = {
    Outcome.STARTED: "Sent; no answer yet",
    Outcome.WRITTEN: "Written",
    Outcome.ALREADY_THERE: "Nothing to write",
    Outcome.COVERED: "Covered by another event",
    Outcome.VOIDED: "Voided",
    Outcome.REFUSED: "Not written, needs a person",
    Outcome.NOT_SENT: "Not sent",
    Outcome.AMBIGUOUS: "Sent, the answer left it open: the next try looks first",
    Outcome.THROTTLED: "Not sent, PowerSchool asked to wait",
    Outcome.WAITS: "Waited",
    Outcome.SUPERSEDED: "Put back before it was sent",
}


def explain_outcome(outcome: Outcome) -> str:
    """Return how an attempt ended, in a few words."""
    return _OUTCOMES[outcome]
