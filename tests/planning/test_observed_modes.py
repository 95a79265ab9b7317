"""Which mode PowerSchool uses, from rows and preferences, beside the one chosen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vmps.models import AttendanceMode
from vmps.powerschool import AttendanceMode as TheirMode
from vmps.services.observed_modes import (
    FEWEST_ROWS,
    ModeDifference,
    Observed,
    Preferences,
    count_modes,
    find_difference,
    from_json,
    read_preferences,
    to_json,
)

DAILY, TIME, MEETING = AttendanceMode
UNKNOWN = Preferences.UNKNOWN


@pytest.mark.parametrize(
    ("mode", "rows", "used"),
    [
        (DAILY, {MEETING: 120}, (MEETING,)),
        (TIME, {DAILY: 60, MEETING: 60}, (DAILY, MEETING)),
        (MEETING, {DAILY: 95, TIME: 5}, (DAILY,)),
        (DAILY, {MEETING: 115, DAILY: 5}, (MEETING,)),  # slips are no bridge
        (None, {DAILY: 40}, (DAILY,)),
    ],
)
def test_a_mode_that_the_rows_do_not_show_differs(
    mode: AttendanceMode | None,
    rows: dict[AttendanceMode, int],
    used: tuple[AttendanceMode, ...],
) -> None:
    found = find_difference(mode, Observed(rows))
    assert found
    assert (found.used, found.total) == (used, sum(rows.values()))
    assert found.count == sum(rows[each] for each in used)


@pytest.mark.parametrize(
    ("mode", "rows"),
    [
        (MEETING, {MEETING: 120}),
        (DAILY, {MEETING: 80, DAILY: 20}),  # bridged
        (MEETING, {MEETING: 20, DAILY: 80}),
        (DAILY, {}),
        (DAILY, {MEETING: FEWEST_ROWS - 1}),
        (None, {MEETING: 50, DAILY: 50}),
    ],
)
def test_what_fits_or_says_too_little_is_no_difference(
    mode: AttendanceMode | None, rows: dict[AttendanceMode, int]
) -> None:
    assert find_difference(mode, Observed(rows)) is None


def test_intervals_are_meetings_and_unknown_modes_are_left_out() -> None:
    rows = [TheirMode.INTERVAL, TheirMode.MEETING, TheirMode.DAILY, None]
    assert count_modes(rows) == {MEETING: 2, DAILY: 1}


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"ATT_RecordModeMeeting": "1"}, {MEETING: True}),
        ({"ATT_RecordModeMeeting": "0", "ATT_RecordModeInterval": "1"},
         {MEETING: True}),
        ({"att_recordmodedaily": " False "}, {DAILY: False}),
        ({"ATT_RecordModeDaily": "Perhaps"}, {}),
        ({"ATT_RecordModeDaily": ""}, {}),
        ({"ATT_RecordModeWeekly": "1", "ATT_CalcCntPresentsAbsences": "1"}, {}),
        ({"ATT_RecordMode": "1"}, {}),
    ],
)  # fmt: skip
def test_preferences_are_read_as_far_as_they_are_understood(
    values: dict[str, str], found: dict[AttendanceMode, bool]
) -> None:
    assert read_preferences(values) == found


@pytest.mark.parametrize(
    ("recorded", "said"),
    [
        ({MEETING: True}, Preferences.AGREE),
        ({MEETING: False, DAILY: True}, Preferences.DISAGREE),
        ({DAILY: True}, UNKNOWN),
        ({}, UNKNOWN),
    ],
)
def test_preferences_only_say_whether_they_agree(
    recorded: dict[AttendanceMode, bool], said: Preferences
) -> None:
    found = find_difference(DAILY, Observed({MEETING: 20}, recorded))
    assert found == ModeDifference((MEETING,), 20, 20, said)


counts = st.dictionaries(st.sampled_from(AttendanceMode), st.integers(0, 200))
flags = st.dictionaries(st.sampled_from(AttendanceMode), st.booleans())


@given(counts, flags)
def test_what_is_kept_is_what_was_seen(
    rows: dict[AttendanceMode, int], recorded: dict[AttendanceMode, bool]
) -> None:
    observed = Observed(rows, recorded)
    assert from_json(to_json(observed)) == observed
    assert from_json("") == Observed()


@given(st.none() | st.sampled_from(AttendanceMode), counts, flags)
def test_preferences_alone_never_make_a_difference(
    mode: AttendanceMode | None,
    rows: dict[AttendanceMode, int],
    recorded: dict[AttendanceMode, bool],
) -> None:
    with_them = find_difference(mode, Observed(rows, recorded))
    without = find_difference(mode, Observed(rows))
    assert (with_them is None) == (without is None)
    assert with_them is None or mode not in with_them.used


@given(st.dictionaries(st.text(max_size=24), st.text(max_size=5)))
def test_no_preference_is_too_odd(values: dict[str, str]) -> None:
    assert set(read_preferences(values)) <= set(AttendanceMode)
