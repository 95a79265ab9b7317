"""Every cause in words that a school clerk understands, with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vmps.models import Cause, Outcome, Status
from vmps.services.planning.day import Verdict


@dataclass(frozen=True, slots=True)
class Explanation:
    """What happened, and who does what; no fix where nobody has to do anything."""

    text: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    """The sentences of one cause; `{detail}` is its detail, `otherwise` without."""

    text: str
    fix: str = ""
    otherwise: str = ""

    def filled(self, detail: str) -> Explanation:
        """Return the sentences with the detail in its place."""
        detail = detail.strip() or self.otherwise
        return Explanation(
            self.text.format(detail=detail), self.fix.format(detail=detail)
        )


_ALONE = "Nothing to do: it is tried again by itself."

_CATALOGUE = {
    Cause.ALREADY_THERE: _Entry("PowerSchool already held this; nothing was written."),
    Cause.COVERED: _Entry(
        "Another event of the same student and day stands in PowerSchool for this one."
    ),
    Cause.VOIDED: _Entry("The event was voided, so it counts no more."),
    Cause.NETWORK: _Entry("PowerSchool could not be reached.", _ALONE),
    Cause.TIMED_OUT: _Entry("PowerSchool did not answer in time.", _ALONE),
    Cause.SERVER_ERROR: _Entry("PowerSchool answered that it has a problem.", _ALONE),
    Cause.MALFORMED_ANSWER: _Entry(
        "PowerSchool's answer could not be understood.",
        _ALONE + " If it lasts, check the PowerSchool URL.",
    ),
    Cause.INTERRUPTED: _Entry("Sending was interrupted on our side.", _ALONE),
    Cause.READ_BACK_DIFFERS: _Entry(
        "PowerSchool took the change, but showed another code afterwards.", _ALONE
    ),
    Cause.INTERNAL_ERROR: _Entry(
        "Something went wrong on our side.",
        _ALONE + " If it lasts, tell whoever runs this server.",
    ),
    Cause.SETTLING: _Entry(
        "An earlier try of this day may still reach PowerSchool; this one waits a"
        " minute so that the right one comes last.",
        "Nothing to do: it will be sent.",
    ),
    Cause.THROTTLED: _Entry(
        "PowerSchool is busy or down for maintenance, or asked us to send more slowly.",
        "Nothing to do: it will be sent.",
    ),
    Cause.CREDENTIALS_REFUSED: _Entry(
        "PowerSchool refused the district's Client ID and Client Secret.",
        "A PowerSchool administrator checks that the plugin is enabled; a District"
        " Admin saves its Client ID and Client Secret again.",
    ),
    Cause.TLS_REFUSED: _Entry(
        "The secure connection to PowerSchool could not be made.",
        "A PowerSchool administrator checks the server's certificate.",
    ),
    Cause.ADDRESS_REFUSED: _Entry(
        "The PowerSchool URL points to a network address that is not allowed.",
        "A District Admin checks the PowerSchool URL.",
    ),
    Cause.FIELDS_NOT_GRANTED: _Entry(
        "The PowerSchool plugin may not use everything that is needed.",
        "A PowerSchool administrator adds to the plugin: {detail}",
        "the fields that Test connection lists",
    ),
    Cause.NO_CONNECTION: _Entry(
        "The district is not connected to PowerSchool yet.",
        "A District Admin saves the PowerSchool connection.",
    ),
    Cause.NO_MODE: _Entry(
        "The school has no attendance mode yet.",
        "An admin chooses the school's attendance mode: today's events are then sent by"
        " themselves. If this one is older, then retry.",
    ),
    Cause.UNMAPPED_REASON: _Entry(
        "The reason has no attendance code: {detail}.",
        "An admin gives the reason a code: today's events are then sent by themselves."
        " If this one is older, then retry.",
    ),
    Cause.CODE_MISSING: _Entry(
        "PowerSchool lacks this attendance code for the school this year: {detail}.",
        "An admin gives the reason another code: today's events are then sent by"
        " themselves. If this one is older, or a PowerSchool administrator adds the"
        " code instead, then retry.",
        "unknown",
    ),
    Cause.WRONG_STUDENT: _Entry(
        "The student's id belongs to another student in PowerSchool, so nothing was"
        " written.",
        "If many events fail so, a District Admin presses Detect on Settings: the"
        " roster may hold another kind of id. Otherwise correct the student's id in the"
        " roster, and let whoever runs this server import it again; then retry.",
    ),
    Cause.STUDENT_NOT_FOUND: _Entry(
        "PowerSchool cannot tell which student this is: {detail}.",
        "Check the student's id in the roster, and on Settings which kind of id it"
        " has. Let whoever runs this server import the roster again; then retry.",
        "none or several have this id",
    ),
    Cause.ALREADY_MARKED: _Entry(
        "The student is already marked {detail} in PowerSchool; that was not"
        " overwritten.",
        "If the event is right, change it in PowerSchool by hand. Or an admin allows"
        " that code to be replaced at the school: today's events are then sent by"
        " themselves. If this one is older, then retry.",
        "otherwise",
    ),
    Cause.NOT_IN_SESSION: _Entry(
        "The school is not in session on that day in PowerSchool.",
        "A PowerSchool administrator checks the school's calendar; then retry.",
    ),
    Cause.NOT_ENROLLED: _Entry(
        "PowerSchool does not have the student enrolled at this school on that day:"
        " {detail}.",
        "Check the student's enrollment in PowerSchool; then retry.",
        "no dates are known",
    ),
    Cause.MOVED: _Entry(
        "PowerSchool has the student at another school on that day: {detail}.",
        "Check at which school the student is in PowerSchool. If the event belongs to"
        " this one, correct the enrollment there; then retry.",
        "not this one",
    ),
    Cause.NO_MEETING: _Entry(
        "The student has no class in PowerSchool at that time: {detail}.",
        "Check the time of the event and the student's schedule in PowerSchool, and"
        " correct whichever is wrong; then retry.",
        "none that day",
    ),
    Cause.OUTSIDE_DAY: _Entry(
        "The event is outside the school's day in PowerSchool: {detail}.",
        "Check the time of the event and the day's bell schedule in PowerSchool; then"
        " retry.",
        "no bell schedule that day",
    ),
    Cause.NO_BELL_TIMES: _Entry(
        "PowerSchool has no bell schedule for the school on that day, so minutes cannot"
        " be counted.",
        "A PowerSchool administrator gives the day a bell schedule; then retry.",
    ),
    Cause.REFUSED: _Entry(
        "PowerSchool refused this record.",
        "The attempts show PowerSchool's answer; correct what it names, then retry.",
    ),
    Cause.GAVE_UP: _Entry(
        "It could not be sent for 72 hours.",
        "Test the connection, then retry: the 72 hours begin anew.",
    ),
    Cause.SCHOOL_DISABLED: _Entry(
        "The school was disabled, so this was not sent.",
        "Enter it in PowerSchool by hand, or enable the school and retry.",
    ),
    Cause.ENTERED_BY_HAND: _Entry("Somebody entered it in PowerSchool by hand."),
}

_NO_REASON = Explanation(
    "The event came without a reason, so it has no attendance code.",
    "Enter it in PowerSchool by hand, and let the kiosk ask for a reason.",
)

_ASKED_ANEW = Explanation(
    "PowerSchool refused this record. The student may have another record there by now,"
    " so PowerSchool is asked anew who it is.",
    _ALONE,
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
    return _CATALOGUE[cause].filled(detail)


_VOID = {
    Cause.CODE_MISSING: _Entry(
        "The event was voided; what stood in PowerSchool before cannot be put back: the"
        " school lacks this attendance code this year: {detail}.",
        "Put it right in PowerSchool by hand, or a PowerSchool administrator adds the"
        " code; then retry.",
        "unknown",
    ),
    Cause.SCHOOL_DISABLED: _Entry(
        "The event was voided; the school was disabled, so nothing was taken back.",
        "Take it back in PowerSchool by hand, or enable the school and retry.",
    ),
    Cause.ENTERED_BY_HAND: _Entry(
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


def explain_verdict(verdict: Verdict) -> Explanation:
    """Return the sentences for how a planned event would end; never a name."""
    if verdict.cause is None:
        return _with_notes(Explanation("It would be written."), verdict.detail)
    is_named = verdict.cause is Cause.WRONG_STUDENT
    return explain_cause(verdict.cause, "" if is_named else verdict.detail)


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
