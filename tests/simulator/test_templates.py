"""The meeting and time templates, and the join of tables that stands in for one."""

from datetime import date
from typing import Any

import pytest

from .caller import DAY, OTHER_SCHOOL, SCHOOL, YEARID, Caller

MEETINGS = "meeting_interval_attendance_template"
TIME = "time_attendance_template"
NEXT_DAY = "2026-11-24"
HALF_DAY = "2026-11-25"


def template(caller: Caller, studentid: int, day: str = DAY, **more: Any) -> list[Any]:
    arguments = {"studentid": studentid, "schoolid": SCHOOL, "att_date": day, **more}
    answer = caller.query(MEETINGS, json=arguments)
    assert answer.status_code == 200
    return [row["tables"]["attendance"] for row in answer.json().get("record", [])]


def time_template(caller: Caller, dcid: int, **more: Any) -> list[Any]:
    student = caller.students()[0]["id"]
    arguments = {"studentid": student, "dcid": dcid, "att_date": DAY, **more}
    answer = caller.query(TIME, json=arguments)
    return [row["tables"]["attendance"] for row in answer.json().get("record", [])]


def joined(caller: Caller, studentid: int, day: str) -> list[dict[str, str]]:
    """Find a student's meetings in the tables, as reference section 5.9 says."""
    q = f"schoolid=={SCHOOL};date_value=={day}"
    columns = "bell_schedule_id,cycle_day_id"
    today = caller.rows("calendar_day", columns, q=q)[0]
    letter = caller.rows("cycle_day", "letter", q=f"id=={today['cycle_day_id']}")[0]
    items = caller.rows(
        "bell_schedule_items",
        "period_id,start_time,end_time",
        q=f"bell_schedule_id=={today['bell_schedule_id']}",
    )
    year = f"schoolid=={SCHOOL};year_id=={YEARID}"
    periods = caller.rows("period", "id,period_number", q=year)
    number_of = {row["id"]: row["period_number"] for row in periods}
    q = f"studentid=={studentid};sectionid=gt=0"
    q += f";dateenrolled=le={day};dateleft=gt={day}"
    found = []
    for enrolment in caller.rows("cc", "id,sectionid", q=q):
        q = f"sectionid=={enrolment['sectionid']};{year}"
        q += f";cycle_day_letter=={letter['letter']}"
        meets = caller.rows("section_meeting", "period_number", q=q)
        numbers = [row["period_number"] for row in meets]
        found += [
            {"ccid": enrolment["id"], **item}
            for item in items
            if number_of[item["period_id"]] in numbers
        ]
    return sorted(found, key=lambda row: (int(row["start_time"]), row["ccid"]))


def test_a_meeting_without_a_row_shows_no_code(meeting_caller: Caller) -> None:
    student = meeting_caller.students()[0]["id"]
    rows = template(meeting_caller, student)
    assert len(rows) == 6
    assert rows[0].keys() == {
        *("att_date", "start_time", "end_time", "studentid", "periodid"),
        *("ccid", "att_mode_code"),
    }
    assert rows[0]["att_mode_code"] == "ATT_ModeMeeting"
    assert [int(row["start_time"]) for row in rows[:2]] == [28_800, 32_400]


def test_it_shows_what_was_written(meeting_caller: Caller) -> None:
    student = meeting_caller.students()[0]["id"]
    held = meeting_caller.simulator.meetings(student, DAY)
    meeting_caller.write_meetings(
        meeting_caller.meeting_record(held[1], att_comment="late")
    )
    rows = template(meeting_caller, student)
    assert [row.get("attendance_codeid") for row in rows[:3]] == [
        None,
        meeting_caller.code("T"),
        None,
    ]
    assert rows[1]["att_comment"] == "late"


@pytest.mark.parametrize("day", [DAY, NEXT_DAY, HALF_DAY])
def test_the_join_of_tables_finds_the_same_meetings(
    meeting_caller: Caller, day: str
) -> None:
    meeting_caller.seed["schools"][0]["half_days"] = [HALF_DAY]
    meeting_caller.simulator.seed(meeting_caller.seed)
    meeting_caller.log_in()
    names = ("ccid", "start_time", "end_time")
    counts = set()
    for student in meeting_caller.students()[::2]:
        rows = template(meeting_caller, student["id"], day)
        expected = [
            {**{name: row[name] for name in names}, "period_id": row["periodid"]}
            for row in rows
        ]
        assert joined(meeting_caller, student["id"], day) == expected
        counts.add(len(rows))
    assert 6 in counts


def test_nothing_on_other_days_at_other_schools_and_of_others(
    meeting_caller: Caller,
) -> None:
    student = meeting_caller.students()[0]["id"]
    assert date.fromisoformat("2026-11-28").weekday() == 5
    assert template(meeting_caller, student, "2026-11-28") == []
    assert template(meeting_caller, student, schoolid=OTHER_SCHOOL) == []
    assert template(meeting_caller, 1) == []


