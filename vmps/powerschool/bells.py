"""Bell times of a school on a date: calendar day, bell schedule, periods."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from vmps.powerschool.calls import Calls
from vmps.powerschool.deadline import Deadline
from vmps.powerschool.envelopes import RECORD_ID, Row, integer, optional_integer, text
from vmps.powerschool.errors import (
    FieldsNotGranted,
    MalformedAnswer,
    NotFound,
    Rejected,
    ServerError,
    TooManyPages,
)
from vmps.powerschool.fiql import between
from vmps.powerschool.keeping import Keeper
from vmps.powerschool.paging import PAGE_SIZE, all_pages
from vmps.powerschool.records import BellTime, CalendarDay
from vmps.powerschool.rows import CALENDAR_COLUMNS, SCHEDULE_COLUMNS, calendar_day_of

ITEM_COLUMNS = ("period_id", "start_time", "end_time")
#: Fewer schedules are read one by one.
WORTH_A_RANGE = 3
PERIOD_COLUMNS = ("id", "period_number", "abbreviation", "year_id")

#: Fields not granted, no such table or column, times that are none.
REFUSALS = (FieldsNotGranted, MalformedAnswer, NotFound, Rejected)
REFUSED_SECONDS = 600.0
#: After an error of PowerSchool itself they are asked for again soon.
TROUBLE_SECONDS = 60.0
_REFUSED, _FAR_APART = "bells_refused", "bells_far_apart"

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Period:
    """A period of a school and year; `label` is its abbreviation or number."""

    id: int
    number: int | None
    label: str
    year_id: int | None


def read_calendar_day(
    calls: Calls,
    school_number: int,
    on: date,
    deadline: Deadline,
    *,
    with_schedule: bool = False,
) -> CalendarDay | None:
    """The date in the school's calendar, None when it is not there."""
    columns = CALENDAR_COLUMNS + (SCHEDULE_COLUMNS if with_schedule else ())
    conditions = [("schoolid", "==", school_number), ("date_value", "==", on)]
    rows = calls.table("calendar_day", columns, conditions, deadline)
    return calendar_day_of(rows[0]) if rows else None


