"""Why a writeback failed, waits, or was settled without a write of its own."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """One word per cause; `services/explain.py` has the sentences."""

    # Settled without a write.
    ALREADY_THERE = "already_there"
    COVERED = "covered"
    VOIDED = "voided"
    # Waits, is tried again by itself.
    NETWORK = "network"
    TIMED_OUT = "timed_out"
    SERVER_ERROR = "server_error"
    MALFORMED_ANSWER = "malformed_answer"
    INTERRUPTED = "interrupted"
    READ_BACK_DIFFERS = "read_back_differs"
    INTERNAL_ERROR = "internal_error"
    SETTLING = "settling"
    THROTTLED = "throttled"
    CREDENTIALS_REFUSED = "credentials_refused"
    TLS_REFUSED = "tls_refused"
    ADDRESS_REFUSED = "address_refused"
    FIELDS_NOT_GRANTED = "fields_not_granted"
    NO_CONNECTION = "no_connection"
    # Failed, needs a person.
    NO_MODE = "no_mode"
    UNMAPPED_REASON = "unmapped_reason"
    CODE_MISSING = "code_missing"
    WRONG_STUDENT = "wrong_student"
    STUDENT_NOT_FOUND = "student_not_found"
    ALREADY_MARKED = "already_marked"
    NOT_IN_SESSION = "not_in_session"
    NOT_ENROLLED = "not_enrolled"
    MOVED = "moved"
    NO_MEETING = "no_meeting"
    OUTSIDE_DAY = "outside_day"
    NO_BELL_TIMES = "no_bell_times"
    REFUSED = "refused"
    GAVE_UP = "gave_up"
    # Not sent.
    SCHOOL_DISABLED = "school_disabled"
    ENTERED_BY_HAND = "entered_by_hand"