@pytest.mark.parametrize("change", [{"enroll_status": 2}, {"exitdate": DAY}])
def test_nothing_of_who_is_not_enrolled(
    meeting_caller: Caller, change: dict[str, Any]
) -> None:
    meeting_caller.students()[0].update(change)
    meeting_caller.simulator.seed(meeting_caller.seed)
    meeting_caller.log_in()
    assert template(meeting_caller, meeting_caller.students()[0]["id"]) == []


def test_unconfirmed_columns_may_be_missing(meeting_caller: Caller) -> None:
    meeting_caller.simulator.settings(template_has_ccid=False)
    row = template(meeting_caller, meeting_caller.students()[0]["id"])[0]
    assert row.keys() == {
        *("att_date", "start_time", "end_time", "studentid", "periodid"),
    }


def test_intervals_are_numbered_within_their_meeting(meeting_caller: Caller) -> None:
    meeting_caller.seed["schools"][1]["interval_minutes"] = 30
    meeting_caller.simulator.seed(meeting_caller.seed)
    meeting_caller.log_in()
    student = meeting_caller.students(OTHER_SCHOOL)[0]["id"]
    rows = template(meeting_caller, student, schoolid=OTHER_SCHOOL)
    columns = ("att_mode_code", "att_interval", "start_time", "end_time")
    assert [tuple(row[name] for name in columns) for row in rows[:3]] == [
        ("ATT_ModeInterval", "1", "28800", "30600"),
        ("ATT_ModeInterval", "2", "30600", "32100"),
        ("ATT_ModeInterval", "1", "32400", "34200"),
    ]


def test_each_interval_gets_a_row_of_its_own(meeting_caller: Caller) -> None:
    meeting_caller.seed["schools"][1]["interval_minutes"] = 30
    meeting_caller.simulator.seed(meeting_caller.seed)
    meeting_caller.log_in()
    student = meeting_caller.students(OTHER_SCHOOL)[0]["id"]
    held = meeting_caller.simulator.meetings(student, DAY)[:2]
    code = {"attendance_codeid": "3600102"}  # T of the second school
    own = {"studentid": str(student), "schoolid": OTHER_SCHOOL, **code}
    records = [meeting_caller.meeting_record(meeting, **own) for meeting in held]
    for name in ("start_time", "end_time"):
        del records[0]["tables"]["attendance"][name]
    answer = meeting_caller.write_meetings(*records).json()
    assert answer["insert_count"] == 2
    rows = meeting_caller.rows("attendance", "att_interval,ccid,periodid")
    assert [row["att_interval"] for row in rows] == ["1", "2"]
    assert rows[0]["ccid"] == rows[1]["ccid"]


def test_a_query_may_be_missing(meeting_caller: Caller) -> None:
    meeting_caller.simulator.settings(missing_queries=[MEETINGS])
    arguments = {"studentid": 1, "schoolid": SCHOOL, "att_date": DAY}
    answer = meeting_caller.query(MEETINGS, json=arguments)
    assert answer.status_code == 404
    assert "not found" in answer.json()["message"]
    assert time_template(meeting_caller, 0)
    with pytest.raises(ValueError, match="400"):
        meeting_caller.simulator.settings(missing_queries=["meeting_template"])


def test_meetings_need_the_grants_of_their_tables(meeting_caller: Caller) -> None:
    meeting_caller.simulator.withdraw("BELL_SCHEDULE_ITEMS", "START_TIME")
    arguments = {"studentid": 1, "schoolid": SCHOOL, "att_date": DAY}
    answer = meeting_caller.query(MEETINGS, json=arguments)
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["field"] == "Start_Time"


def test_a_new_time_row_has_no_code(caller: Caller) -> None:
    row = time_template(caller, 0)[0]
    assert (row["att_mode_code"], row["schoolid"]) == ("ATT_ModeTime", SCHOOL)
    assert not {"dcid", "attendance_codeid", "total_minutes"} & row.keys()


def test_a_time_row_is_shown_by_its_dcid(caller: Caller) -> None:
    fields = {"att_mode_code": "ATT_ModeTime", "total_minutes": "45"}
    caller.write(caller.record(0, **fields))
    dcid = caller.simulator.attendance()[0]["dcid"]
    row = time_template(caller, dcid)[0]
    assert (row["dcid"], row["total_minutes"]) == (str(dcid), "45")
    assert row["attendance_codeid"] == caller.code("T")
    assert time_template(caller, dcid, studentid=caller.students()[1]["id"]) == []
    assert time_template(caller, dcid, att_date=NEXT_DAY) == []
    assert time_template(caller, dcid + 1) == []
