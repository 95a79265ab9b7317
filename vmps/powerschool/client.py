"""PowerSchool's endpoints that vmps uses, one method each, in our words."""

import time
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime
from typing import Self

from vmps.powerschool.access import read_field_access, read_refused_fields
from vmps.powerschool.addresses import NetworkPolicy
from vmps.powerschool.attendance import AttendanceFilter, AttendanceReader
from vmps.powerschool.bells import Bells
from vmps.powerschool.calls import Calls
from vmps.powerschool.clocks import clock_skew
from vmps.powerschool.deadline import Deadline
from vmps.powerschool.district_facts import DistrictFacts
from vmps.powerschool.errors import FULL_ACCESS, FieldGrant, MalformedAnswer
from vmps.powerschool.keeping import Keeper
from vmps.powerschool.meeting_writes import meeting_body_of, meeting_results_of
from vmps.powerschool.meetings import Meetings
from vmps.powerschool.paging import PAGE_SIZE, all_pages
from vmps.powerschool.people import People
from vmps.powerschool.records import (
    AttendanceMode,
    AttendanceRecord,
    AttendanceRow,
    Meeting,
    MeetingRecord,
    Metadata,
    RecordRefused,
    WriteResult,
)
from vmps.powerschool.rows import metadata_of
from vmps.powerschool.school_facts import SchoolFacts
from vmps.powerschool.sections import Sections
from vmps.powerschool.tokens import Credentials, TokenKeeper
from vmps.powerschool.transport import Pace, Transport
from vmps.powerschool.writes import LARGEST_BATCH, body_of, outcomes_of, refusal_of

DAILY_PATH = "/ws/attendance/daily_time"
BATCH_PATH = "/ws/attendance/batch_daily_time"
MEETING_PATH = "/ws/attendance/meeting_interval"


class PowerSchool(People, SchoolFacts, DistrictFacts):
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
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`pace(deadline)` is called before every request and may wait.

        By `monotonic` it is judged how old is what is kept of schools.
        """
        self.origin = network.check_origin(base_url)
        self._transport = Transport(self.origin, network, pool_size, pace)
        tokens = TokenKeeper(self._transport, credentials, user_agent)
        self._calls = Calls(self._transport, tokens)
        self._attendance = AttendanceReader(self._calls)
        keeper = Keeper(monotonic=monotonic)
        self._bells = Bells(self._calls, keeper)
        self._meetings = Meetings(
            self._calls, self._bells, Sections(self._calls, keeper), self._attendance
        )

    def close(self) -> None:
        """Close the kept-alive connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def metadata(self, *, deadline: Deadline, now: datetime | None = None) -> Metadata:
        """What the server says about itself, with our token.

        `now` is what its clock is compared with: ours when the answer came, if None.
        """
        payload, answer = self._calls.fetch("/ws/v1/metadata", deadline)
        row = payload.get("metadata") if isinstance(payload, dict) else None
        if not isinstance(row, dict):
            raise MalformedAnswer("The answer holds no metadata.", status=200)
        return metadata_of(row, clock_skew(answer, now or datetime.now(UTC)))

    def field_access(self, table: str, *, deadline: Deadline) -> dict[str, str]:
        """The plugin's access by column in lower case: 'FullAccess', 'NoAccess', …

        Empty where this PowerSchool does not tell.
        """
        return read_field_access(self._calls, table, deadline)

    def refused_fields(
        self, table: str, columns: Sequence[str], *, deadline: Deadline
    ) -> tuple[FieldGrant, ...]:
        """The columns that the plugin may not read, tried by reading one row."""
        return read_refused_fields(self._calls, table, columns, deadline)

    @property
    def reads_comments(self) -> bool:
        """Whether attendance was last read with its comments."""
        return self._attendance.reads_comments

    @property
    def reads_template(self) -> bool:
        """Whether the query for a student's meetings was not refused lately."""
        return self._meetings.reads_template

    def lacks_intervals(
        self, school_number: int, on: date, *, deadline: Deadline
    ) -> bool:
        """Whether a school has intervals whose length its tables do not tell.

        Without the template query `meetings` then brings the first of each class only.
        """
        return self._meetings.lacks_intervals(school_number, on, deadline)

    def attendance(
        self,
        school_number: int | None,
        on: date,
        mode: AttendanceMode | None,
        *,
        deadline: Deadline,
        student_ids: tuple[int, int] | None = None,
        dcids: tuple[int, int] | None = None,
        page_size: int = PAGE_SIZE,
        most_pages: int | None = None,
    ) -> list[AttendanceRow]:
        """The rows of a date, of one school and mode or of all.

        Bounds of ids are inclusive.
        """
        wanted = AttendanceFilter(school_number, on, mode, student_ids, dcids)
        return all_pages(
            lambda page: self._attendance.page(wanted, page, page_size, deadline),
            page_size,
            most_pages,
        )

    def attendance_page(
        self,
        school_number: int,
        on: date,
        mode: AttendanceMode | None,
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

    def recent_attendance(
        self,
        school_number: int,
        since: date,
        *,
        deadline: Deadline,
        page_size: int = PAGE_SIZE,
    ) -> list[AttendanceRow]:
        """The first `page_size` rows since a date, in one call: `mode` and student.

        PowerSchool gives the oldest of them first, so ask for few days.
        """
        return self._attendance.recent(school_number, since, page_size, deadline)

    def meetings(
        self, student_id: int, school_number: int, on: date, *, deadline: Deadline
    ) -> list[Meeting]:
        """A student's meetings on a date in order of time, and what stands there.

        One call, where PowerSchool's template query works. Else two, and some more
        for the first student of a school and date. Each section, period and interval
        comes once; `period` is '' where no other call brought its name yet.
        """
        return self._meetings.read(student_id, school_number, on, deadline)

    def meetings_together(
        self,
        student_ids: Collection[int],
        school_number: int,
        on: date,
        *,
        deadline: Deadline,
        most_pages: int,
    ) -> dict[int, list[Meeting]]:
        """The same for many students of a school by id, from ranges of the tables.

        That is a call to count what it takes, and at most `most_pages`. Raises
        TooManyRows where that will not do, and TooManyPages where it did not.
        Who has no meetings may be missing.
        """
        return self._meetings.read_together(
            student_ids, school_number, on, deadline, most_pages=most_pages
        )

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

    def write_meetings(
        self, records: Sequence[MeetingRecord], *, deadline: Deadline
    ) -> list[WriteResult]:
        """Insert or update meetings of one student and day; results in their order.

        Raises Rejected when PowerSchool refused all of them and PartlyWritten, which
        is ambiguous, when it refused some.
        """
        if not records:
            return []
        payload, answer = self._calls.post(
            MEETING_PATH, meeting_body_of(records), deadline, access=FULL_ACCESS
        )
        return meeting_results_of(payload, answer, expected=len(records))
