"""The banner of PowerSchool Setup: what holds deliveries up, for whom, how long."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.cast import NOW
from tests.owed import owe
from vmps.models import Connection, Lane, Writeback
from vmps.services.connection_health import remember_health
from vmps.services.steps import Step, StepName, StepStatus

pytestmark = pytest.mark.usefixtures("connected")
LOGS = "/admin/powerschool/logs/"
LINE = '<field table="ATTENDANCE" field="ATT_COMMENT" access="FullAccess"/>'


def block(cast, **columns):
    Lane.update(columns).where(Lane.district == cast.oakwood).execute()


def said(visitor, path=LOGS):
    return " ".join(visitor.get(path).words("#banner"))


def test_nothing_is_said_while_all_goes_well(cast, browse):
    owe(cast.schools["1817"], due_at=NOW - timedelta(seconds=119))
    assert said(browse(cast.alice)) == ""


@pytest.mark.parametrize(
    "path", ["/admin/powerschool/settings/", "/admin/powerschool/schools/", LOGS]
)
def test_a_paused_lane_is_told_on_all_three_tabs(cast, browse, path):
    until = NOW + timedelta(minutes=4)
    block(cast, blocked_reason="credentials_refused", blocked_until=until)
    text = said(browse(cast.alice), path)
    assert text.startswith(
        "Deliveries to PowerSchool are paused. PowerSchool refused the district's"
    )
    assert "Next try: Nov 23, 2026, 8:18 AM CST" in text
    assert "saves its Client ID and Client Secret again" in text


def test_other_pages_and_other_districts_have_none(cast, browse):
    block(cast, blocked_reason="network")
    assert not browse(cast.alice).get("/admin/tracking/").all("#banner")
    assert said(browse(cast.charlie)) == ""


def test_late_deliveries_are_told_with_their_age_and_count(cast, browse):
    for minutes in (7, 1):
        owe(cast.schools["1817"], due_at=NOW - timedelta(minutes=minutes))
    owe(cast.schools["1817"], due_at=NOW + timedelta(minutes=1))
    text = said(browse(cast.bob))
    assert "slower than they should be" in text
    assert "3 events of your schools wait to be sent, the oldest for 7 minutes." in text


def test_what_waits_for_its_next_try_waits_too(cast, browse):
    Writeback.delete().execute()
    owe(cast.schools["1817"], due_at=NOW + timedelta(minutes=1), cause="network")
    block(cast, blocked_reason="network", blocked_until=NOW + timedelta(minutes=1))
    assert "1 event of Oakwood waits to be sent. " in said(browse(cast.alice)) + " "


def test_settings_is_one_press_away_for_who_may_open_it(cast, browse):
    block(cast, blocked_reason="credentials_refused")
    link = browse(cast.alice).get(LOGS).one("#banner a")
    assert link["href"] == "/admin/powerschool/settings/"
    assert not browse(cast.bob).get(LOGS).all("#banner a")


def test_a_building_admin_reads_no_count_of_other_schools(cast, browse):
    block(cast, blocked_reason="credentials_refused")
    for number, minutes in (("1817", 3), ("1819", 9)):
        owe(cast.schools[number], due_at=NOW - timedelta(minutes=minutes))
    ours, bob_s = said(browse(cast.alice)), said(browse(cast.bob))
    assert "1 event of your schools waits to be sent, the oldest for 3 min" in bob_s
    assert "2 events of Oakwood wait to be sent, the oldest for 9 min" in ours


def test_a_paused_mode_is_told_its_missing_lines_to_district_admins(cast, browse):
    until = (NOW + timedelta(minutes=3)).isoformat()
    paused = {"until": until, "reason": "fields_not_granted", "detail": LINE}
    block(cast, mode_blocks=json.dumps({"daily": paused}))
    ours, bob_s = said(browse(cast.alice)), said(browse(cast.bob))
    assert LINE in ours
    assert LINE not in bob_s
    for text in (ours, bob_s):
        assert text.startswith("Daily mode is paused. The PowerSchool plugin may not")


@pytest.mark.parametrize(("seconds", "is_told"), [(1, False), (180, True)])
def test_only_a_long_throttle_is_worth_a_word(cast, browse, seconds, is_told):
    until = NOW + timedelta(seconds=seconds)
    block(cast, blocked_reason="throttled", blocked_until=until)
    assert ("more slowly" in said(browse(cast.alice))) == is_told


def test_it_comes_and_goes_with_the_log_s_poll(cast, browse):
    owe(cast.schools["1817"])
    alice = browse(cast.alice)
    ask = str(alice.get(LOGS).one("#logs-table")["hx-get"])
    block(cast, blocked_reason="network")
    shown = alice.get(ask, htmx=True)
    assert shown.one("#banner .alert")
    block(cast, blocked_reason=None)
    ask = str(shown.one("#logs-table")["hx-get"])
    assert not alice.get(ask, htmx=True).all("#banner .alert")


def test_the_last_success_is_named(cast, browse):
    Writeback.delete().execute()
    block(cast, blocked_reason="network", last_success_at=NOW - timedelta(minutes=14))
    text = said(browse(cast.alice))
    assert "Nothing waits to be sent" in text
    assert "Last success: Nov 23, 2026, 8:00 AM CST" in text


def have_tested(cast, status, **columns):
    """The connection was tested at NOW, and this came of it."""
    connection = Connection.get(Connection.district == cast.oakwood)
    remember_health(connection, [Step(StepName.REACH, status, "said")], now=NOW)
    Writeback.delete().execute()
    block(cast, **columns)


@pytest.mark.parametrize(
    ("status", "columns", "is_told"),
    [
        (StepStatus.FAILED, {"failures": 0}, True),
        (StepStatus.FAILED, {"last_success_at": NOW - timedelta(seconds=1)}, True),
        (StepStatus.FAILED, {"last_success_at": NOW + timedelta(seconds=1)}, False),
        (StepStatus.WARNING, {"failures": 0}, False),
        (StepStatus.OK, {"failures": 0}, False),
    ],
)
def test_a_failed_test_is_told_until_something_is_sent(
    cast, browse, status, columns, is_told
):
    have_tested(cast, status, **columns)
    for visitor in (browse(cast.alice), browse(cast.bob)):
        is_there = "The last test of the connection to PowerSchool failed." in said(
            visitor
        )
        assert is_there is is_told


def test_settings_shows_the_test_itself(cast, browse):
    have_tested(cast, StepStatus.FAILED, failures=0)
    page = browse(cast.alice).get("/admin/powerschool/settings/")
    assert page.words("#banner") in ([], [""])
    assert page.words(".steps strong") == ["Reach PowerSchool:", "Deliveries:"]
