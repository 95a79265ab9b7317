"""The log's four filters, what stands in its address, and how little a page asks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.cast import NOW, Cast
from tests.owed import enroll, owe
from tests.tabs.conftest import connect
from vmps.models import Connection, Lane, School

LOGS = "/admin/powerschool/logs/"


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """Oakwood is connected; its log has one row of every status."""
    connect(cast.oakwood)
    for number, status in enumerate(("successful", "failed", "pending", "not_sent")):
        owe(
            cast.schools["1818" if number == 3 else "1817"],
            last_name=status,
            status=status,
            occurred_at=NOW - timedelta(days=number),
        )
    return cast


@pytest.fixture
def names(cast, browse):
    """Return who is listed for a user and filters, by last name."""

    def _names(user=None, **args):
        page = browse(user or cast.alice).get(LOGS, query_string=args)
        return [name.removeprefix("Maria ") for name in page.words("tbody th a")]

    return _names


def test_the_filters_have_the_labels_of_the_page_we_were_asked_for(cast, browse):
    page = browse(cast.alice).get(LOGS)
    assert page.words("#logs-filters label") == [
        "Status", "Student Name Search", "Building", "Date Range: From", "To",
    ]  # fmt: skip
    assert page.words("#logs-status option") == [
        "All", "Successful", "Failed", "Pending", "Not sent",
    ]  # fmt: skip


@pytest.mark.parametrize("status", ["successful", "failed", "pending", "not_sent"])
def test_status(names, status):
    assert names(status=status) == [status]


@pytest.mark.parametrize(
    "search",
    ["lopez", "MARIA LOPEZ", "lopez maria", "  ari   ope ", "O'Brien-lopez", "brien"],
)
def test_every_word_of_a_search_is_in_the_name(cast, names, search):
    owe(cast.schools["1817"], last_name="O'Brien-Lopez")
    assert names(student=search) == ["O'Brien-Lopez"]


@pytest.mark.parametrize(
    "search", ["maria x", "%", "m_ria", "\\", "x' OR 1=1 --", "\0x"]
)
def test_what_no_name_has_finds_nobody(names, search):
    assert names(student=search) == []


@pytest.mark.parametrize("search", ["Núñez", "NÚÑEZ", "núñez", "élodie"])
def test_accented_letters_of_either_case_are_found(cast, names, search):
    owe(cast.schools["1817"], first_name="Élodie", last_name="Núñez")
    assert names(student=search) == ["Élodie Núñez"]


def test_an_accent_left_out_is_another_letter(cast, names):
    owe(cast.schools["1817"], last_name="Núñez")
    assert names(student="nunez") == []


def test_the_visible_id_is_found_whole(cast, names):
    student = enroll(cast.schools["1817"], sis_id="7001", student_number="8001")
    owe(cast.schools["1817"], student=student, last_name="Found")
    assert (names(student=" 7001 "), names(student="8001")) == (["Found"], [])
    assert names(student="700") == []
    Connection.update(visible_id="student_number").execute()
    assert (names(student="7001"), names(student="8001")) == ([], ["Found"])


def test_building(cast, names):
    assert names(building=cast.schools["1818"].id) == ["not_sent"]
    assert names(building=cast.schools["1819"].id) == []


@pytest.mark.parametrize("building", ["1819", "birch", "9999", "x", "-1", "9" * 40])
def test_a_building_that_is_not_the_user_s_is_not_found(cast, browse, building):
    ids = {"1819": cast.schools["1819"].id, "birch": cast.birch_school.id}
    found = browse(cast.bob).get(f"{LOGS}?building={ids.get(building, building)}")
    assert found.status == 404
    assert found.all("tbody tr") == []


def test_dates_are_the_school_s_days(cast, names):
    first, last = date(2026, 11, 21), date(2026, 11, 22)
    assert names(**{"from": first, "to": last}) == ["failed", "pending"]
    assert names(**{"from": last}) == ["successful", "failed"]
    assert names(to=first) == ["pending", "not_sent"]


def test_an_event_after_midnight_utc_is_of_the_school_s_evening(cast, names):
    evening = NOW.replace(hour=3) + timedelta(days=1)  # 9 PM in Chicago
    owe(cast.schools["1817"], last_name="evening", occurred_at=evening)
    assert "evening" in names(**{"from": date(2026, 11, 23), "to": date(2026, 11, 23)})


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ("from=2026-11-23&to=2026-11-22", "To is before From"),
        ("from=yesterday", "From is no date"),
        ("to=2026-02-30", "To is no date"),
        ("to=%00", "To is no date"),
        ("from=0001-01-01", "From is no date"),
        ("status=lost", "There is no such status."),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_shown(cast, browse, args, says):
    for htmx in (False, True):
        page = browse(cast.alice).get(f"{LOGS}?{args}", htmx=htmx)
        assert page.status == 422
        assert says in page.words(".logs-errors[role=alert]")[0]
        assert page.all("tbody tr, [hx-trigger]") == []


def test_a_mistake_can_be_corrected_where_it_was_made(cast, browse):
    page = browse(cast.alice).get(f"{LOGS}?from=2026-11-23&to=2026-11-22&student=lo")
    field = page.one("#logs-to")
    assert page.one(f"#{field['aria-describedby']}").get_text().strip()
    assert page.form("#logs-filters") == {
        "status": "", "student": "lo", "building": "", "from": "2026-11-23",
        "to": "2026-11-22",
    }  # fmt: skip


def test_unknown_parameters_are_ignored(names):
    assert len(names(page="9", sort="x", district="2")) == 4


def test_filters_work_together(cast, names):
    assert names(status="failed", student="maria", to="2026-11-22") == ["failed"]
    assert names(status="failed", to="2026-11-21") == []


def test_what_is_filtered_is_shown_and_can_be_cleared(cast, browse):
    building = cast.schools["1818"].id
    page = browse(cast.alice).get(f"{LOGS}?status=failed&building={building}")
    chips = page.all(".logs-chip")
    assert [chip["aria-label"] for chip in chips] == [
        "Remove the filter Status: Failed",
        "Remove the filter Building: School 1818",
    ]
    assert chips[0]["href"] == f"{LOGS}?building={building}"
    assert {a["href"] for a in page.all("main a") if a.text == "Clear filters"} == {
        LOGS
    }
    assert "Nothing matches these filters." in page.text


def test_htmx_gets_the_panel_and_its_title(cast, browse):
    page = browse(cast.alice).get(f"{LOGS}?status=failed", htmx=True)
    assert page.all("html") == []
    assert page.one("#logs-panel #logs-filters")
    assert page.one("title").get_text() == "Writeback Logs · vmps"


@pytest.mark.parametrize("who", ["alice", "bob"])
@pytest.mark.parametrize("zone", [None, "America/Denver"])
@pytest.mark.parametrize(
    "args",
    ["", "?status=failed&student=maria+lopez&from=2026-11-01&to=2026-11-30",
     "?building={school}&status=not_sent", "?student=900001", "?poll=1"],
)  # fmt: skip
def test_a_page_asks_at_most_eight_times(  # noqa: PLR0917 a case of the table
    cast, browse, statements, who, zone, args
):
    School.update(timezone=zone).where(School.number == "1818").execute()
    Lane.update(blocked_reason="network").execute()
    visitor = browse(getattr(cast, who))
    statements.clear()
    path = LOGS + args.format(school=cast.schools["1818"].id)
    assert visitor.get(path, htmx="poll" in args).status == 200
    assert len(statements) <= 8
