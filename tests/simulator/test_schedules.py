"""Bell schedules, periods, cycle days, sections and enrolments of the district."""

from typing import Any

import pytest

from vmps.simulator.control import Simulator
from vmps.simulator.invent import invent_district

from .caller import DAY, OTHER_SCHOOL, SCHOOL, YEARID, Caller

HALF_DAY = "2026-11-25"
THIS_YEAR = f"schoolid=={SCHOOL};year_id=={YEARID}"


def seeded(caller: Caller, **keys: Any) -> None:
    """Seed again, with other keys of the first school."""
    caller.seed["schools"][0] |= keys
    caller.simulator.seed(caller.seed)
    caller.log_in()


def calendar(caller: Caller, last: str, school: str = SCHOOL) -> list[Any]:
    q = f"schoolid=={school};date_value=ge={DAY};date_value=le={last}"
    columns = "date_value,bell_schedule_id,cycle_day_id"
    return caller.rows("calendar_day", columns, q=q)


def test_a_daily_school_has_one_day_long_period(caller: Caller) -> None:
    day = calendar(caller, DAY)[0]
    q = f"bell_schedule_id=={day['bell_schedule_id']}"
    columns = "period_id,start_time,end_time,daily_attendance_code"
    items = caller.rows("bell_schedule_items", columns, q=q)
    periods = caller.rows("period", "id,name", q=THIS_YEAR)
    assert periods == [{"id": items[0].pop("period_id"), "name": "Day"}]
    assert items == [
        {"start_time": "28800", "end_time": "54000", "daily_attendance_code": "1"}
    ]
    letters = caller.rows("cycle_day", "id,letter", q=THIS_YEAR)
    assert letters == [{"id": day["cycle_day_id"], "letter": "A"}]


def test_letters_alternate_by_days_in_session(meeting_caller: Caller) -> None:
    seeded(meeting_caller, not_in_session=["2026-11-24"])
    rows = meeting_caller.rows("cycle_day", "id,letter", q=THIS_YEAR)
    letter_of = {row["id"]: row["letter"] for row in rows}
    days = calendar(meeting_caller, "2026-12-01")
    letters = [letter_of.get(day.get("cycle_day_id", "")) for day in days]
    # Monday, a day off, three days, the weekend, two days
    first, second = sorted([letters[0], letters[2]], key=letters.index)
    assert {first, second} == {"A", "B"}
    off = [None, None]
    assert letters == [first, None, second, first, second, *off, first, second]


def test_half_days_have_a_bell_schedule_of_their_own(meeting_caller: Caller) -> None:
    q = f"schoolid=={SCHOOL};year_id=={YEARID}"
    assert len(meeting_caller.rows("bell_schedule", "id", q=q)) == 1
    seeded(meeting_caller, half_days=[HALF_DAY])
    named = meeting_caller.rows("bell_schedule", "id,name", q=q)
    assert [row["name"] for row in named] == ["Regular day", "Half day"]
    days = calendar(meeting_caller, HALF_DAY)
    ids = [day["bell_schedule_id"] for day in days]
    assert ids == [named[0]["id"], named[0]["id"], named[1]["id"]]
    items = meeting_caller.rows(
        "bell_schedule_items", "start_time,end_time", q=f"bell_schedule_id=={ids[2]}"
    )
    assert items[0] == {"start_time": "28800", "end_time": "30420"}
    assert int(items[-1]["end_time"]) == 40_320  # 11:12 for 14:25


def test_half_days_may_have_times_and_fewer_periods(meeting_caller: Caller) -> None:
    times = [{"number": 2, "start": "09:10", "end": "09:40"}]
    seeded(meeting_caller, half_days=[HALF_DAY], half_day_periods=times)
    student = meeting_caller.students()[0]["id"]
    held = meeting_caller.simulator.meetings(student, HALF_DAY)
    assert [meeting["period_name"] for meeting in held] == ["Period 2"]
    assert (held[0]["start_time"], held[0]["end_time"]) == (33_000, 34_800)


@pytest.mark.parametrize(
    "table",
    ["bell_schedule", "bell_schedule_items", "period", "cycle_day", "sections", "cc"],
)
def test_dcid_and_id_are_different_sequences(
    meeting_caller: Caller, table: str
) -> None:
    rows = meeting_caller.rows(table, "id")
    records = meeting_caller.table(table, "id").json()["record"]
    ids = [int(row["id"]) for row in rows]
    dcids = [record["id"] for record in records]
    assert dcids == sorted(set(dcids))
    assert all(row_id != dcid for row_id, dcid in zip(ids, dcids, strict=True))
    one = meeting_caller.rows(table, "id", q=f"id=={ids[-1]}")
    assert one == [{"id": str(ids[-1])}]


def test_ids_change_with_the_year(meeting_caller: Caller) -> None:
    student = meeting_caller.students()[0]["id"]
    this_year = meeting_caller.simulator.meetings(student, DAY)
    next_year = meeting_caller.simulator.meetings(student, "2027-11-22")
    for name in ("ccid", "periodid"):
        ids = {meeting[name] for meeting in this_year}
        assert ids.isdisjoint(meeting[name] for meeting in next_year)


