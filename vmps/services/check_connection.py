"""Testing a connection, link by link: each step says what is wrong and its fix."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from peewee import ModelSelect

from vmps.config import Settings
from vmps.db import transaction
from vmps.models import (
    AttendanceMode,
    AuditEntry,
    Connection,
    District,
    RosterId,
    School,
)
from vmps.powerschool import (
    BadAddress,
    CredentialsRefused,
    FieldsNotGranted,
    Metadata,
    PowerSchoolError,
    ServerError,
    Throttled,
    TokenRefused,
    V1AccessMissing,
)
from vmps.secrets import SecretUnreadable
from vmps.services.ask_powerschool import Asked, find_connection, reach
from vmps.services.bell import ring_after_commit
from vmps.services.compare_clocks import compare_clocks, compare_zones
from vmps.services.connection_health import remember_health
from vmps.services.lanes import lock_lane, resume_tested
from vmps.services.look_at_fields import look_at_fields
from vmps.services.look_at_tables import Look, guarded
from vmps.services.page_calls import place_for_call
from vmps.services.problems import Problem
from vmps.services.step_faults import StepFault, fault
from vmps.services.steps import (
    Step,
    StepName,
    is_good_for,
    ok,
    reaches,
    worst_of,
)

#: The districts under test in this process, one test each. It ends by its deadline, so
#: this cannot stay; of each further web process there may be one more.
_under_test: set[int] = set()
_lock = threading.Lock()

RUNNING = "A test is running already. Test again in some seconds."

_ANSWERS = ok(StepName.REACH, "PowerSchool answers")
_ACCEPTED = ok(StepName.TOKEN, "PowerSchool accepts them")


def check_connection(
    district: District, settings: Settings, *, actor: str, now: datetime
) -> list[Step]:
    """Walk the chain as far as it holds; a good one lets a paused lane go on.

    Takes ATTEMPT_SECONDS at most, all calls together.
    """
    connection = find_connection(district.id)
    with only_test_of(district.id), place_for_call():
        walk = _Walk(district, connection, settings, now)
        steps = list(walk.steps())
    _note(connection, walk.version, steps, actor=actor, now=now)
    return steps


@contextmanager
def only_test_of(district_id: int) -> Iterator[None]:
    """Refuse a second test of the district while one runs in this process."""
    with _lock:
        if district_id in _under_test:
            raise Problem(RUNNING)
        _under_test.add(district_id)
    try:
        yield
    finally:
        with _lock:
            _under_test.discard(district_id)


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
            with reach(self._connection, self._settings) as asked:
                metadata: list[Metadata] = []
                yield from self._reach(asked, metadata)
                if metadata and metadata[0].plugin_id is not None:
                    yield from self._fields(asked)
                    yield from self._facts(metadata[0])
        except BadAddress as error:
            yield fault(StepFault.BAD_ADDRESS, said=error)
        except SecretUnreadable:
            yield fault(StepFault.SECRET_UNREADABLE)

    def _reach(self, asked: Asked, found: list[Metadata]) -> Iterator[Step]:
        """Reach, token and plugin: one call tells them apart by its error."""
        client = asked.link.client
        try:
            metadata = asked.budget.call(lambda by: client.metadata(deadline=by))
        except PowerSchoolError as error:
            yield from _broken_at(error)
            return
        found.append(metadata)
        yield ok(StepName.REACH, f"{client.origin} answers")
        yield _ACCEPTED
        if metadata.plugin_id is None:
            yield fault(StepFault.UNKNOWN_PLUGIN)
        else:
            yield ok(StepName.PLUGIN, f"number {metadata.plugin_id} in PowerSchool")

    def _fields(self, asked: Asked) -> Iterator[Step]:
        school = (
            School.select()
            .where(School.district == self._district)
            .order_by(School.is_enabled.desc(), School.id)
            .first()
        )
        if school is None:
            yield fault(StepFault.NO_SCHOOLS)
            return
        yield from look_at_fields(asked.link.client, asked.budget, modes=self._modes())
        look = Look(asked.link, school, self._now, asked.budget)
        yield guarded(StepName.CODES, look.at_codes)
        yield guarded(StepName.CALENDAR, look.at_calendar)
        yield guarded(StepName.STUDENTS, look.at_students)
        yield guarded(StepName.LISTED, look.at_list)
        yield guarded(StepName.ATTENDANCE, look.at_attendance)
        in_meetings = self._enabled().where(School.mode == AttendanceMode.MEETING)
        if schools := list(in_meetings.order_by(School.id)):
            look = Look(asked.link, schools[0], self._now, asked.budget)
            numbers = [int(school.number) for school in schools]
            yield guarded(StepName.CLASSES, partial(look.at_classes, numbers))

    def _modes(self) -> set[AttendanceMode]:
        """Return the modes of the enabled schools; Daily until one was chosen."""
        of_schools = self._enabled().where(School.mode.is_null(False))
        return {AttendanceMode(s.mode) for s in of_schools if s.mode} or {
            AttendanceMode.DAILY
        }

    def _enabled(self) -> ModelSelect[School]:
        return School.select().where(
            School.district == self._district, School.is_enabled
        )

    def _facts(self, metadata: Metadata) -> Iterator[Step]:
        self.version = metadata.version
        how = "in batches" if metadata.supports_batch else "one by one"
        shown = metadata.version or "unknown"
        yield ok(StepName.VERSION, f"{shown}; events are sent {how}")
        yield _roster_id_of(self._connection)
        yield compare_zones(self._district.timezone, metadata.timezone, self._now)
        yield compare_clocks(metadata.clock_skew_seconds)


def _roster_id_of(connection: Connection) -> Step:
    """Warn while nobody confirmed the kind: other students may have the same ids."""
    kind = RosterId(connection.roster_id).label
    if connection.roster_id_confirmed_at is None:
        return fault(StepFault.ROSTER_ID_UNCONFIRMED, id_kind=kind)
    return ok(StepName.ROSTER_ID, f"{kind}, confirmed")


def _broken_at(error: PowerSchoolError) -> Iterator[Step]:
    """Tell which of the first three links an error belongs to."""
    if isinstance(error, CredentialsRefused | TokenRefused):
        yield _ANSWERS
        yield fault(StepFault.CREDENTIALS_REFUSED, said=error)
    elif isinstance(error, V1AccessMissing | FieldsNotGranted):
        yield _ANSWERS
        yield _ACCEPTED
        yield fault(StepFault.NO_ACCESS_LEVEL, said=error)
    elif isinstance(error, ServerError | Throttled):
        yield fault(StepFault.BUSY, said=error)
    else:
        yield fault(StepFault.NO_ANSWER, said=error)


def _note(
    connection: Connection,
    version: str | None,
    steps: Sequence[Step],
    *,
    actor: str,
    now: datetime,
) -> None:
    """Remember how it went; what is paused and was found to be good goes on."""
    district_id = connection.district_id
    facts = {"powerschool_version": version} if version else {}
    with transaction():
        lock_lane(district_id)
        is_same = remember_health(connection, steps, now=now, **facts)
        word = worst_of(steps).value
        AuditEntry.note(
            "connection.tested", actor=actor, district=district_id, result=word
        )
        good_modes = {mode for mode in AttendanceMode if is_good_for(mode, steps)}
        if is_same and reaches(steps):
            resumed = resume_tested(district_id, good_modes, actor=actor)
            if resumed:
                ring_after_commit(district_id)
