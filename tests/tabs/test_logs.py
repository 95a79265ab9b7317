"""Writeback Logs: the table, who sees what, the pages of it, what moves by itself."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.cast import NOW
from tests.owed import attempt, enroll, owe
from vmps.models import Reason, School, Student, UserSchool, Writeback

pytestmark = pytest.mark.usefixtures("connected")
LOGS = "/admin/powerschool/logs/"
COLUMNS = [
    "Type", "Student Name", "Student PS ID", "Date/Time", "Grade", "Reason", "Status",
]  # fmt: skip


def cells(page, number=0):
    """Return the words of one row, cell by cell."""
    row = page.all("tbody tr")[number]
    return [" ".join(c.get_text(" ").split()) for c in row.select("td, th")]


def test_the_table_has_the_seven_columns(cast, browse):
    owe(cast.schools["1817"], ps_id=512)
    page = browse(cast.alice).get(LOGS)
    assert page.words("thead th") == COLUMNS
    assert cells(page) == [
        "Late Check-in", "Maria Lopez School 1817", "512", "Nov 23, 2026, 8:14 AM",
        "9", "Bus late (T)", "Pending Waits to be sent.",
    ]  # fmt: skip
    assert page.one("caption").get_text() == "Writeback Events (times are Chicago time)"


@pytest.mark.parametrize("now_known_as", [None, 612])
def test_the_ps_id_is_the_event_s_own(cast, browse, now_known_as):
    row = owe(cast.schools["1817"], ps_id=now_known_as)
    Writeback.update(ps_id=512).execute()
    alice = browse(cast.alice)
    assert cells(alice.get(LOGS))[2] == "512"
    assert "Student PS ID 512" in alice.get(f"{LOGS}{row.id}").text


def test_what_is_not_known_is_a_dash(cast, browse):
    owe(cast.schools["1817"], grade="", reason="")
    found = cells(browse(cast.alice).get(LOGS))
    assert (found[2], found[4], found[5]) == ("—", "—", "—")


@pytest.mark.parametrize(
    ("status", "cause", "says"),
    [
        ("successful", None, "Successful"),
        ("failed", "no_mode", "Failed The school has no attendance mode yet."),
        ("pending", "timed_out", "Pending PowerSchool did not answer in time."),
        ("not_sent", "school_disabled", "Not sent The school was disabled, so this"),
    ],
)
def test_a_status_is_a_word_with_its_cause(cast, browse, status, cause, says):
    owe(cast.schools["1817"], status=status, cause=cause)
    page = browse(cast.alice).get(LOGS)
    assert cells(page)[6].startswith(says)
    assert page.all(f".status.status-{status}")


def test_the_code_is_what_was_written_then(cast, browse):
    row = owe(cast.schools["1817"], status="successful")
    attempt(row, code="T")
    Reason.update(code="L").execute()
    owe(cast.schools["1817"], occurred_at=NOW + timedelta(minutes=1))
    page = browse(cast.alice).get(LOGS)
    assert [cells(page, n)[5] for n in (0, 1)] == ["Bus late (L)", "Bus late (T)"]


def test_a_building_admin_of_one_school_need_not_read_its_name(cast, browse):
    UserSchool.delete().where(UserSchool.school == cast.schools["1818"]).execute()
    owe(cast.schools["1817"])
    assert cells(browse(cast.bob).get(LOGS))[1] == "Maria Lopez"


def test_a_school_of_another_zone_has_its_own_clock(cast, browse):
    School.update(timezone="America/Denver").where(School.number == "1818").execute()
    owe(cast.schools["1817"])
    owe(School.get(School.number == "1818"), occurred_at=NOW - timedelta(minutes=1))
    page = browse(cast.alice).get(LOGS)
    assert [cells(page, n)[3] for n in (0, 1)] == [
        "Nov 23, 2026, 8:14 AM CST", "Nov 23, 2026, 7:13 AM MST",
    ]  # fmt: skip
    assert page.one("caption").get_text() == "Writeback Events"


def test_names_stay_as_they_were(cast, browse):
    owe(cast.schools["1817"], first_name="Mia")
    Student.update(first_name="Other", last_name="Name").execute()
    assert cells(browse(cast.alice).get(LOGS))[1].startswith("Mia Lopez")


def test_no_district_sees_another_s(cast, browse):
    owe(cast.birch_school, first_name="Birchname", reason="Birchreason")
    owe(cast.schools["1817"], first_name="Oakname")
    ours, theirs = browse(cast.alice).get(LOGS), browse(cast.charlie).get(LOGS)
    assert ("Oakname" in ours.text, "Birch" in ours.text) == (True, False)
    assert ("Birchname" in theirs.text, "Oakname" in theirs.text) == (True, False)


def test_bob_sees_his_two_schools_only(cast, browse):
    for number, school in cast.schools.items():
        owe(school, last_name=f"of {number}")
    page = browse(cast.bob).get(LOGS)
    assert sorted(page.words("tbody th a")) == ["Maria of 1817", "Maria of 1818"]
    assert page.words("#logs-building option") == ["All", "School 1817", "School 1818"]


def test_moving_a_student_moves_no_event(cast, browse):
    student = enroll(cast.schools["1819"])
    owe(cast.schools["1819"], student=student, last_name="Elsewhere")
    owe(cast.schools["1817"], student=student, last_name="Here")
    Student.update(school=cast.schools["1817"]).execute()
    assert browse(cast.bob).get(LOGS).words("tbody th a") == ["Maria Here"]
    Student.update(school=cast.schools["1819"]).execute()
    assert browse(cast.bob).get(LOGS).words("tbody th a") == ["Maria Here"]


def test_staff_may_not_look(cast, browse):
    assert browse(cast.stella).get(LOGS).status == 403


def test_names_and_reasons_are_only_text(cast, browse):
    bad = '<script>alert("x")</script>'
    owe(cast.schools["1817"], first_name=bad, reason=bad, grade="<b>9</b>")
    page = browse(cast.alice).get(LOGS)
    assert page.all("main script, tbody b") == []
    assert bad in page.text


def fill(school, count):
    for number in range(count):
        at = NOW - timedelta(minutes=number // 2)  # two at each minute
        owe(school, last_name=f"Number{number}", occurred_at=at)


def names(page):
    return page.words("tbody th a")


def test_pages_are_of_fifty_newest_first(cast, browse):
    fill(cast.schools["1817"], 120)
    bob, seen, path = browse(cast.bob), [], LOGS
    while path:
        page = bob.get(path)
        seen.append(names(page))
        older = page.all("a[rel=next]")
        path = older[0]["href"] if older else None
    assert [len(part) for part in seen] == [50, 50, 20]
    every = [name for part in seen for name in part]
    assert len(set(every)) == 120
    order = [int(name.removeprefix("Maria Number")) // 2 for name in every]
    assert order == sorted(order)


def test_new_rows_move_no_older_page(cast, browse):
    fill(cast.schools["1817"], 60)
    alice = browse(cast.alice)
    older = alice.get(LOGS).one("a[rel=next]")["href"]
    before = names(alice.get(older))
    owe(cast.schools["1817"], last_name="New", occurred_at=NOW + timedelta(hours=1))
    owe(cast.schools["1817"], last_name="Late", occurred_at=NOW - timedelta(minutes=1))
    page = alice.get(older)
    assert names(page) == before
    newest = page.one(".pagination a:not([rel])")
    assert (newest.get_text(), newest["href"]) == ("Newest", LOGS)


def test_links_keep_the_filters(cast, browse):
    fill(cast.schools["1817"], 60)
    page = browse(cast.alice).get(LOGS + "?status=pending&student=number&odd=1")
    args = parse_qs(urlsplit(str(page.one("a[rel=next]")["href"])).query)
    assert {k: v[0] for k, v in args.items() if k != "before"} == {
        "status": "pending", "student": "number",
    }  # fmt: skip
    assert "before" not in page.form("#logs-filters")


@pytest.mark.parametrize("before", ["", "x", "2026-11-23", ",", "2026-11-23,-1", "\0"])
def test_a_bad_place_is_the_first_page(cast, browse, before):
    owe(cast.schools["1817"])
    page = browse(cast.alice).get(LOGS, query_string={"before": before})
    assert len(names(page)) == 1


def test_nothing_yet_is_said(cast, browse):
    assert "Nothing has been sent yet." in browse(cast.alice).get(LOGS).text


def test_a_building_admin_without_a_school_is_told(cast, browse):
    UserSchool.delete().execute()
    assert "No school is assigned" in browse(cast.bob).get(LOGS).text


def test_the_first_page_asks_more_often_while_something_waits(cast, browse):
    row = owe(cast.schools["1817"])
    alice = browse(cast.alice)
    assert alice.get(LOGS).one("#logs-table")["hx-trigger"] == "every 2s"
    Writeback.update(status="successful").where(Writeback.id == row.id).execute()
    assert alice.get(LOGS).one("#logs-table")["hx-trigger"] == "every 5s"


def test_a_poll_answers_the_table_when_it_changed_and_nothing_else(cast, browse):
    row = owe(cast.schools["1817"])
    alice = browse(cast.alice)
    ask = str(alice.get(LOGS).one("#logs-table")["hx-get"])
    assert alice.get(ask, htmx=True).status == 204
    Writeback.update(status="failed", cause="refused").execute()
    changed = alice.get(ask, htmx=True)
    assert changed.one(f"#logs-row-{row.id} .status").get_text() == "Failed"
    assert changed.all("#logs-filters, #status, [role=status]") == []
    assert changed.one("#banner")["hx-swap-oob"] == "outerMorph"


def test_a_poll_keeps_the_filters(cast, browse):
    owe(cast.schools["1817"], status="failed")
    ask = browse(cast.alice).get(LOGS + "?status=failed").one("#logs-table")["hx-get"]
    assert parse_qs(urlsplit(str(ask)).query)["status"] == ["failed"]


def test_later_pages_stand_still(cast, browse):
    fill(cast.schools["1817"], 51)
    alice = browse(cast.alice)
    older = alice.get(LOGS).one("a[rel=next]")["href"]
    assert not alice.get(older).all("[hx-trigger]")
