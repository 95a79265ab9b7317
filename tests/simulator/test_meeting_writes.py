"""meeting_interval: one row a meeting, of one student and day, and every refusal."""

from typing import Any

import pytest

from .caller import DAY, OTHER_SCHOOL, SCHOOL, Caller

NEXT_DAY = "2026-11-24"
Meeting = dict[str, Any]


def meetings(caller: Caller, place: int = 0, day: str = DAY) -> list[Meeting]:
    return caller.simulator.meetings(caller.students()[place]["id"], day)


def rows(caller: Caller) -> list[dict[str, Any]]:
    return caller.simulator.attendance()


def refused(caller: Caller, *records: Any) -> list[tuple[str, str]]:
    answer = caller.write_meetings(*records)
    assert answer.status_code == 400
    assert caller.simulator.journal() == []
    return [(error["field"], error["code"]) for error in answer.json()["errors"]]


def test_each_meeting_gets_a_row_of_its_own(meeting_caller: Caller) -> None:
    held = meetings(meeting_caller)
    answer = meeting_caller.write_meetings(
        meeting_caller.meeting_record(held[0], code="A"),
        meeting_caller.meeting_record(held[1], att_comment="late"),
    ).json()
    assert (answer["insert_count"], answer["update_count"]) == (2, 0)
    written = rows(meeting_caller)
    dcids = [result["success_message"]["id"] for result in answer["result"]]
    assert [row["dcid"] for row in written] == dcids
    assert [row["ccid"] for row in written] == [held[0]["ccid"], held[1]["ccid"]]
    assert [row["periodid"] for row in written] == [m["periodid"] for m in held[:2]]


def test_the_same_meeting_is_updated(meeting_caller: Caller) -> None:
    held = meetings(meeting_caller)
    first = meeting_caller.write_meetings(meeting_caller.meeting_record(held[0]))
    answer = meeting_caller.write_meetings(
        meeting_caller.meeting_record(held[1]),
        meeting_caller.meeting_record(held[0], code="A"),
    ).json()
    assert [result["action"] for result in answer["result"]] == ["INSERT", "UPDATE"]
    dcid = first.json()["result"][0]["success_message"]["id"]
    assert answer["result"][1]["success_message"]["id"] == dcid
    assert len(rows(meeting_caller)) == 2


def test_a_daily_row_of_the_day_is_another(meeting_caller: Caller) -> None:
    meeting_caller.write(meeting_caller.record(0))
    meeting_caller.write_meetings(
        meeting_caller.meeting_record(meetings(meeting_caller)[0])
    )
    modes = [row["att_mode_code"] for row in rows(meeting_caller)]
    assert modes == ["ATT_ModeDaily", "ATT_ModeMeeting"]


def test_the_journal_says_which_meeting(meeting_caller: Caller) -> None:
    held = meetings(meeting_caller)[2]
    meeting_caller.write_meetings(meeting_caller.meeting_record(held))
    line = meeting_caller.simulator.journal()[0]
    assert line["endpoint"] == "meeting_interval"
    assert (line["ccid"], line["periodid"]) == (held["ccid"], held["periodid"])
    assert line["att_interval"] == 0


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("studentid", "1", "NotFound"),
        ("schoolid", OTHER_SCHOOL, "NotEnrolled"),
        ("yearid", "35", "InvalidValue"),
        ("att_date", "2026-11-28", "NotInSession"),
        ("att_mode_code", "ATT_ModeDaily", "InvalidValue"),
        ("att_mode_code", ["ATT_ModeMeeting"], "InvalidValue"),
        ("att_mode_code", "ATT_ModeInterval", "Required"),
        ("attendance_codeid", "3700002", "WrongSchoolOrYear"),
        ("ccid", "1", "NotFound"),
        ("ccid", 360000001, "InvalidValue"),
        ("periodid", "3600006", "NoMeeting"),
        ("start_time", 0, "NoMeeting"),
        ("end_time", 1, "NoMeeting"),
        ("start_time", "28800", "InvalidValue"),
        ("start_time", True, "InvalidValue"),
        ("end_time", None, "Required"),
        ("att_interval", "1", "InvalidField"),
        ("dcid", "10001", "InvalidField"),
        ("total_minutes", "45", "InvalidField"),
    ],
)
def test_bad_field_is_refused(
    meeting_caller: Caller, field: str, value: Any, code: str
) -> None:
    record = meeting_caller.meeting_record(
        meetings(meeting_caller)[0], **{field: value}
    )
    named = {"NotEnrolled": "STUDENTID"}.get(code, field.upper())
    if field == "att_mode_code" and code == "Required":
        named = "ATT_INTERVAL"
    assert (named, code) in refused(meeting_caller, record)


