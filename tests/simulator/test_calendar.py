"""Years, terms, codes and calendar days of the simulated district."""

from vmps.simulator.control import Simulator
from vmps.simulator.invent import invent_district

from .caller import DAY, OTHER_SCHOOL, SCHOOL, Caller


def session_days(caller: Caller, school: str) -> dict[str, str]:
    q = f"schoolid=={school};date_value=ge=2026-11-23;date_value=le=2026-11-29"
    rows = caller.rows("calendar_day", "date_value,insession", q=q)
    return {row["date_value"]: row["insession"] for row in rows}


def code_ids(caller: Caller, school: str, day: str) -> set[str]:
    arguments = {"schoolid": school, "att_date": day}
    answer = caller.query("attendance_code_by_school_date", json=arguments).json()
    return {
        row["tables"]["attendance_code"]["attendance_codeid"]
        for row in answer["record"]
    }


def test_weekdays_are_in_session_but_for_the_named_days(caller: Caller) -> None:
    days = session_days(caller, SCHOOL)
    off = [day for day, is_in_session in days.items() if is_in_session == "0"]
    assert len(days) == 7
    assert off == ["2026-11-26", "2026-11-28", "2026-11-29"]
    assert session_days(caller, OTHER_SCHOOL)["2026-11-26"] == "1"


def test_weekends_may_be_in_session(caller: Caller, simulator: Simulator) -> None:
    simulator.seed(invent_district(has_weekends_in_session=True))
    caller.log_in()
    assert set(session_days(caller, SCHOOL).values()) == {"1"}


def test_calendar_day_is_found_by_its_id(caller: Caller) -> None:
    q = f"schoolid=={OTHER_SCHOOL};date_value=={DAY}"
    row = caller.rows("calendar_day", "id,schoolid,date_value", q=q)[0]
    again = caller.rows("calendar_day", "id,schoolid,date_value", q=f"id=={row['id']}")
    assert again == [row]


def test_code_ids_differ_by_school_and_year(caller: Caller) -> None:
    sets = [
        code_ids(caller, SCHOOL, DAY),
        code_ids(caller, OTHER_SCHOOL, DAY),
        code_ids(caller, SCHOOL, "2027-07-01"),
    ]
    assert [len(ids) for ids in sets] == [7, 7, 7]
    assert len(set.union(*sets)) == 21


def test_year_turns_on_the_first_of_july(caller: Caller) -> None:
    assert code_ids(caller, SCHOOL, "2027-06-30") == code_ids(caller, SCHOOL, DAY)


def test_a_code_may_be_missing_in_a_year(caller: Caller, simulator: Simulator) -> None:
    district = invent_district()
    for code in district["schools"][0]["codes"]:
        code["yearids"] = [36]
    simulator.seed(district)
    caller.log_in()
    assert len(code_ids(caller, SCHOOL, DAY)) == 7
    simulator.settings(empty_record="empty")
    assert code_ids(caller, SCHOOL, "2027-09-01") == set()


def test_terms_name_the_year(caller: Caller) -> None:
    q = f"schoolid=={SCHOOL};yearid==36;isyearrec==1"
    term = caller.rows("terms", "id,firstday,lastday", q=q)
    assert term == [{"id": "3600", "firstday": "2026-07-01", "lastday": "2027-06-30"}]


def test_codes_are_read_from_their_table(caller: Caller) -> None:
    q = f"schoolid=={SCHOOL};yearid==36"
    codes = caller.rows("attendance_code", "id,att_code,description", q=q)
    assert {code["id"] for code in codes} == code_ids(caller, SCHOOL, DAY)
    assert "att_code" not in codes[0]  # the blank Present code
    same = caller.rows("attendance_code", "id", q=f"id=={codes[1]['id']}")
    assert same == [{"id": codes[1]["id"]}]


def test_preferences_name_the_mode(caller: Caller) -> None:
    q = f"schoolid=={SCHOOL};yearid==36;name==ATT_RecordMode*"
    rows = caller.rows("prefs", "name,value", q=q)
    assert {"name": "ATT_RecordModeDaily", "value": "1"} in rows