@pytest.mark.parametrize(
    "q",
    [
        "studentid=={student}",
        "studentid=={student};dateenrolled=le=2026-11-23;dateleft=gt=2026-11-23",
        "studentid=={student};termid==3600",
        "studentid=ge={student};studentid=le={third};termid==3600",
        "schoolid==1817;dateenrolled=le=2026-11-23;dateleft=gt=2026-11-23",
        "schoolid==1817;dateenrolled==2026-07-01",
        "dateenrolled=ge=2026-07-01;dateleft=ge=2027-07-01",
        "dateleft==2027-07-01",
    ],
)
def test_filters_of_enrolments_find_what_a_scan_finds(
    meeting_caller: Caller, q: str
) -> None:
    student, _, third = (str(s["id"]) for s in meeting_caller.students()[:3])
    columns = "id,studentid,schoolid,termid,dateenrolled,dateleft"
    meeting_caller.simulator.settings(page_size=100_000)
    everything = meeting_caller.rows("cc", columns)
    clauses = q.format(student=student, third=third)
    found = meeting_caller.rows("cc", columns, q=clauses)
    expected = [row for row in everything if _fits(row, clauses)]
    assert found == expected
    assert found


def _fits(row: dict[str, str], clauses: str) -> bool:
    for clause in clauses.split(";"):
        name, comparison, value = clause.replace("==", "=eq=").split("=")
        held = row[name]
        if not {
            "eq": held == value,
            "le": held <= value,
            "ge": held >= value,
            "gt": held > value,
        }[comparison]:
            return False
    return True


def test_sections_name_their_mode(meeting_caller: Caller) -> None:
    for school, mode in (
        (SCHOOL, "ATT_ModeMeeting"),
        (OTHER_SCHOOL, "ATT_ModeInterval"),
    ):
        rows = meeting_caller.rows(
            "sections", "att_mode_code,attendance_type_code", q=f"schoolid=={school}"
        )
        assert {tuple(row.values()) for row in rows} == {(mode, "2")}


def test_dropped_enrolments_have_a_negative_section(meeting_caller: Caller) -> None:
    q = f"schoolid=={SCHOOL};sectionid=lt=0;dateenrolled==2026-07-01"
    dropped = meeting_caller.rows("cc", "sectionid,termid", q=q)
    assert len(dropped) == 3
    assert {row["termid"] for row in dropped} == {"-3600"}
    sectionid = dropped[0]["sectionid"].removeprefix("-")
    assert meeting_caller.rows("sections", "id", q=f"id=={sectionid}")


def test_an_enrolment_may_begin_and_end(meeting_caller: Caller) -> None:
    section = meeting_caller.seed["schools"][0]["sections"][0]
    student = meeting_caller.students()[0]["id"]
    dates = {"dateenrolled": "2026-11-23", "dateleft": "2026-11-25"}
    late = {**section, "students": [{"id": student, **dates}]}
    seeded(meeting_caller, sections=[late])
    days = ["2026-11-20", "2026-11-23", "2026-11-24", "2026-11-25", "2027-11-23"]
    counts = [len(meeting_caller.simulator.meetings(student, day)) for day in days]
    assert counts == [0, 1, 1, 0, 0]
    row = meeting_caller.rows("cc", "dateenrolled,dateleft", q=f"studentid=={student}")
    assert row == [dates]


@pytest.mark.parametrize(
    "change",
    [
        {"attendance_mode": "weekly"},
        {"sections": [{"expression": "9(A)"}]},
        {"sections": [{"expression": "1(C)"}]},
        {"sections": [{"expression": "first"}]},
        {"sections": [{"expression": "1(A)", "students": [1]}]},
        {"periods": [{"number": 1, "start": "09:00", "end": "08:00"}]},
    ],
)
def test_a_seed_that_cannot_be_is_refused(
    meeting_caller: Caller, change: dict[str, Any]
) -> None:
    meeting_caller.seed["schools"][0] |= change
    with pytest.raises(ValueError, match="400"):
        meeting_caller.simulator.seed(meeting_caller.seed)


@pytest.mark.parametrize("mode", ["daily", "time", "meeting", "interval"])
def test_preferences_name_the_school_s_mode(simulator: Simulator, mode: str) -> None:
    seed = invent_district(1, 4, modes=(mode,))
    simulator.seed(seed)
    caller = Caller(simulator, seed)
    caller.log_in()
    q = f"schoolid=={SCHOOL};yearid==36;name==ATT_RecordMode*"
    rows = caller.rows("prefs", "name,value", q=q)
    values = {row["name"].removeprefix("ATT_RecordMode"): row["value"] for row in rows}
    expected = dict.fromkeys(("Daily", "Time", "Meeting", "Interval"), "0")
    assert values == {**expected, mode.title(): "1"}


def test_a_bridged_school_records_two_modes(meeting_caller: Caller) -> None:
    seeded(meeting_caller, recorded_modes=["daily", "meeting"])
    q = f"schoolid=={SCHOOL};yearid==36;value==1"
    rows = meeting_caller.rows("prefs", "name", q=q)
    names = [row["name"] for row in rows]
    assert names == ["ATT_RecordModeDaily", "ATT_RecordModeMeeting"]


def test_modes_are_given_to_schools_in_turn() -> None:
    seed = invent_district(5, 4, modes=("daily", "meeting", "time"))
    modes = [school.get("attendance_mode") for school in seed["schools"]]
    assert modes == [None, "meeting", "time", None, "meeting"]


def test_every_invented_student_has_every_period_on_every_cycle_day() -> None:
    seed = invent_district(1, 60, modes=("meeting",))
    sections = seed["schools"][0]["sections"]
    for student in seed["students"]:
        held = [s["expression"] for s in sections if student["id"] in s["students"]]
        assert set(held) >= {"1(A-B)", "2(A-B)", "3(A)", "3(B)", "6(A)", "6(B)"}
        assert len(held) in (10, 11)
