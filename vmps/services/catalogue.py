"""The catalogue: what is said of each cause, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from vmps.models import Cause


@dataclass(frozen=True, slots=True)
class Explanation:
    """What happened, and who does what; no fix where nobody has to do anything."""

    text: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """The sentences of one cause; `{detail}` is its detail, `otherwise` without."""

    text: str
    fix: str = ""
    otherwise: str = ""
    #: How the log ends both sentences: what became of it, and that it is sent after.
    done: str = ""
    then: str = ""
    #: The text before anything happened, where it is another.
    ahead: str = ""

    def filled(self, detail: str) -> Explanation:
        """Return the log's sentences with the detail in its place."""
        return Explanation(
            self._fill(_ended(self.text, self.done), detail),
            self._fill(_ended(self.fix, self.then), detail),
        )

    def foretold(self, detail: str) -> Explanation:
        """Return them as they are before anything was sent."""
        text = self.ahead or self.text
        return Explanation(self._fill(text, detail), self._fill(self.fix, detail))

    def _fill(self, text: str, detail: str) -> str:
        return text.format(detail=detail.strip() or self.otherwise)


def _ended(sentence: str, ending: str) -> str:
    return f"{sentence.removesuffix('.')}{ending}." if ending else sentence


ALONE = "Nothing to do: it is tried again by itself."
_RETRY = "; then retry"
_BY_ITSELF = (
    ": today's events are then sent by themselves. If this one is older, then retry"
)