class Bells:
    """Reads bell times and keeps them for an hour."""

    def __init__(self, calls: Calls, keeper: Keeper) -> None:
        self._calls = calls
        self._keeper = keeper
        self._labels: dict[int, str] = {}

    def or_without(self, read: Callable[[], Item], without: Callable[[], Item]) -> Item:
        """What `read` brings, or `without` where bells are refused, for some minutes.

        Where `without` fails as well it was about something else, and is raised.
        """
        if self.are_refused:
            return without()
        try:
            return read()
        except (*REFUSALS, ServerError) as error:
            found = without()
            is_short = isinstance(error, ServerError)
            seconds = TROUBLE_SECONDS if is_short else REFUSED_SECONDS
            self._keeper.put(_REFUSED, True, seconds)
            return found

    @property
    def are_refused(self) -> bool:
        """Whether PowerSchool lately refused to tell the bells."""
        return self._keeper.has(_REFUSED)

    def label_of(self, period_id: int) -> str:
        """A period's name where it was read already, else ''."""
        return self._labels.get(period_id, "")

    def day(
        self, school_number: int, on: date, deadline: Deadline
    ) -> CalendarDay | None:
        """The calendar day with its schedule, None on a day without school."""
        day = self._keeper.get(
            _day_key(school_number, on),
            lambda: read_calendar_day(
                self._calls, school_number, on, deadline, with_schedule=True
            ),
            deadline,
        )
        return day if day and day.in_session and day.bell_schedule_id else None

    def knows_day(self, school_number: int, on: date) -> bool:
        """Whether `day` would read nothing."""
        return self._keeper.has(_day_key(school_number, on))

    def note_day(self, school_number: int, on: date, day: CalendarDay | None) -> None:
        """Keep a calendar day that was read, with its schedule, for its own sake.

        Its bell times are read again, too.
        """
        self._keeper.put(_day_key(school_number, on), day)
        if day and day.bell_schedule_id:
            self._keeper.forget(_items_key(day.bell_schedule_id))

    def read_ahead(
        self,
        school_numbers: Iterable[int],
        on: date,
        deadline: Deadline,
        *,
        most_pages: int,
    ) -> None:
        """Read the times of schools whose days are noted in one range of schedules.

        Where others between theirs fill too many pages each is left to be read alone.
        """
        if self._keeper.has(_FAR_APART):
            return
        days = [self.day(number, on, deadline) for number in school_numbers]
        ids = {day.bell_schedule_id for day in days if day and day.bell_schedule_id}
        missing = [i for i in ids if not self._keeper.has(_items_key(i))]
        if len(missing) < WORTH_A_RANGE:
            return

        def page(number: int) -> list[Row]:
            return self._calls.table(
                "bell_schedule_items",
                ("bell_schedule_id", *ITEM_COLUMNS),
                between("bell_schedule_id", (min(missing), max(missing))),
                deadline,
                page=number,
            )

        found: dict[int, list[Row]] = defaultdict(list)
        try:
            rows = all_pages(page, PAGE_SIZE, most_pages)
        except TooManyPages:
            self._keeper.put(_FAR_APART, True)
            return
        for row in rows:
            found[integer(row, "bell_schedule_id")].append(row)
        for schedule_id in missing:
            self._keeper.put(_items_key(schedule_id), _times_of(found[schedule_id]))

    def times(
        self,
        school_number: int,
        on: date,
        deadline: Deadline,
        *,
        with_names: bool = True,
    ) -> list[BellTime]:
        """The periods of a date in order; none on a day without school."""
        day = self.day(school_number, on, deadline)
        if day is None:
            return []
        schedule_id = day.bell_schedule_id or 0
        items = self._keeper.get(
            _items_key(schedule_id),
            lambda: self._read_items(schedule_id, deadline),
            deadline,
        )
        if not with_names:
            return items
        periods = self.periods(school_number, items, deadline)
        return [
            replace(item, period=periods[item.period_id].label)
            if item.period_id in periods
            else item
            for item in items
        ]

    def periods(
        self, school_number: int, times: list[BellTime], deadline: Deadline
    ) -> dict[int, Period]:
        """The periods of these times by their id."""
        if not times:
            return {}
        ids = [time.period_id for time in times]
        bounds = min(ids), max(ids)
        return self._keeper.get(
            ("period", school_number, bounds),
            lambda: self._read_periods(school_number, bounds, deadline),
            deadline,
        )

    def _read_items(self, schedule_id: int, deadline: Deadline) -> list[BellTime]:
        def page(number: int) -> list[Row]:
            return self._calls.table(
                "bell_schedule_items",
                ITEM_COLUMNS,
                [("bell_schedule_id", "==", schedule_id)],
                deadline,
                page=number,
            )

        return _times_of(all_pages(page, PAGE_SIZE))

    def _read_periods(
        self, school_number: int, bounds: tuple[int, int], deadline: Deadline
    ) -> dict[int, Period]:
        # By the range of ids and not by year, which the calendar day does not tell.
        def page(number: int) -> list[Row]:
            return self._calls.table(
                "period",
                PERIOD_COLUMNS,
                [("schoolid", "==", school_number), *between("id", bounds)],
                deadline,
                page=number,
            )

        periods = map(_period_of, all_pages(page, PAGE_SIZE))
        found = {period.id: period for period in periods}
        self._labels.update((period.id, period.label) for period in found.values())
        return found


def _day_key(school_number: int, on: date) -> tuple[str, int, date]:
    return "calendar_day", school_number, on


def _items_key(schedule_id: int) -> tuple[str, int]:
    return "bell_schedule_items", schedule_id


def _times_of(rows: Iterable[Row]) -> list[BellTime]:
    times = [time for time in map(_time_of, rows) if time is not None]
    return sorted(times, key=lambda time: (time.starts, time.period_id))


def _time_of(row: Row) -> BellTime | None:
    """A bell time, None for a period that has no time in this schedule."""
    period_id = optional_integer(row, "period_id")
    starts = optional_integer(row, "start_time")
    ends = optional_integer(row, "end_time")
    if not period_id or starts is None or ends is None or ends <= starts:
        return None
    return BellTime(period_id, starts, ends, "")


def _period_of(row: Row) -> Period:
    number = optional_integer(row, "period_number")
    abbreviation = (text(row, "abbreviation") or "").strip()
    return Period(
        id=integer(row, "id", RECORD_ID),
        number=number,
        label=abbreviation or ("" if number is None else str(number)),
        year_id=optional_integer(row, "year_id"),
    )
