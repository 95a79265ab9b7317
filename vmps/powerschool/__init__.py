"""PowerSchool SIS over its API: a client that knows nothing of the rest of vmps."""

from vmps.powerschool.addresses import NetworkPolicy
from vmps.powerschool.client import PowerSchool
from vmps.powerschool.codes import year_id_of
from vmps.powerschool.deadline import Deadline
from vmps.powerschool.errors import (
    AddressRefused,
    ConnectionLost,
    CredentialsRefused,
    FieldGrant,
    FieldsNotGranted,
    MalformedAnswer,
    NotFound,
    NotSent,
    PowerSchoolError,
    Rejected,
    ServerError,
    Throttled,
    TimedOut,
    TLSRefused,
    TokenRefused,
    UnexpectedRedirect,
    V1AccessMissing,
)
from vmps.powerschool.origins import BadAddress
from vmps.powerschool.records import (
    AttendanceCode,
    AttendanceMode,
    AttendanceRecord,
    AttendanceRow,
    CalendarDay,
    Metadata,
    RecordRefused,
    StudentRecord,
    WriteResult,
)
from vmps.powerschool.tokens import Credentials

__all__ = [
    "AddressRefused",
    "AttendanceCode",
    "AttendanceMode",
    "AttendanceRecord",
    "AttendanceRow",
    "BadAddress",
    "CalendarDay",
    "ConnectionLost",
    "Credentials",
    "CredentialsRefused",
    "Deadline",
    "FieldGrant",
    "FieldsNotGranted",
    "MalformedAnswer",
    "Metadata",
    "NetworkPolicy",
    "NotFound",
    "NotSent",
    "PowerSchool",
    "PowerSchoolError",
    "RecordRefused",
    "Rejected",
    "ServerError",
    "StudentRecord",
    "TLSRefused",
    "Throttled",
    "TimedOut",
    "TokenRefused",
    "UnexpectedRedirect",
    "V1AccessMissing",
    "WriteResult",
    "year_id_of",
]
