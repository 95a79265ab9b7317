"""The nouns: tables, their constraints and the queries that read like nouns."""

from vmps.models.audit import AuditEntry
from vmps.models.cause import Cause
from vmps.models.connection import Connection, RosterId, VisibleId
from vmps.models.district import District
from vmps.models.event import EventType, StudentEvent
from vmps.models.kiosk import Kiosk, KioskSchool
from vmps.models.lane import Heartbeat, Lane
from vmps.models.school import AttendanceMode, School
from vmps.models.student import Student
from vmps.models.tracking import Reason
from vmps.models.writeback import Attempt, Outcome, Status, Writeback

MODELS = (
    District,
    School,
    Connection,
    Student,
    Reason,
    Kiosk,
    KioskSchool,
    StudentEvent,
    Writeback,
    Attempt,
    Lane,
    Heartbeat,
    AuditEntry,
)

__all__ = [
    "MODELS",
    "Attempt",
    "AttendanceMode",
    "AuditEntry",
    "Cause",
    "Connection",
    "District",
    "EventType",
    "Heartbeat",
    "Kiosk",
    "KioskSchool",
    "Lane",
    "Outcome",
    "Reason",
    "RosterId",
    "School",
    "Status",
    "Student",
    "StudentEvent",
    "VisibleId",
    "Writeback",
]
