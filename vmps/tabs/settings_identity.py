"""What the roster's SIS ID is, in words, and the form that confirms it."""

from __future__ import annotations

from vmps.models import RosterId
from vmps.services.confirm_roster_id import RosterIdConfirmed
from vmps.services.problems import Problem

ROSTER_IDS = {
    RosterId.DCID: "the student's DCID in PowerSchool (STUDENTS.DCID)",
    RosterId.ID: "the student's ID in PowerSchool (STUDENTS.ID)",
    RosterId.STUDENT_NUMBER: "the Student Number (STUDENTS.STUDENT_NUMBER)",
}


def read_kind(text: str) -> RosterId:
    """Return the kind that was chosen."""
    if text not in list(RosterId):
        raise Problem("Choose what the SIS ID of your roster is; then confirm.")
    return RosterId(text)


def told_of(kind: RosterId, confirmed: RosterIdConfirmed) -> str:
    """Return what confirming did."""
    told = f"Confirmed: the SIS ID of your roster is {ROSTER_IDS[kind]}."
    return f"{told} {confirmed.words()}".strip()