CATALOGUE = {
    Cause.ALREADY_THERE: Entry(
        "PowerSchool already held this.",
        done="; nothing was written",
        ahead="PowerSchool holds this already.",
    ),
    Cause.COVERED: Entry(
        "Another event of the same student and day stands in PowerSchool for this one."
    ),
    Cause.VOIDED: Entry("The event was voided, so it counts no more."),
    Cause.NETWORK: Entry("PowerSchool could not be reached.", ALONE),
    Cause.TIMED_OUT: Entry("PowerSchool did not answer in time.", ALONE),
    Cause.SERVER_ERROR: Entry("PowerSchool answered that it has a problem.", ALONE),
    Cause.MALFORMED_ANSWER: Entry(
        "PowerSchool's answer could not be understood.",
        ALONE + " If it lasts, check the PowerSchool URL.",
    ),
    Cause.INTERRUPTED: Entry("Sending was interrupted on our side.", ALONE),
    Cause.READ_BACK_DIFFERS: Entry(
        "PowerSchool took the change, but showed another code afterwards.", ALONE
    ),
    Cause.INTERNAL_ERROR: Entry(
        "Something went wrong on our side.",
        ALONE + " If it lasts, tell whoever runs this server.",
    ),
    Cause.SETTLING: Entry(
        "An earlier try of this day may still reach PowerSchool.",
        done="; this one waits a minute so that the right one comes last",
        then="Nothing to do: it will be sent",
    ),
    Cause.THROTTLED: Entry(
        "PowerSchool is busy or down for maintenance, or asked us to send more slowly.",
        "Nothing to do: it will be sent.",
    ),
    Cause.CREDENTIALS_REFUSED: Entry(
        "PowerSchool refused the district's Client ID and Client Secret.",
        "A PowerSchool administrator checks that the plugin is enabled; a District"
        " Admin saves its Client ID and Client Secret again.",
    ),
    Cause.TLS_REFUSED: Entry(
        "The secure connection to PowerSchool could not be made.",
        "A PowerSchool administrator checks the server's certificate.",
    ),
    Cause.ADDRESS_REFUSED: Entry(
        "The PowerSchool URL points to a network address that is not allowed.",
        "A District Admin checks the PowerSchool URL.",
    ),
    Cause.FIELDS_NOT_GRANTED: Entry(
        "The PowerSchool plugin may not use everything that is needed.",
        "A PowerSchool administrator adds to the plugin: {detail}",
        "the fields that Test connection lists",
    ),
    Cause.NO_CONNECTION: Entry(
        "The district is not connected to PowerSchool yet.",
        "A District Admin saves the PowerSchool connection.",
    ),
    Cause.NO_MODE: Entry(
        "The school has no attendance mode yet.",
        "An admin chooses the school's attendance mode.",
        then=_BY_ITSELF,
    ),
    Cause.UNMAPPED_REASON: Entry(
        "The reason has no attendance code: {detail}.",
        "An admin gives the reason a code.",
        then=_BY_ITSELF,
    ),
    Cause.CODE_MISSING: Entry(
        "PowerSchool lacks this attendance code for the school this year: {detail}.",
        "An admin gives the reason another code, or imports the codes again once a"
        " PowerSchool administrator has added it.",
        "unknown",
        then=_BY_ITSELF,
    ),
    Cause.WRONG_STUDENT: Entry(
        "The student's id belongs to another student in PowerSchool.",
        "If many events fail so, a District Admin presses Detect on Settings: the"
        " roster may hold another kind of id. Otherwise correct the student's id in the"
        " roster, and let whoever runs this server import it again.",
        done=", so nothing was written",
        then=_RETRY,
    ),
    Cause.STUDENT_NOT_FOUND: Entry(
        "PowerSchool cannot tell which student this is: {detail}.",
        "Check the student's id in the roster, and on Settings which kind of id it"
        " has. Let whoever runs this server import the roster again.",
        "none or several have this id",
        then=_RETRY,
    ),
    Cause.ALREADY_MARKED: Entry(
        "The student is already marked {detail} in PowerSchool.",
        "If the event is right, change it in PowerSchool by hand. Or an admin allows"
        " that code to be replaced at the school.",
        "otherwise",
        done="; that was not overwritten",
        then=_BY_ITSELF,
    ),
    Cause.NOT_IN_SESSION: Entry(
        "The school is not in session on that day in PowerSchool.",
        "A PowerSchool administrator checks the school's calendar.",
        then=_RETRY,
    ),
    Cause.NOT_ENROLLED: Entry(
        "PowerSchool does not have the student enrolled at this school on that day:"
        " {detail}.",
        "Check the student's enrollment in PowerSchool.",
        "no dates are known",
        then=_RETRY,
    ),
    Cause.MOVED: Entry(
        "PowerSchool has the student at another school on that day: {detail}.",
        "Check at which school the student is in PowerSchool. If the event belongs to"
        " this one, correct the enrollment there.",
        "not this one",
        then=_RETRY,
    ),
    Cause.NO_MEETING: Entry(
        "The student has no class in PowerSchool at that time: {detail}.",
        "Check the time of the event and the student's schedule in PowerSchool, and"
        " correct whichever is wrong.",
        "none that day",
        then=_RETRY,
    ),
    Cause.OUTSIDE_DAY: Entry(
        "The event is outside the school's day in PowerSchool: {detail}.",
        "Check the time of the event and the day's bell schedule in PowerSchool.",
        "no bell schedule that day",
        then=f"{_RETRY}. If both are right, enter it in PowerSchool by hand",
    ),
    Cause.NO_BELL_TIMES: Entry(
        "PowerSchool has no bell schedule for the school on that day, so minutes cannot"
        " be counted.",
        "A PowerSchool administrator gives the day a bell schedule.",
        then=_RETRY,
    ),
    Cause.REFUSED: Entry(
        "PowerSchool refused this record.",
        "The attempts show PowerSchool's answer; correct what it names, then retry.",
    ),
    Cause.GAVE_UP: Entry(
        "It could not be sent for 72 hours.",
        "Test the connection, then retry: the 72 hours begin anew.",
    ),
    Cause.SCHOOL_DISABLED: Entry(
        "The school was disabled.",
        "Enter it in PowerSchool by hand, or enable the school.",
        done=", so this was not sent",
        then=" and retry",
        ahead="The school is disabled.",
    ),
    Cause.ENTERED_BY_HAND: Entry("Somebody entered it in PowerSchool by hand."),
}
