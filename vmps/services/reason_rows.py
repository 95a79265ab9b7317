"""A school's reasons as rows: locked, looked up, added, renamed, with clean texts."""

# For services that save reasons: they own the transaction and the audit row.

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vmps.models import EventType, Reason, School, label_key
from vmps.services.lanes import lock_lane
from vmps.services.problems import Problem

#: ATTENDANCE_CODE.ATT_CODE is a Varchar(7); case matters when events are planned.
LONGEST_CODE = 7
#: As long as what a kiosk may send.
LONGEST_LABEL = 2000


def clean_label(label: str) -> str:
    """Return the label without spaces around, or refuse it."""
    label = label.strip()
    if not label:
        raise Problem("A reason needs a name.")
    if len(label) > LONGEST_LABEL or "\0" in label:
        raise Problem(f"A reason's name has up to {LONGEST_LABEL} characters.")
    return label


def clean_code(code: str) -> str:
    """Return the code's text as PowerSchool would hold it, or refuse it."""
    code = code.strip()
    if len(code) > LONGEST_CODE or not code.isprintable():
        raise Problem(
            f"An attendance code has up to {LONGEST_CODE} letters and digits,"
            " like T or TDY."
        )
    return code


def lock_reasons(school: School) -> list[Reason]:
    """Return the school's reasons; nobody else changes them until the commit.

    The lane is locked, not the school: a kiosk's event refers to that and must not
    wait; and no drain claims anything that it would plan by the old codes.
    """
    lock_lane(school.district_id)
    return list(Reason.of_school(school))


def look_up_reason(
    known: Iterable[Reason], kind: EventType, label: str
) -> Reason | None:
    """Return the reason of this type and label; case and spaces are no difference."""
    wanted = label_key(label)
    return next(
        (r for r in known if r.type == kind and label_key(r.label) == wanted), None
    )


def add_reason(
    school: School, kind: EventType, label: str, known: Sequence[Reason]
) -> Reason:
    """Add a reason behind the others of its type."""
    places = [reason.position for reason in known if reason.type == kind]
    position = max(places, default=-1) + 1
    return Reason.create(school=school, type=kind, label=label, position=position)


def refuse_known(reason: Reason) -> str:
    """Return what to say of a label that there is already."""
    if reason.is_hidden:
        return f"There is a reason {reason.label} already, hidden: show that one again."
    return f"There is a reason {reason.label} already: give that one its code."


def rename_reason(reason: Reason, label: str, known: list[Reason]) -> str:
    """Give the reason another label; return why not where it cannot be.

    Events and kiosks keep the old one for a while: it stays as a hidden reason with
    the same code, so that they are sent and understood as before.
    """
    kind, old = EventType(reason.type), reason.label
    other = look_up_reason(known, kind, label)
    if other and other.id != reason.id:
        if not (other.is_hidden and other.code == reason.code):
            return refuse_known(other)
        other.delete_instance()  # an earlier name of its own
        known.remove(other)
    reason.label = label
    reason.save()
    if reason.code and label_key(old) != label_key(label):
        kept = add_reason(reason.school, kind, old, known)
        kept.code, kept.is_hidden = reason.code, True
        kept.save()
        known.append(kept)
    return ""
