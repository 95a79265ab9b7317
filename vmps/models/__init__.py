"""The nouns: tables, their constraints and the queries that read like nouns."""

from vmps.models.audit import AuditEntry
from vmps.models.cause import Cause
from vmps.models.connection import Connection, RosterId, VisibleId
from vmps.models.district import District
from vmps.models.event import EventChange, EventType, StudentEvent
from vmps.models.kiosk import Kiosk, KioskSchool
from vmps.models.lane import Heartbeat, Lane
from vmps.models.school import AttendanceMode, School, UserSchool
from vmps.models.student import Student
from vmps.models.tracking import (
    DEFAULT_REASONS,
    AttendanceCode,
    Reason,
    label_key,
)
from vmps.models.user import Role, SignInFailures, User, UserSession
from vmps.models.writeback import (
    Action,
    Attempt,
    Intervention,
    Outcome,
    Status,
    Writeback,
)

MODELS = (
    District,
    User,
    School,
    UserSchool,
    UserSession,
    SignInFailures,
    Connection,
    Student,
    Reason,
    AttendanceCode,
    Kiosk,
    KioskSchool,
    StudentEvent,
    EventChange,
    Writeback,
    Attempt,
    Intervention,
    Lane,
    Heartbeat,
    AuditEntry,
)

__all__ = [
    "DEFAULT_REASONS",
    "MODELS",
    "Action",
    "Attempt",
    "AttendanceCode",
    "AttendanceMode",
    "AuditEntry",
    "Cause",
    "Connection",
    "District",
    "EventChange",
    "EventType",
    "Heartbeat",
    "Intervention",
    "Kiosk",
    "KioskSchool",
    "Lane",
    "Outcome",
    "Reason",
    "Role",
    "RosterId",
    "School",
    "SignInFailures",
    "Status",
    "Student",
    "StudentEvent",
    "User",
    "UserSchool",
    "UserSession",
    "VisibleId",
    "Writeback",
    "label_key",
]
