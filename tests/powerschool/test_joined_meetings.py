"""Whatever a timetable holds, its meetings are of the day and each comes once."""

from hypothesis import given
from hypothesis import strategies as some

from vmps.powerschool import AttendanceMode, AttendanceRow, BellTime, Meeting
from vmps.powerschool.bells import Period
from vmps.powerschool.meetings import joined, marked, merged
from vmps.powerschool.sections import Enrolment

SMALL = some.integers(1, 4)
TIMES = some.lists(
    some.builds(
        lambda period, start, length: BellTime(period, start, start + length, "", None),
        SMALL,
        some.integers(0, 50),
        some.integers(1, 20),
    ),
    max_size=5,
)
PERIODS = some.dictionaries(
    SMALL, some.builds(Period, SMALL, SMALL, some.just(""), some.just(36))
)
ENROLMENTS = some.lists(some.builds(Enrolment, SMALL, SMALL), max_size=4)
MEETS = some.dictionaries(SMALL, some.sets(SMALL))
ROWS = some.lists(
    some.builds(
        AttendanceRow,
        dcid=some.integers(1, 99),
        student_id=some.just(77),
        code_id=some.none() | some.integers(0, 9),
        year_id=some.just(36),
        comment=some.none() | some.just("Bus"),
        comment_is_known=some.booleans(),
        total_minutes=some.none(),
        period_id=some.none() | some.integers(0, 4),
        cc_id=some.none() | SMALL,
        mode=some.none() | some.sampled_from(AttendanceMode),
        interval=some.none() | some.integers(0, 3),
    ),
    max_size=5,
)


def keys(meetings: list[Meeting]) -> list[tuple[int, int, int | None]]:
    return [(one.cc_id, one.period_id, one.interval) for one in meetings]


TIMETABLES = some.tuples(TIMES, PERIODS, ENROLMENTS, MEETS, some.sets(SMALL))
Timetable = tuple[
    list[BellTime],
    dict[int, Period],
    list[Enrolment],
    dict[int, set[int]],
    set[int],
]


@given(TIMETABLES, ROWS)
def test_a_meeting_comes_once_within_the_bells_and_can_be_written(
    timetable: Timetable, rows: list[AttendanceRow]
) -> None:
    scheduled = joined(*timetable)
    times, _periods, enrolments, _meets, _by_interval = timetable
    found = merged(m for one in scheduled for m in marked(one, rows, is_known=True))
    assert len(set(keys(found))) == len(found)
    assert found == sorted(found, key=lambda one: (one.starts, one.cc_id))
    for one in found:
        bells = [time for time in times if time.period_id == one.period_id]
        assert one.starts in {bell.starts for bell in bells}
        assert one.ends in {bell.ends for bell in bells}
        has_interval = one.mode is AttendanceMode.INTERVAL
        assert (one.interval is not None) == has_interval
        assert one.cc_id in {enrolment.cc_id for enrolment in enrolments}


@given(TIMETABLES, ROWS)
def test_every_row_of_a_meeting_shows(
    timetable: Timetable, rows: list[AttendanceRow]
) -> None:
    """A code that stands there may be protected, so none may get lost."""
    scheduled = joined(*timetable)
    found = merged(m for one in scheduled for m in marked(one, rows, is_known=True))
    held = {(row.cc_id, row.period_id) for row in rows if _is_of_a_meeting(row)}
    marked_ones = {(one.cc_id, one.period_id) for one in found if one.code_id}
    assert held & {(one.cc_id, one.period_id) for one in found} <= marked_ones


def _is_of_a_meeting(row: AttendanceRow) -> bool:
    is_of_the_day = row.mode in {AttendanceMode.DAILY, AttendanceMode.TIME}
    return bool(row.code_id) and not is_of_the_day
