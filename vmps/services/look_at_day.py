"""Reading what PowerSchool holds for a school's day: its students and all its rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

from vmps.config import Settings
from vmps.models import School
from vmps.powerschool import AttendanceMode, AttendanceRow, Deadline, TimedOut
from vmps.services.across import TOGETHER
from vmps.services.identify import Resolution, identify
from vmps.services.link import FACTS_SECONDS, Link
from vmps.services.modes.choose import mode_of
from vmps.services.planning.day import DAY, MINUTES
from vmps.services.reading import chunked
from vmps.services.subject import Subject, Surveyed
from vmps.services.survey import survey
from vmps.services.workload import Unit


@dataclass(frozen=True, slots=True)
class DayRow:
    """One row of PowerSchool: STUDENTS.ID, the code's text, the comment."""

    student_id: int
    code: str
    comment: str
    #: Where it stands, as attempts call it.
    slot: str
    #: It is of the school's attendance mode.
    is_of_mode: bool


@dataclass(frozen=True, slots=True)
class SeenDay:
    """What was read; units that could not be read in time are missing."""

    surveyed: Sequence[Surveyed]
    rows: Sequence[DayRow]


def look_at_day(  # noqa: PLR0917 the whole question
    school: School,
    day: date,
    units: Sequence[Unit],
    link: Link,
    settings: Settings,
) -> SeenDay:
    """Read for these units of one school and day, and the day's rows of everybody."""
    look = _Look(link, school, day, settings)
    return SeenDay(look.at(units), look.at_rows())


class _Look:
    """PowerSchool as it is now, for one school and day."""

    def __init__(
        self, link: Link, school: School, day: date, settings: Settings
    ) -> None:
        self._link, self._school, self._day = link, school, day
        self._threads = settings.lane_concurrency
        self._deadline = Deadline.after(settings.attempt_seconds)
        self._mode = mode_of(school.attendance_mode)

    def at(self, units: Sequence[Unit]) -> list[Surveyed]:
        """Read for these units, many in a call where the mode can; in time only."""
        size = 1 if self._mode.reads_alone else TOGETHER
        subjects = sorted(self._identified(units), key=lambda one: one.ps_id or 0)
        with ThreadPoolExecutor(self._threads) as pool:
            chunks = pool.map(self._survey, chunked(subjects, size))
            return [item for chunk in chunks for item in chunk]

    def _identified(self, units: Sequence[Unit]) -> Iterable[Subject]:
        strangers = [unit for unit in units if unit.student.ps_id is None]
        found: dict[int, Resolution] = {}
        for chunk in chunked(strangers, TOGETHER):
            students = [unit.student for unit in chunk]
            found |= identify(self._link, self._school.number, students, self._deadline)
        return [Subject(unit, found.get(unit.student.id)) for unit in units]

    def _survey(self, subjects: Sequence[Subject]) -> list[Surveyed]:
        try:
            return survey(self._link, subjects, self._deadline)
        except TimedOut:
            return []

    def at_rows(self) -> list[DayRow]:
        """Read all of the school's rows of the day, in whatever mode."""
        facts = self._link.facts(
            self._school.number,
            self._day,
            deadline=self._deadline,
            at_most=FACTS_SECONDS,
        )
        rows = self._link.client.attendance(
            int(self._school.number), self._day, None, deadline=self._deadline
        )
        return [
            DayRow(
                row.student_id,
                facts.texts.get(row.code_id or 0, f"#{row.code_id}"),
                row.comment or "",
                _slot_of(row),
                row.mode in self._mode.row_modes,
            )
            for row in rows
        ]


def _slot_of(row: AttendanceRow) -> str:
    if row.mode is AttendanceMode.DAILY:
        return DAY
    if row.mode is AttendanceMode.TIME:
        return MINUTES
    slot = f"{row.cc_id}:{row.period_id}"
    return f"{slot}:{row.interval}" if row.mode is AttendanceMode.INTERVAL else slot
