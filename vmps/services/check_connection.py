"""Testing a connection, link by link: each step says what is wrong and its fix."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from vmps.config import Settings
from vmps.db import transaction
from vmps.models import AuditEntry, Connection, District, Lane, School
from vmps.powerschool import (
    AttendanceMode,
    BadAddress,
    CredentialsRefused,
    Deadline,
    FieldGrant,
    FieldsNotGranted,
    Metadata,
    PowerSchoolError,
    TokenRefused,
    V1AccessMissing,
)
from vmps.services.bell import ring_after_commit
from vmps.services.lanes import resume_lane
from vmps.services.link import Link
from vmps.services.problems import Missing
from vmps.services.schools import today_at

COMMENT = FieldGrant("ATTENDANCE", "Att_Comment", "FullAccess")


class StepStatus(StrEnum):
    """How one step went; a warning does not stop deliveries."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the chain from us to the district's attendance."""

    name: str
    status: StepStatus
    message: str
    fix: str = ""


def check_connection(
    district: District, settings: Settings, *, actor: str, now: datetime
) -> list[Step]:
    """Walk the chain as far as it holds; a good one lets a paused lane go on."""
    connection = Connection.get_or_none(Connection.district == district)
    if connection is None:
        raise Missing(f"{district.name} has no connection: `connections set` saves it.")
    walk = _Walk(district, connection, settings, now)
    steps = list(walk.steps())
    if all(step.status is not StepStatus.FAILED for step in steps):
        _note_good(connection, walk.version, actor=actor)
    return steps


class _Walk:
    """One test under way."""

    def __init__(
        self,
        district: District,
        connection: Connection,
        settings: Settings,
        now: datetime,
    ) -> None:
        self.version: str | None = None
        self._district, self._connection = district, connection
        self._settings, self._now = settings, now

    def steps(self) -> Iterator[Step]:
        try:
            link = Link(self._connection, self._settings)
        except BadAddress as error:
            yield Step("reach", StepStatus.FAILED, str(error), "Save the URL again.")
            return
        with link.client:
            metadata: list[Metadata] = []
            yield from self._reach(link, metadata)
            if metadata and metadata[0].plugin_id is not None:
                yield from self._fields(link)
                yield from self._facts(metadata[0])

    def _deadline(self) -> Deadline:
        return Deadline.after(self._settings.call_seconds)

    def _reach(self, link: Link, found: list[Metadata]) -> Iterator[Step]:
        """Reach, token and plugin: one call tells them apart by its error."""
        try:
            metadata = link.client.metadata(deadline=self._deadline())
        except PowerSchoolError as error:
            yield from _broken_at(error)
            return
        found.append(metadata)
        yield _ok("reach", f"{link.client.origin} answers")
        yield _ok("token", "client id and secret accepted")
        if metadata.plugin_id is None:
            yield Step(
                "plugin",
                StepStatus.FAILED,
                "PowerSchool does not know the plugin of this token",
                "Install the plugin again, enable it, and save its new credentials.",
            )
        else:
            yield _ok("plugin", f"plugin {metadata.plugin_id}")

    def _fields(self, link: Link) -> Iterator[Step]:
        school = (
            School.select()
            .where(School.district == self._district)
            .order_by(School.is_enabled.desc(), School.id)
            .first()
        )
        if school is None:
            fix = "Add one with `schools add`, then test again."
            yield Step("fields", StepStatus.FAILED, "the district has no school", fix)
            return
        look = _Look(link, school, self._now, self._deadline)
        yield _guarded("attendance codes", look.at_codes)
        yield _guarded("calendar", look.at_calendar)
        yield _guarded("students", look.at_students)
        yield _guarded("attendance", look.at_attendance)

    def _facts(self, metadata: Metadata) -> Iterator[Step]:
        self.version = metadata.version
        how = "in batches" if metadata.supports_batch else "one by one"
        shown = metadata.version or "unknown"
        yield _ok("version", f"PowerSchool {shown}; events are sent {how}")
        yield _compare_zones(self._district.timezone, metadata.timezone, self._now)


