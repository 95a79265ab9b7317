"""Rows of meetings beside a clerk's: by hand, in the journal, tables and restarts."""

import json
from pathlib import Path
from typing import Any

from vmps.simulator.control import Simulator
from vmps.simulator.invent import invent_district

from .caller import DAY, SCHOOL, Caller
from .test_page import open_page

MODE = "ATT_ModeMeeting"


def meeting_of(caller: Caller, number: int) -> dict[str, Any]:
    return caller.simulator.meetings(caller.students()[0]["id"], DAY)[number]


def by_hand(caller: Caller, code: str | None, **more: Any) -> dict[str, Any]:
    student = caller.students()[0]["id"]
    return caller.simulator.put_attendance(student, int(SCHOOL), DAY, code, **more)


def test_a_teacher_s_row_of_a_meeting_is_updated_by_a_write(
    meeting_caller: Caller,
) -> None:
    held = meeting_of(meeting_caller, 2)
    own = {"ccid": held["ccid"], "periodid": held["periodid"]}
    row = by_hand(meeting_caller, "A", att_mode_code=MODE, **own)
    assert (row["ccid"], row["periodid"]) == (held["ccid"], held["periodid"])
    answer = meeting_caller.write_meetings(meeting_caller.meeting_record(held)).json()
    assert answer["result"][0]["success_message"]["id"] == row["dcid"]
    lines = meeting_caller.simulator.journal()
    assert [line["by"] for line in lines] == ["hand", "plugin"]
    assert [line["ccid"] for line in lines] == [held["ccid"]] * 2


def test_a_clerk_writes_and_changes_time_rows(meeting_caller: Caller) -> None:
    first, second = (
        by_hand(
            meeting_caller, "T", att_mode_code="ATT_ModeTime", total_minutes=minutes
        )
        for minutes in (120, 60)
    )
    assert first["dcid"] != second["dcid"]
    own = {"att_mode_code": "ATT_ModeTime", "dcid": first["dcid"]}
    changed = by_hand(meeting_caller, "A", total_minutes=0, **own)
    assert (changed["dcid"], changed["total_minutes"]) == (first["dcid"], 0)
    assert len(meeting_caller.simulator.attendance()) == 2


def test_a_clerk_writes_an_interval(meeting_caller: Caller) -> None:
    own = {"ccid": 360000007, "periodid": 3600001, "att_interval": 2}
    row = by_hand(meeting_caller, "A", att_mode_code="ATT_ModeInterval", **own)
    assert {name: row[name] for name in own} == own
    other = {**own, "att_interval": 1}
    by_hand(meeting_caller, "A", att_mode_code="ATT_ModeInterval", **other)
    assert len(meeting_caller.simulator.attendance()) == 2


def test_table_reads_tell_the_modes_apart(meeting_caller: Caller) -> None:
    held = meeting_of(meeting_caller, 0)
    meeting_caller.write(meeting_caller.record(0))
    meeting_caller.write_meetings(meeting_caller.meeting_record(held))
    day = f"schoolid=={SCHOOL};att_date=={DAY}"
    columns = "ccid,periodid,att_interval"
    daily = meeting_caller.rows(
        "attendance", columns, q=f"{day};att_mode_code==ATT_ModeDaily"
    )
    assert daily == [{"ccid": "0", "periodid": "0", "att_interval": "0"}]
    for q in (f"{day};att_mode_code=={MODE}", f"{day};ccid=={held['ccid']}"):
        rows = meeting_caller.rows("attendance", "periodid", q=q)
        assert rows == [{"periodid": str(held["periodid"])}]


def test_the_detail_query_tells_the_meeting(meeting_caller: Caller) -> None:
    held = meeting_of(meeting_caller, 0)
    meeting_caller.write_meetings(meeting_caller.meeting_record(held))
    arguments = {
        "attendance_att_mode_code": [MODE],
        "students_dcid": [meeting_caller.students()[0]["dcid"]],
        "attendance_att_date_start": DAY,
        "attendance_att_date_end": DAY,
    }
    answer = meeting_caller.query("student_attendance_detail", json=arguments).json()
    row = answer["record"][0]["tables"]["attendance"]
    assert (row["ccid"], row["periodid"]) == (str(held["ccid"]), str(held["periodid"]))


def test_rows_and_ids_survive_a_kill(tmp_path: Path) -> None:
    seed = invent_district(1, 6, modes=("meeting",))
    simulator = Simulator.start(tmp_path, seed=seed)
    caller = Caller(simulator, seed)
    caller.log_in()
    held = meeting_of(caller, 1)
    caller.write_meetings(caller.meeting_record(held))
    before = simulator.attendance()
    simulator.kill()
    simulator.restart()
    assert simulator.attendance() == before
    assert meeting_of(caller, 1) == held
    answer = caller.write_meetings(caller.meeting_record(held, code="A")).json()
    assert answer["update_count"] == 1
    caller.session.close()
    simulator.stop()


def test_a_journal_from_before_meetings_is_read(tmp_path: Path) -> None:
    seed = invent_district(1, 6)
    simulator = Simulator.start(tmp_path, seed=seed)
    caller = Caller(simulator, seed)
    caller.log_in()
    caller.write(caller.record(0))
    before = simulator.attendance()
    simulator.stop()
    line = json.loads((tmp_path / "journal.jsonl").read_text())
    for name in ("ccid", "periodid", "att_interval"):
        del line[name]
    (tmp_path / "journal.jsonl").write_text(json.dumps(line) + "\n")
    simulator.restart()
    assert simulator.attendance() == before
    caller.session.close()
    simulator.stop()


def test_the_page_shows_period_interval_and_minutes(meeting_caller: Caller) -> None:
    held = meeting_of(meeting_caller, 2)
    meeting_caller.write_meetings(meeting_caller.meeting_record(held))
    by_hand(meeting_caller, "A", att_mode_code="ATT_ModeTime", total_minutes=0)
    own = {"ccid": held["ccid"], "periodid": held["periodid"], "att_interval": 2}
    by_hand(meeting_caller, "A", att_mode_code="ATT_ModeInterval", **own)
    by_hand(meeting_caller, "A", att_mode_code=MODE, periodid=7)
    texts = open_page(meeting_caller.simulator).texts
    assert {
        "Meeting, Period 3",
        "Time, 0 min",
        "Interval, Period 3, interval 2",
        "Meeting, period 7",
    } <= set(texts)
