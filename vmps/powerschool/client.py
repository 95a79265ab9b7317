"""PowerSchool's endpoints that vmps uses, one method each, in our words."""

from collections.abc import Sequence
from datetime import date
from typing import Self

from vmps.powerschool.addresses import NetworkPolicy
from vmps.powerschool.attendance import AttendanceFilter, AttendanceReader
from vmps.powerschool.calls import Calls
from vmps.powerschool.codes import read_attendance_codes
from vmps.powerschool.deadline import Deadline
from vmps.powerschool.errors import FULL_ACCESS, MalformedAnswer
from vmps.powerschool.fiql import Condition, between
from vmps.powerschool.paging import PAGE_SIZE, all_pages
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
from vmps.powerschool.rows import (
    CALENDAR_COLUMNS,
    STUDENT_COLUMNS,
    calendar_day_of,
    metadata_of,
    student_of,
)
from vmps.powerschool.tokens import Credentials, TokenKeeper
from vmps.powerschool.transport import Pace, Transport
from vmps.powerschool.writes import LARGEST_BATCH, body_of, outcomes_of, refusal_of

DAILY_PATH = "/ws/attendance/daily_time"
BATCH_PATH = "/ws/attendance/batch_daily_time"


class PowerSchool:
    """One district's PowerSchool; threads share it and it outlives their jobs.

    Every method ends by its `deadline` and raises a PowerSchoolError otherwise.
    Nothing is tried again here, except once after a refused token.
    """

    def __init__(
        self,
        base_url: str,
        credentials: Credentials,
        *,
        network: NetworkPolicy,
        pool_size: int = 16,
        user_agent: str = "vmps",
        pace: Pace | None = None,
    ) -> None:
        """`pace(deadline)` is called before every request and may wait."""
        self.origin = network.check_origin(base_url)
        self._transport = Transport(self.origin, network, pool_size, pace)
        tokens = TokenKeeper(self._transport, credentials, user_agent)
        self._calls = Calls(self._transport, tokens)
        self._attendance = AttendanceReader(self._calls)

    def close(self) -> None:
        """Close the kept-alive connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def metadata(self, *, deadline: Deadline) -> Metadata:
        """What the server says about itself, with our token."""
        payload = self._calls.get("/ws/v1/metadata", deadline)
        row = payload.get("metadata") if isinstance(payload, dict) else None
        if not isinstance(row, dict):
            raise MalformedAnswer("The answer holds no metadata.", status=200)
        return metadata_of(row)

    def attendance_codes(
        self, school_number: int, on: date, *, deadline: Deadline
    ) -> list[AttendanceCode]:
        """The codes of a school in the school year of a date."""
        return read_attendance_codes(self._calls, school_number, on, deadline)

    def calendar_day(
        self, school_number: int, on: date, *, deadline: Deadline
    ) -> CalendarDay | None:
        """The date in the school's calendar, None when it is not there."""
        rows = self._calls.table(
            "calendar_day",
            CALENDAR_COLUMNS,
            [("schoolid", "==", school_number), ("date_value", "==", on)],
            deadline,
        )
        return calendar_day_of(rows[0]) if rows else None

    def students(
        self,
        *,
        deadline: Deadline,
        school_number: int | None = None,
        id: int | None = None,
        dcid: int | None = None,
        student_number: int | str | None = None,
        page_size: int = PAGE_SIZE,
    ) -> list[StudentRecord]:
        """All students that fit, page after page until a short one."""
        return all_pages(
            lambda page: self.students_page(
                page,
                deadline=deadline,
                school_number=school_number,
                id=id,
                dcid=dcid,
                student_number=student_number,
                page_size=page_size,
            ),
            page_size,
        )

    def students_page(
        self,
        page: int,
        *,
        deadline: Deadline,
        school_number: int | None = None,
        id: int | None = None,
        dcid: int | None = None,
        student_number: int | str | None = None,
        page_size: int = PAGE_SIZE,
    ) -> list[StudentRecord]:
        """One page, from 1; fewer than `page_size` students means the last one."""
        number = None if student_number is None else str(student_number)
        if number is not None and not (number.isascii() and number.isdecimal()):
            return []  # PowerSchool's numbers are digits, and it answers 400 to others
        conditions: list[Condition] = [
            ("schoolid", "==", school_number),
            ("id", "==", id),
            ("dcid", "==", dcid),
            ("student_number", "==", number),
        ]
        rows = self._calls.table(
            "students",
            STUDENT_COLUMNS,
            conditions,
            deadline,
            page=page,
            page_size=page_size,
        )
        return [student_of(row) for row in rows]

    def students_between(
        self,
        school_number: int,
        column: str,
        bounds: tuple[int, int],
        *,
        deadline: Deadline,
        page_size: int = PAGE_SIZE,
    ) -> list[StudentRecord]:
        """A school's students whose `dcid`, `id` or `student_number` is in bounds."""
        conditions = [("schoolid", "==", school_number), *between(column, bounds)]

        def read(page: int) -> list[StudentRecord]:
            rows = self._calls.table(
                "students",
                STUDENT_COLUMNS,
                conditions,
                deadline,
                page=page,
                page_size=page_size,
            )
            return [student_of(row) for row in rows]

        return all_pages(read, page_size)

    @property
    def reads_comments(self) -> bool:
        """Whether attendance was last read with its comments."""
        return self._attendance.reads_comments

    def attendance(
        self,
        school_number: int,
        on: date,
        mode: AttendanceMode,
        *,
        deadline: Deadline,
        student_ids: tuple[int, int] | None = None,
        dcids: tuple[int, int] | None = None,
        page_size: int = PAGE_SIZE,
    ) -> list[AttendanceRow]:
        """The rows of one school, date and mode; bounds of ids are inclusive."""
        wanted = AttendanceFilter(school_number, on, mode, student_ids, dcids)
        return all_pages(
            lambda page: self._attendance.page(wanted, page, page_size, deadline),
            page_size,
        )

    def attendance_page(
        self,
        school_number: int,
        on: date,
        mode: AttendanceMode,
        page: int,
        *,
        deadline: Deadline,
        student_ids: tuple[int, int] | None = None,
        dcids: tuple[int, int] | None = None,
        page_size: int = PAGE_SIZE,
    ) -> list[AttendanceRow]:
        """One page, from 1; fewer than `page_size` rows means the last one.

        Where the plugin may read everything but the comment, the rows come without
        it and say so (`comment_is_known`).
        """
        wanted = AttendanceFilter(school_number, on, mode, student_ids, dcids)
        return self._attendance.page(wanted, page, page_size, deadline)

    def write_daily(
        self, record: AttendanceRecord, *, deadline: Deadline
    ) -> WriteResult:
        """Insert or update one daily or time record."""
        payload, answer = self._calls.post(
            DAILY_PATH, body_of([record]), deadline, access=FULL_ACCESS
        )
        outcome = outcomes_of(payload, answer, expected=1)[0]
        if isinstance(outcome, RecordRefused):
            raise refusal_of(outcome, answer)
        return outcome

    def write_daily_batch(
        self, records: Sequence[AttendanceRecord], *, deadline: Deadline
    ) -> list[WriteResult | RecordRefused]:
        """Insert or update up to 200 daily or time records; results in their order.

        Needs `Metadata.supports_batch`.
        """
        if len(records) > LARGEST_BATCH:
            raise ValueError(f"A batch holds at most {LARGEST_BATCH} records.")
        if not records:
            return []
        payload, answer = self._calls.post(
            BATCH_PATH, body_of(records), deadline, access=FULL_ACCESS
        )
        return outcomes_of(payload, answer, expected=len(records))
