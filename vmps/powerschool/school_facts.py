"""Looking up what holds for a whole school: codes, calendar, bells."""

from datetime import date
from functools import partial

from vmps.powerschool.bells import Bells, read_calendar_day
from vmps.powerschool.calls import Calls
from vmps.powerschool.codes import read_attendance_codes
from vmps.powerschool.deadline import Deadline
from vmps.powerschool.records import AttendanceCode, BellTime, CalendarDay
from vmps.powerschool.school_years import read_preferences

ATTENDANCE_PREFERENCES = "ATT_"


class SchoolFacts:
    """The part of the client that knows schools."""

    _calls: Calls
    _bells: Bells

    def attendance_codes(
        self, school_number: int, on: date, *, deadline: Deadline
    ) -> list[AttendanceCode]:
        """The codes of a school in the school year of a date."""
        return read_attendance_codes(self._calls, school_number, on, deadline)

    def calendar_day(
        self,
        school_number: int,
        on: date,
        *,
        deadline: Deadline,
        with_schedule: bool = False,
    ) -> CalendarDay | None:
        """The date in the school's calendar, None when it is not there.

        Its bell schedule and cycle day come `with_schedule` only, and where the plugin
        may read these fields. `bell_times` then need not read it again.
        """
        read = partial(read_calendar_day, self._calls, school_number, on, deadline)

        def read_and_note() -> CalendarDay | None:
            day = read(with_schedule=True)
            self._bells.note_day(school_number, on, day)
            return day

        if not with_schedule:
            return read()
        return self._bells.or_without(read_and_note, read)

    def bell_times(
        self,
        school_number: int,
        on: date,
        *,
        deadline: Deadline,
        with_names: bool = True,
        is_needed: bool = True,
    ) -> list[BellTime]:
        """The periods of a date in order of time, none on a day without school.

        Kept for an hour: three calls for the first of a school and date, two where
        nobody needs the names. Where they are not needed a refusal is no error: none
        are told for some minutes.
        """
        read = partial(
            self._bells.times, school_number, on, deadline, with_names=with_names
        )
        return read() if is_needed else self._bells.or_without(read, list)

    def preferences(
        self,
        school_number: int,
        year_id: int,
        *,
        deadline: Deadline,
        prefix: str = ATTENDANCE_PREFERENCES,
    ) -> dict[str, str]:
        """A school's preferences of a year by name: those about attendance."""
        found = read_preferences(self._calls, school_number, year_id, prefix, deadline)
        return {preference.name: preference.value for preference in found}
