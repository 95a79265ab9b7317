"""What the roster's SIS ID is, in words, and the form that confirms it."""

from __future__ import annotations

from vmps.models import RosterId
from vmps.services.confirm_roster_id import RosterIdConfirmed
from vmps.services.detect_roster_id import Detection
from vmps.services.problems import Problem
from vmps.words import count_of

ROSTER_IDS = {
    RosterId.DCID: "the student's DCID in PowerSchool (STUDENTS.DCID)",
    RosterId.ID: "the student's ID in PowerSchool (STUDENTS.ID)",
    RosterId.STUDENT_NUMBER: "the Student Number (STUDENTS.STUDENT_NUMBER)",
}
SHORT = {
    RosterId.DCID: "DCID",
    RosterId.ID: "STUDENTS.ID",
    RosterId.STUDENT_NUMBER: "Student Number",
}


def read_kind(text: str) -> RosterId:
    """Return the kind that was chosen."""
    if text not in list(RosterId):
        raise Problem("Choose what the SIS ID of your roster is; then confirm.")
    return RosterId(text)


def counts_in_words(detection: Detection) -> str:
    """Return `Of 100 students 96 match as DCID, 1 as STUDENTS.ID, …`."""
    first, *others = detection.tallies
    counts = [f"{first.matched} match as {SHORT[first.kind]}"]
    counts += [f"{tally.matched} as {SHORT[tally.kind]}" for tally in others]
    return f"Of {count_of(detection.asked, 'student')}, {', '.join(counts)}."


def told_of(kind: RosterId, confirmed: RosterIdConfirmed) -> str:
    """Return what confirming did."""
    told = f"Confirmed: the SIS ID of your roster is {ROSTER_IDS[kind]}."
    if confirmed.is_changed:
        told += " PowerSchool is asked for every student anew."
    if confirmed.requeued:
        count = count_of(confirmed.requeued, "event")
        told += f" Sending {count} of today again that failed because of the id."
    return told
