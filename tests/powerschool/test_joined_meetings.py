"""Whatever a timetable holds, its meetings are of the day and each comes once."""

from hypothesis import given
from hypothesis import strategies as some

from vmps.powerschool import AttendanceMode, AttendanceRow, BellTime, Meeting
from vmps.powerschool.bells import Period
from vmps.powerschool.meetings import marked, merged
from vmps.powerschool.sections import Enrolment
from vmps.powerschool.timetables import Timetable, joined

SMALL = some.integers(1, 4)
TIMES = some.lists(
    some.builds(
        lambda period, start, length: BellTime(period, start, start + length, ""),
        SMALL,
        some.integers(0, 50),
        some.integers(1, 20),
    ),
    max_size=5,
)
PERIODS = some.dictionaries(
    SMALL, some.builds(Period, SMALL, SMALL, label=some.just(""), year_id=some.just(36))
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


TIMETABLES = some.builds(
    Timetable,
    TIMES,
    PERIODS,
    MEETS,
    by_interval=some.sets(SMALL),
    interval_seconds=some.none() | some.integers(1, 30),
)


@given(TIMETABLES, ENROLMENTS, ROWS)
def test_a_meeting_comes_once_within_the_bells_and_can_be_written(
    timetable: Timetable, enrolments: list[Enrolment], rows: list[AttendanceRow]
) -> None:
    scheduled = merged(joined(timetable, enrolments))
    found = merged(marked(scheduled, rows, is_known=True))
    assert len(set(keys(found))) == len(found)
    assert found == sorted(found, key=lambda one: (one.starts, one.cc_id))
    for one in found:
        bells = [t for t in timetable.times if t.period_id == one.period_id]
        assert min(bell.starts for bell in bells) <= one.starts < one.ends
        assert one.ends <= max(bell.ends for bell in bells)
        has_interval = one.mode is AttendanceMode.INTERVAL
        assert (one.interval is not None) == has_interval
        assert one.cc_id in {enrolment.cc_id for enrolment in enrolments}


@given(TIMETABLES, ENROLMENTS, ROWS)
def test_every_row_of_a_meeting_shows(
    timetable: Timetable, enrolments: list[Enrolment], rows: list[AttendanceRow]
) -> None:
    """A code that stands there may be protected, so none may get lost."""
    scheduled = merged(joined(timetable, enrolments))
    found = merged(marked(scheduled, rows, is_known=True))
    held = {(row.cc_id, row.period_id) for row in rows if _is_of_a_meeting(row)}
    marked_ones = {(one.cc_id, one.period_id) for one in found if one.code_id}
    assert held & {(one.cc_id, one.period_id) for one in found} <= marked_ones


def _is_of_a_meeting(row: AttendanceRow) -> bool:
    is_of_the_day = row.mode in {AttendanceMode.DAILY, AttendanceMode.TIME}
    return bool(row.code_id) and not is_of_the_day
