"""One writeback's page: its facts, where it stands, its fix, what happened."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.cast import NOW
from tests.owed import attempt, enroll, owe
from vmps.models import Cause, Connection, Intervention, School
from vmps.services.explain import explain_cause
from vmps.tabs.logs_fixes import PLACES, Place

pytestmark = pytest.mark.usefixtures("connected")
LOGS = "/admin/powerschool/logs/"


def facts(page):
    """Return the facts of the event, by label."""
    return dict(zip(page.words("dt"), page.words("dd"), strict=True))


def test_every_row_leads_to_its_page(cast, browse):
    row = owe(cast.schools["1817"], status="failed")
    alice = browse(cast.alice)
    link = alice.get(LOGS + "?status=failed").one("tbody th a")
    assert link["href"] == f"{LOGS}{row.id}?status=failed"
    page = alice.get(str(link["href"]))
    assert page.words("h1") == ["Late Check-in: Maria Lopez"]
    assert page.one("main > p > a")["href"] == f"{LOGS}?status=failed"


def test_the_facts_of_the_event(cast, browse):
    student = enroll(cast.schools["1818"], sis_id="7001", student_number="8", ps_id=5)
    row = owe(
        cast.schools["1818"], student=student, type="early_check_out", note="Noon",
        reason="Dentist", released_to="Grandmother",
    )  # fmt: skip
    found = facts(browse(cast.bob).get(f"{LOGS}{row.id}"))
    assert found == {
        "Student": "Maria Lopez", "SIS ID": "7001", "Student PS ID": "5",
        "Building": "School 1818", "Grade": "9", "Type": "Early Check-out",
        "Date/Time": "Nov 23, 2026, 8:14 AM CST (2026-11-23 14:14:05 UTC)",
        "School day": "Nov 23, 2026", "Reason": "Dentist (ED)", "Note": "Noon",
        "Released to": "Grandmother", "Kiosk": "Front desk",
        "Accepted": "Nov 23, 2026, 8:14 AM CST", "Writeback number": str(row.id),
    }  # fmt: skip


def test_times_are_the_school_s(cast, browse):
    School.update(timezone="America/Denver").where(School.number == "1818").execute()
    row = owe(School.get(School.number == "1818"))
    page = browse(cast.alice).get(f"{LOGS}{row.id}")
    assert facts(page)["Date/Time"].startswith("Nov 23, 2026, 7:14 AM MST")


def test_the_visible_id_is_the_chosen_one(cast, browse):
    Connection.update(visible_id="student_number").execute()
    student = enroll(cast.schools["1817"], student_number="4822")
    row = owe(cast.schools["1817"], student=student)
    found = facts(browse(cast.alice).get(f"{LOGS}{row.id}"))
    assert (found["Student Number"], "SIS ID" in found) == ("4822", False)


@pytest.mark.parametrize("action", ["", "/row", "/retry", "/entered-by-hand"])
def test_a_stranger_s_writeback_is_not_found(cast, browse, action):
    rows = [owe(cast.birch_school, status="failed"), owe(cast.schools["1819"])]
    bob = browse(cast.bob)
    for row in rows:
        path = f"{LOGS}{row.id}{action}"
        found = bob.get(path) if action in {"", "/row"} else bob.post(path)
        assert found.status == 404
    assert Intervention.select().count() == 0


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_leads_to_where_it_is_fixed(cast, browse, cause):
    row = owe(cast.schools["1817"], status="failed", cause=cause, detail="D")
    place = PLACES[cause]
    for user in (cast.alice, cast.bob):
        visitor = browse(user)
        page = visitor.get(f"{LOGS}{row.id}")
        asks = place is Place.SETTINGS and user is cast.bob
        links = page.all("#logs-standing p > a")
        expected = [f"Open {place.label}"] if place and not asks else []
        assert [link.get_text() for link in links] == expected
        assert ("Ask a District Admin" in page.text) == asks
        for link in links:
            assert visitor.get(str(link["href"])).status == 200


def test_an_unmapped_reason_leads_to_its_own_school(cast, browse):
    row = owe(cast.schools["1818"], status="failed", cause="unmapped_reason")
    link = browse(cast.bob).get(f"{LOGS}{row.id}").one("#logs-standing p > a")
    school = cast.schools["1818"].id
    assert link["href"] == f"/admin/tracking/?school={school}"


@pytest.mark.parametrize("cause", [c for c in Cause if "retry" in explain_cause(c).fix])
def test_where_the_fix_says_retry_there_is_the_button(cast, browse, cause):
    row = owe(cast.schools["1817"], status="failed", cause=cause)
    assert browse(cast.bob).get(f"{LOGS}{row.id}").one("#logs-retry")


def test_each_class_of_a_written_day_is_told(cast, browse):
    row = owe(cast.schools["1817"], status="successful")
    marks = [["7:1", "A", None], ["8:2", "A", "T"], ["9:3", "", None]]
    attempt(row, outcome="written", code="A", marks=json.dumps(marks))
    page = browse(cast.alice).get(f"{LOGS}{row.id}")
    measures = [item.get_text() for item in page.all(".logs-measures li")]
    assert measures == ["Code: A, A, blank (present)", "Before: no row, T, no row"]


def test_beside_the_reason_of_many_classes_stands_its_own_code(cast, browse):
    row = owe(cast.schools["1817"], status="successful", reason="Bus late")
    marks = [["7:1", "A", None], ["8:2", "T", None]]
    attempt(row, outcome="written", code="A", marks=json.dumps(marks))
    assert facts(browse(cast.alice).get(f"{LOGS}{row.id}"))["Reason"] == "Bus late (T)"


def test_what_took_no_time_is_not_told_as_zero_seconds(cast, browse):
    row = owe(cast.schools["1817"], status="failed", cause="no_mode")
    attempt(row, outcome="refused", finished_at=NOW + timedelta(milliseconds=2))
    attempt(row, outcome="refused", finished_at=NOW)
    words = browse(cast.alice).get(f"{LOGS}{row.id}").words(".logs-timeline li")
    assert [" took " in text for text in words] == [False, True, False]
    assert "took less than 0.01 seconds" in words[1]


def test_the_zone_of_the_timeline_is_named(cast, browse):
    row = owe(cast.schools["1817"], status="pending")
    page = browse(cast.alice).get(f"{LOGS}{row.id}")
    assert "What happened Times are Chicago time." in page.text


def test_another_student_is_named_to_district_admins_only(cast, browse):
    row = owe(
        cast.schools["1817"], status="failed", cause="wrong_student",
        detail="PowerSchool's 4021 is Ana Ruiz (student number 8)",
    )  # fmt: skip
    attempt(row, outcome="refused", cause="wrong_student")
    attempt(row, outcome="not_sent", cause="malformed_answer", answer='{"n": "Ruiz"}')
    path = f"{LOGS}{row.id}"
    assert "PowerSchool's 4021 is Ana Ruiz" in browse(cast.alice).get(path).text
    assert '{"n": "Ruiz"}' in browse(cast.alice).get(path).text
    page = browse(cast.bob).get(path)
    assert "another student" in page.text
    assert "Ruiz" not in page.response.text + browse(cast.bob).get(LOGS).response.text
    assert "a District Admin can read it" in page.text


def test_an_attempt_tells_all_that_was_measured(cast, browse):
    row = owe(cast.schools["1817"], status="successful")
    made = attempt(
        row, code="T", prior_code="", http_status=200, ps_row=77,
        request='{"studentid": 5}', answer='{"action": "INSERT"}',
    )  # fmt: skip
    page = browse(cast.bob).get(f"{LOGS}{row.id}")
    assert page.words(f"#logs-try-{made.id} li") == [
        "Code: T", "Before: blank (present)", "HTTP status: 200", "PowerSchool row: 77",
    ]  # fmt: skip
    text = page.words(f"#logs-try-{made.id}")[0]
    assert text.startswith("8:14:05 AM · Nov 23, 2026 · took 0.50 seconds Written.")
    assert page.words("details pre") == ['{"studentid": 5}', '{"action": "INSERT"}']


def test_what_happened_stands_in_order_with_who_did_it(cast, browse):
    row = owe(cast.schools["1817"])
    attempt(row, started_at=NOW + timedelta(minutes=1), outcome="refused",
            cause="unmapped_reason", code=None)  # fmt: skip
    for minutes, actor, action in (
        (2, f"user:{cast.bob.id}", "retried"),
        (3, "operator", "entered_by_hand"),
    ):
        at = NOW + timedelta(minutes=minutes)
        Intervention.create(writeback=row, at=at, actor=actor, action=action)
    page = browse(cast.alice).get(f"{LOGS}{row.id}")
    assert page.words(".logs-timeline > li > div:nth-child(2)") == [
        "Reported by the kiosk Front desk.",
        "Not written, needs a person. The reason has no attendance code: Bus late.",
        "bob@oakwood.example pressed Retry.",
        "The operator noted that it was entered in PowerSchool by hand.",
    ]


def test_a_pending_one_says_when_it_is_tried_and_given_up(cast, browse):
    row = owe(
        cast.schools["1817"], cause="timed_out", due_at=NOW + timedelta(minutes=5),
        give_up_at=NOW + timedelta(hours=72),
    )  # fmt: skip
    page = browse(cast.alice).get(f"{LOGS}{row.id}")
    assert "Next try: Nov 23, 2026, 8:19 AM CST" in page.text
    assert "Gives up: Nov 26, 2026, 8:14 AM CST" in page.text
    assert page.one("#logs-poll")["hx-trigger"] == "every 2s"


def test_where_nothing_is_to_be_done_nothing_is_asked_of_anybody(cast, browse):
    row = owe(cast.schools["1817"], cause="timed_out")
    standing = browse(cast.alice).get(f"{LOGS}{row.id}").one("#logs-standing").text
    assert "Nothing to do: it is tried again by itself." in standing
    assert "What to do:" not in standing


def test_a_settled_one_stands_still(cast, browse):
    row = owe(cast.schools["1817"], status="failed", cause="refused")
    page = browse(cast.alice).get(f"{LOGS}{row.id}")
    assert page.all("[hx-trigger]") == []
    assert "Next try" not in page.text


def test_a_poll_is_empty_until_something_changed(cast, browse):
    row = owe(cast.schools["1817"])
    alice = browse(cast.alice)
    ask = str(alice.get(f"{LOGS}{row.id}").one("#logs-poll")["hx-get"])
    assert alice.get(ask, htmx=True).status == 204
    attempt(row, outcome="started", finished_at=None)
    assert "Sent; no answer yet." in alice.get(ask, htmx=True).text


def test_a_covered_one_leads_to_the_event_that_stands_for_it(cast, browse):
    other = owe(cast.schools["1817"])
    row = owe(cast.schools["1817"], status="successful", cause="covered",
              covered_by=other.event_id)  # fmt: skip
    link = browse(cast.bob).get(f"{LOGS}{row.id}").one("#logs-standing p > a")
    assert link["href"] == f"{LOGS}{other.id}"


def test_notes_and_answers_are_only_text(cast, browse):
    bad = "<script>alert(1)</script>"
    row = owe(
        cast.schools["1817"], note=bad, reason=bad, first_name=bad, released_to=bad
    )
    attempt(row, request=bad, answer=bad, code=bad)
    page = browse(cast.alice).get(f"{LOGS}{row.id}")
    assert page.all("main script") == []
    assert page.text.count(bad) >= 6