def test_times_or_interval_are_required(meeting_caller: Caller) -> None:
    record = meeting_caller.meeting_record(meetings(meeting_caller)[0])
    for field in ("start_time", "end_time"):
        del record["tables"]["attendance"][field]
    assert refused(meeting_caller, record) == [
        ("START_TIME", "Required"),
        ("END_TIME", "Required"),
    ]


def test_times_alone_tell_the_meeting(meeting_caller: Caller) -> None:
    held = meetings(meeting_caller)[1]
    record = meeting_caller.meeting_record(held)
    for field in ("ccid", "periodid"):
        del record["tables"]["attendance"][field]
    assert meeting_caller.write_meetings(record).status_code == 200
    assert rows(meeting_caller)[0]["ccid"] == held["ccid"]


def test_of_two_sections_in_one_period_the_ccid_tells(meeting_caller: Caller) -> None:
    places = range(len(meeting_caller.students()))
    day, place = next(
        (day, place)
        for day in (DAY, NEXT_DAY)
        for place in places
        if len(meetings(meeting_caller, place, day)) == 7
    )
    starts = [held["start_time"] for held in meetings(meeting_caller, place, day)]
    twice = [
        held
        for held in meetings(meeting_caller, place, day)
        if starts.count(held["start_time"]) == 2
    ]
    first, second = (
        meeting_caller.meeting_record(held, place, att_date=day) for held in twice
    )
    nameless = meeting_caller.meeting_record(twice[0], place, att_date=day)
    del nameless["tables"]["attendance"]["ccid"]
    assert refused(meeting_caller, nameless) == [("CCID", "Required")]
    answer = meeting_caller.write_meetings(first, second).json()
    assert answer["insert_count"] == 2


def test_one_student_and_one_day(meeting_caller: Caller) -> None:
    held = meetings(meeting_caller)
    other = meetings(meeting_caller, 1)
    later = meetings(meeting_caller, 0, NEXT_DAY)
    record = meeting_caller.meeting_record(held[0])
    neighbour = meeting_caller.meeting_record(other[1], 1)
    assert refused(meeting_caller, record, neighbour) == [("STUDENTID", "OnlyOne")]
    tomorrow = meeting_caller.meeting_record(later[1], att_date=NEXT_DAY)
    assert refused(meeting_caller, record, tomorrow) == [("ATT_DATE", "OnlyOne")]


def test_one_bad_record_refuses_all(meeting_caller: Caller) -> None:
    held = meetings(meeting_caller)
    good = meeting_caller.meeting_record(held[0])
    bad = meeting_caller.meeting_record(held[1], periodid=str(held[0]["periodid"]))
    assert refused(meeting_caller, good, bad) == [("PERIODID", "NoMeeting")]
    assert rows(meeting_caller) == []


def test_a_meeting_is_written_once_a_call(meeting_caller: Caller) -> None:
    record = meeting_caller.meeting_record(meetings(meeting_caller)[0])
    assert refused(meeting_caller, record, record) == [("CCID", "Duplicate")]


def test_another_student_s_ccid_is_refused(meeting_caller: Caller) -> None:
    record = meeting_caller.meeting_record(meetings(meeting_caller, 1)[0], 0)
    assert refused(meeting_caller, record) == [("CCID", "WrongStudent")]