class _Look:
    """Reading a little of every table that deliveries read."""

    def __init__(
        self,
        link: Link,
        school: School,
        now: datetime,
        deadline: Callable[[], Deadline],
    ) -> None:
        self._client, self._deadline = link.client, deadline
        self._number = int(school.number)
        self._today = today_at(school, now)

    def at_codes(self) -> Step:
        codes = self._client.attendance_codes(
            self._number, self._today, deadline=self._deadline()
        )
        if codes:
            return _ok("attendance codes", f"{len(codes)} at school {self._number}")
        return Step(
            "attendance codes",
            StepStatus.FAILED,
            f"PowerSchool has no codes for school {self._number} this year",
            "Check the school's number, and its attendance codes in PowerSchool.",
        )

    def at_calendar(self) -> Step:
        day = self._client.calendar_day(
            self._number, self._today, deadline=self._deadline()
        )
        is_open = bool(day and day.in_session)
        return _ok("calendar", f"today is {'' if is_open else 'not '}in session")

    def at_students(self) -> Step:
        students = self._client.students_page(
            1, school_number=self._number, deadline=self._deadline()
        )
        if students:
            return _ok("students", f"school {self._number} has students")
        return Step(
            "students",
            StepStatus.WARNING,
            f"PowerSchool shows no students at school {self._number}",
            "Check the school's number.",
        )

    def at_attendance(self) -> Step:
        rows = self._client.attendance_page(
            self._number, self._today, AttendanceMode.DAILY, 1,
            deadline=self._deadline(),
        )  # fmt: skip
        if all(row.comment_is_known for row in rows):
            return _ok("attendance", f"{len(rows)} rows read for today")
        return Step(
            "attendance",
            StepStatus.WARNING,
            "the comment may not be read, so none will be sent",
            f"Add this line to the plugin: {COMMENT.plugin_line()}",
        )


def _ok(name: str, message: str) -> Step:
    return Step(name, StepStatus.OK, message)


def _guarded(name: str, look: Callable[[], Step]) -> Step:
    try:
        return look()
    except FieldsNotGranted as error:
        lines = error.plugin_lines() or "the fields of this table"
        fix = f"Add to the plugin, and install it again:\n{lines}"
        return Step(name, StepStatus.FAILED, "the plugin may not read this", fix)
    except PowerSchoolError as error:
        return Step(name, StepStatus.FAILED, str(error), "Test again in a minute.")


def _broken_at(error: PowerSchoolError) -> Iterator[Step]:
    """Tell which of the first three links an error belongs to."""
    if isinstance(error, CredentialsRefused | TokenRefused):
        yield _ok("reach", "PowerSchool answers")
        yield Step(
            "token",
            StepStatus.FAILED,
            str(error),
            "Enable the plugin, and copy its Client ID and Client Secret again.",
        )
    elif isinstance(error, V1AccessMissing | FieldsNotGranted):
        yield _ok("reach", "PowerSchool answers")
        yield _ok("token", "client id and secret accepted")
        fix = "Install the plugin again, and enable it."
        yield Step("plugin", StepStatus.FAILED, str(error), fix)
    else:
        fix = "Check the PowerSchool URL, and that it can be reached from here."
        yield Step("reach", StepStatus.FAILED, str(error), fix)


def _compare_zones(ours: str, theirs: str | None, now: datetime) -> Step:
    """Same clock, by whatever name, in winter and in summer."""
    try:
        zones = (ZoneInfo(ours), ZoneInfo(theirs or ""))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _ok("time zone", f"{ours}; PowerSchool names none that is known")
    moments = [now.replace(month=month, day=1) for month in (1, 7)]
    if all(len({m.astimezone(z).utcoffset() for z in zones}) == 1 for m in moments):
        return _ok("time zone", ours)
    return Step(
        "time zone",
        StepStatus.WARNING,
        f"PowerSchool's is {theirs}, the district's is {ours}",
        "Make them the same, or times and dates in PowerSchool will be off.",
    )


def _note_good(connection: Connection, version: str | None, *, actor: str) -> None:
    district_id = connection.district.id
    with transaction():
        is_same = (
            Connection.update(powerschool_version=version)
            .where(
                Connection.id == connection.id,
                Connection.saved_at == connection.saved_at,
            )
            .execute()
        )
        AuditEntry.note("connection.tested", actor=actor, district=district_id)
        lane = Lane.get_by_id(district_id)
        if is_same and (lane.blocked_reason or lane.mode_blocks != "{}"):
            resume_lane(district_id, actor=actor)
            ring_after_commit(district_id)
