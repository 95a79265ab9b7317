"""A school's timetable of one date from its tables, and the meetings it gives."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from vmps.powerschool.bells import Bells, Period
from vmps.powerschool.codes import year_id_of
from vmps.powerschool.deadline import Deadline
from vmps.powerschool.records import AttendanceMode, BellTime, Meeting
from vmps.powerschool.sections import Enrolment, Sections


@dataclass(frozen=True, slots=True)
class Timetable:
    """What all students of a school share on one date.

    `meets` has the numbers of the periods in which each section meets; `by_interval`
    the sections that take attendance by interval, and how long one lasts.
    """

    times: list[BellTime]
    periods: Mapping[int, Period]
    meets: Mapping[int, AbstractSet[int]]
    by_interval: AbstractSet[int]
    interval_seconds: int | None


def read_timetable(
    bells: Bells, sections: Sections, school_number: int, on: date, deadline: Deadline
) -> Timetable | None:
    """The timetable, kept in its parts; None on a day without one."""
    day = bells.day(school_number, on, deadline)
    times = bells.times(school_number, on, deadline)
    if day is None or not day.cycle_day_id or not times:
        return None
    letter = sections.letter(day.cycle_day_id, deadline)
    if not letter:
        return None
    periods = bells.periods(school_number, times, deadline)
    years = [period.year_id for period in periods.values() if period.year_id]
    year_id = years[0] if years else year_id_of(on)
    by_interval = sections.with_intervals(school_number, year_id, deadline)
    length = None
    if by_interval:
        length = sections.interval_seconds(school_number, year_id, deadline)
    return Timetable(
        times=times,
        periods=periods,
        meets=sections.periods(school_number, year_id, letter, deadline),
        by_interval=by_interval,
        interval_seconds=length,
    )


def joined(timetable: Timetable, enrolments: Iterable[Enrolment]) -> list[Meeting]:
    """The meetings of these sections, without what stands there."""
    return [
        meeting
        for enrolment in enrolments
        for bell in timetable.times
        if _meets(timetable, enrolment, bell)
        for meeting in _meetings(timetable, enrolment, bell)
    ]


def _meets(timetable: Timetable, enrolment: Enrolment, bell: BellTime) -> bool:
    period = timetable.periods.get(bell.period_id)
    numbers = timetable.meets.get(enrolment.section_id, frozenset())
    return period is not None and period.number in numbers


def _meetings(
    timetable: Timetable, enrolment: Enrolment, bell: BellTime
) -> Iterator[Meeting]:
    """One meeting, or the intervals of one.

    PowerSchool counts intervals from 1 within a period (its ATN_ItvlBellSchedItms,
    which plugins cannot read). Without a length the period counts as one interval.
    """
    has_intervals = enrolment.section_id in timetable.by_interval
    length = bell.ends - bell.starts
    if has_intervals and timetable.interval_seconds:
        length = timetable.interval_seconds
    for number, starts in enumerate(range(bell.starts, bell.ends, length), start=1):
        yield Meeting(
            cc_id=enrolment.cc_id,
            period_id=bell.period_id,
            mode=AttendanceMode.INTERVAL if has_intervals else AttendanceMode.MEETING,
            interval=number if has_intervals else None,
            starts=starts,
            ends=min(starts + length, bell.ends),
            period=bell.period,
            code_id=None,
            comment=None,
            comment_is_known=True,
            stands_for_all=has_intervals and not timetable.interval_seconds,
        )
