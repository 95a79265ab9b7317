"""Everything that Test connection may find wrong: its words, its fix, whose turn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vmps.services.steps import Lack, Step, StepName, StepStatus
from vmps.services.turns import Turn

FAILED, WARNING = StepStatus.FAILED, StepStatus.WARNING

_INSTALL = (
    "Install the plugin of this release over the older one, or add the lines below."
)
_AGAIN = "Test again in a minute."


class StepFault(StrEnum):
    """One word per thing that may be wrong; commands do not print it."""

    BAD_ADDRESS = "bad_address"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    SECRET_UNREADABLE = "secret_unreadable"  # noqa: S105 a word
    CREDENTIALS_REFUSED = "credentials_refused"
    NO_ACCESS_LEVEL = "no_access_level"
    UNKNOWN_PLUGIN = "unknown_plugin"
    NO_SCHOOLS = "no_schools"
    FIELDS_MISSING = "fields_missing"
    TABLES_MISSING = "tables_missing"
    TABLE_NOT_SEEN = "table_not_seen"
    NO_CODES = "no_codes"
    NO_STUDENTS = "no_students"
    LIST_MISSING = "list_missing"
    COMMENT_HIDDEN = "comment_hidden"
    TEMPLATE_MISSING = "template_missing"
    INTERVALS_MISSING = "intervals_missing"
    NOT_GRANTED = "not_granted"
    NOT_READ = "not_read"
    ROSTER_ID_UNCONFIRMED = "roster_id_unconfirmed"
    ZONES_DIFFER = "zones_differ"
    CLOCKS_DIFFER = "clocks_differ"


@dataclass(frozen=True, slots=True)
class FaultText:
    """The sentences of one fault; words in braces are filled in.

    `name` is None where several steps may find it.
    """

    name: StepName | None
    status: StepStatus
    message: str
    fix: str
    turn: Turn


FAULTS = {
    StepFault.BAD_ADDRESS: FaultText(
        StepName.REACH, FAILED, "{said}", "Save the PowerSchool URL again.",
        Turn.DISTRICT_ADMIN,
    ),
    StepFault.NO_ANSWER: FaultText(
        StepName.REACH, FAILED, "{said}",
        "Check the PowerSchool URL, and that it can be reached from here.",
        Turn.DISTRICT_ADMIN,
    ),
    StepFault.BUSY: FaultText(
        StepName.REACH, FAILED, "{said}",
        "PowerSchool is busy or has trouble of its own: test again in a minute.",
        Turn.NOBODY,
    ),
    StepFault.SECRET_UNREADABLE: FaultText(
        StepName.TOKEN, FAILED, "the saved Client Secret cannot be read any more",
        "Save the Client Secret again.",
        Turn.DISTRICT_ADMIN,
    ),
    StepFault.CREDENTIALS_REFUSED: FaultText(
        StepName.TOKEN, FAILED, "{said}",
        "Enable the plugin, and copy its Client ID and Client Secret again.",
        Turn.POWERSCHOOL,
    ),
    StepFault.NO_ACCESS_LEVEL: FaultText(
        StepName.PLUGIN, FAILED, "{said}",
        "Install the plugin again, and enable it.",
        Turn.POWERSCHOOL,
    ),
    StepFault.UNKNOWN_PLUGIN: FaultText(
        StepName.PLUGIN, FAILED, "PowerSchool does not know the plugin of this token",
        "Install the plugin again, enable it, and save its new credentials.",
        Turn.POWERSCHOOL,
    ),
    StepFault.NO_SCHOOLS: FaultText(
        StepName.FIELDS, FAILED,
        "the district has no schools here yet, so nothing can be read",
        "Have its schools added, then test again.",
        Turn.OPERATOR,
    ),
    StepFault.FIELDS_MISSING: FaultText(
        StepName.FIELDS, FAILED, "{what} missing, needed for {uses}", _INSTALL,
        Turn.POWERSCHOOL,
    ),
    StepFault.TABLES_MISSING: FaultText(
        StepName.FIELDS, FAILED,
        "this PowerSchool has no {what}, needed for {uses}",
        "Ask your PowerSchool administrator whether it is up to date.",
        Turn.POWERSCHOOL,
    ),
    StepFault.TABLE_NOT_SEEN: FaultText(
        StepName.FIELDS, WARNING,
        "what may be read of {table} could not be seen: {said}", _AGAIN,
        Turn.NOBODY,
    ),
    StepFault.NO_CODES: FaultText(
        StepName.CODES, FAILED,
        "PowerSchool has no codes for school {school} this year",
        "Check the school's number, and its attendance codes in PowerSchool.",
        Turn.POWERSCHOOL,
    ),
    StepFault.NO_STUDENTS: FaultText(
        StepName.STUDENTS, WARNING, "PowerSchool shows no students at school {school}",
        "Check the school's number.",
        Turn.OPERATOR,
    ),
    StepFault.LIST_MISSING: FaultText(
        StepName.LISTED, WARNING,
        "the query that version {version} of the plugin brings does not answer, so many"
        " students are looked up page by page, in more calls",
        "Install the plugin of this release over the older one. Until then all works.",
        Turn.POWERSCHOOL,
    ),
    StepFault.COMMENT_HIDDEN: FaultText(
        StepName.ATTENDANCE, WARNING,
        "the comment may not be read, so none will be sent", _INSTALL,
        Turn.POWERSCHOOL,
    ),
    StepFault.TEMPLATE_MISSING: FaultText(
        StepName.CLASSES, WARNING,
        "PowerSchool's own query for them does not answer; they are read from its"
        " tables, with a call more for an event that comes alone",
        "Nothing has to be done. A newer PowerSchool may have the query.",
        Turn.NOBODY,
    ),
    StepFault.INTERVALS_MISSING: FaultText(
        StepName.CLASSES, WARNING,
        "PowerSchool's own query for them does not answer, and its tables do not tell"
        " how long intervals last at {what}: of a class with intervals only the"
        " first is marked, and the log says so",
        "Mark the other intervals in PowerSchool by hand. A newer PowerSchool may have"
        " the query.",
        Turn.ADMIN,
    ),
    StepFault.NOT_GRANTED: FaultText(
        None, FAILED, "the plugin may not read this", _INSTALL, Turn.POWERSCHOOL
    ),
    StepFault.NOT_READ: FaultText(None, FAILED, "{said}", _AGAIN, Turn.NOBODY),
    StepFault.ROSTER_ID_UNCONFIRMED: FaultText(
        StepName.ROSTER_ID, WARNING,
        "taken for {id_kind}, and nobody confirmed this yet",
        "Detect it on Settings, then confirm it.",
        Turn.DISTRICT_ADMIN,
    ),
    StepFault.ZONES_DIFFER: FaultText(
        StepName.TIME_ZONE, WARNING,
        "PowerSchool's is {theirs}, the district's is {ours}",
        "Make them the same, or times and dates in PowerSchool will be off.",
        Turn.OPERATOR,
    ),
    StepFault.CLOCKS_DIFFER: FaultText(
        StepName.CLOCK, WARNING, "{minutes} min {side} ours",
        "Set the clock that is wrong: PowerSchool's server's, or this server's.",
        Turn.OPERATOR,
    ),
}  # fmt: skip


def fault(
    kind: StepFault,
    name: StepName | None = None,
    *,
    status: StepStatus | None = None,
    lacks: tuple[Lack, ...] = (),
    modes: tuple[str, ...] = (),
    **words: object,
) -> Step:
    """Return the step that found this; `name` where several may."""
    text = FAULTS[kind]
    found = name or text.name
    if found is None:
        raise ValueError(f"Which step found {kind}?")
    message = text.message.format(**words)
    return Step(found, status or text.status, message, text.fix, lacks, modes)