def test_a_dropped_section_is_refused(meeting_caller: Caller) -> None:
    dropped = meeting_caller.rows(
        "cc", "id,studentid", q=f"schoolid=={SCHOOL};sectionid=lt=0;termid==-3600"
    )[0]
    place = next(
        place
        for place, student in enumerate(meeting_caller.students())
        if str(student["id"]) == dropped["studentid"]
    )
    held = meetings(meeting_caller, place)
    assert int(dropped["id"]) not in [meeting["ccid"] for meeting in held]
    record = meeting_caller.meeting_record(held[0], place, ccid=dropped["id"])
    assert refused(meeting_caller, record) == [("CCID", "Dropped")]


def test_a_section_that_does_not_meet_on_this_cycle_day(meeting_caller: Caller) -> None:
    today = {meeting["ccid"] for meeting in meetings(meeting_caller)}
    tomorrow = meetings(meeting_caller, 0, NEXT_DAY)
    other = next(meeting for meeting in tomorrow if meeting["ccid"] not in today)
    record = meeting_caller.meeting_record(other)
    assert refused(meeting_caller, record) == [("CCID", "NoMeeting")]


@pytest.mark.parametrize("field", ["CCID", "PERIODID", "ATTENDANCE_CODEID"])
def test_every_sent_column_needs_full_access(
    meeting_caller: Caller, field: str
) -> None:
    record = meeting_caller.meeting_record(meetings(meeting_caller)[0])
    meeting_caller.simulator.withdraw("ATTENDANCE", field)
    answer = meeting_caller.write_meetings(record)
    assert answer.status_code == 403
    error = {"code": "NoAccess", "field": field, "resource": "ATTENDANCE"}
    assert answer.json()["errors"] == [error]


def test_times_are_no_columns_and_need_no_access(meeting_caller: Caller) -> None:
    meeting_caller.simulator.withdraw("ATTENDANCE", "ATT_INTERVAL")
    record = meeting_caller.meeting_record(meetings(meeting_caller)[0])
    assert meeting_caller.write_meetings(record).status_code == 200


def test_meetings_and_intervals_may_be_mixed(meeting_caller: Caller) -> None:
    for section in meeting_caller.seed["schools"][0]["sections"]:
        section["mode"] = "interval" if section["expression"] == "1(A-B)" else "meeting"
    meeting_caller.seed["schools"][0]["interval_minutes"] = 30
    meeting_caller.simulator.seed(meeting_caller.seed)
    meeting_caller.log_in()
    held = meetings(meeting_caller)[:3]
    assert [meeting["att_interval"] for meeting in held] == [1, 2, 0]
    records = [meeting_caller.meeting_record(meeting) for meeting in held]
    first, again = (meeting_caller.write_meetings(*records).json() for _ in range(2))
    assert (first["insert_count"], again["update_count"]) == (3, 3)
    modes = [row["att_mode_code"] for row in rows(meeting_caller)]
    assert modes == ["ATT_ModeInterval", "ATT_ModeInterval", "ATT_ModeMeeting"]


def test_a_section_s_own_mode_is_written(meeting_caller: Caller) -> None:
    student = meeting_caller.students(OTHER_SCHOOL)[0]["id"]
    held = meeting_caller.simulator.meetings(student, DAY)[0]
    own = {"studentid": str(student), "schoolid": OTHER_SCHOOL}
    own["attendance_codeid"] = "3600102"  # T of the second school
    as_meeting = {**held, "att_mode_code": "ATT_ModeMeeting", "att_interval": 0}
    record = meeting_caller.meeting_record(as_meeting, **own)
    assert refused(meeting_caller, record) == [("ATT_MODE_CODE", "WrongMode")]
    record = meeting_caller.meeting_record(held, **own, att_interval="2")
    assert refused(meeting_caller, record) == [("ATT_INTERVAL", "NoMeeting")]
