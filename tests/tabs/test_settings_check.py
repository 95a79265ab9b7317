"""Settings' Test connection, against the simulator: each step's word and fix."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.cast import NOW, OAKWOOD_SEED, Cast
from vmps.models import Connection, District, Lane, User
from vmps.services import check_connection as checks
from vmps.simulator.control import Simulator

from .conftest import Watch, connect
from .visitor import Page, Visitor

SETTINGS = "/admin/powerschool/settings/"
TEST = f"{SETTINGS}test"


@pytest.fixture
def config(config: dict[str, Any]) -> dict[str, Any]:
    """Short deadlines: a fault need not be waited for long."""
    return config | {"ATTEMPT_SECONDS": 6, "CALL_SECONDS": 2}


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Iterator[Simulator]:
    """A healthy PowerSchool that is Oakwood's."""
    shared_simulator.seed(OAKWOOD_SEED)
    yield shared_simulator
    shared_simulator.faults([])
    shared_simulator.restore_grants()


@pytest.fixture
def alice(
    cast: Cast, browse: Callable[[User], Visitor], simulator: Simulator, watch: Watch
) -> Visitor:
    """Alice's browser; Oakwood is connected to the simulator."""
    connect(
        cast.oakwood,
        base_url=simulator.url,
        client_id=OAKWOOD_SEED["client_id"],
        client_secret_token=Connection.seal(OAKWOOD_SEED["client_secret"]),
        roster_id_confirmed_at=watch(),
    )
    return browse(cast.alice)


def lines(page: Page) -> list[tuple[str, str]]:
    """Return the word and the name of every step."""
    words = page.words(".steps .status")
    names = page.words(".steps strong")
    return list(zip(words, names, strict=True))


def test_a_good_connection_is_ok_step_by_step(alice: Visitor) -> None:
    page = alice.post(TEST)
    assert page.status == 200
    assert page.words("#settings-test h3") == ["The connection works."]
    assert lines(page) == [
        ("OK", "Reach PowerSchool:"),
        ("OK", "Client ID and Client Secret:"),
        ("OK", "Plugin:"),
        ("OK", "What the plugin may use:"),
        ("OK", "Attendance codes:"),
        ("OK", "School calendar:"),
        ("OK", "Students:"),
        ("OK", "Many students at once:"),
        ("OK", "Attendance:"),
        ("OK", "PowerSchool version:"),
        ("OK", "SIS ID of your roster:"),
        ("OK", "Time zone:"),
        ("OK", "PowerSchool's clock:"),
        ("OK", "Deliveries:"),
    ]
    assert not page.all("#settings-request")


def test_a_kind_of_id_that_nobody_confirmed_is_a_warning(alice: Visitor) -> None:
    Connection.update(roster_id_confirmed_at=None).execute()
    page = alice.post(TEST)
    assert ("Warning", "SIS ID of your roster:") in lines(page)
    assert page.words("#settings-test h3") == ["The connection works, with a warning."]


def test_a_wrong_secret_stops_there_with_its_fix(alice: Visitor) -> None:
    Connection.update(client_secret_token=Connection.seal("wrong")).execute()
    page = alice.post(TEST)
    assert [word for word, _ in lines(page)] == ["OK", "Failed", "OK"]
    assert "copy its Client ID and Client Secret again" in page.one(".step-fix").text
    assert page.words("#settings-test h3") == [
        "The connection does not work yet: 1 step failed. The test stopped there."
    ]


def test_a_missing_grant_shows_the_line_to_copy(
    alice: Visitor, simulator: Simulator
) -> None:
    simulator.withdraw("STUDENTS", "EXITDATE")
    page = alice.post(TEST)
    assert ("Failed", "Students:") in lines(page)
    assert page.one("#settings-request").text.strip().splitlines() == [
        "<!-- Needed for all attendance modes: -->",
        '<field table="STUDENTS" field="EXITDATE" access="ViewOnly"/>',
    ]
    button = page.one("[data-copy]")
    assert page.one(f"#{button['data-copy']}").name == "textarea"
    assert lines(page)[-2] == ("OK", "PowerSchool's clock:")


def test_another_zone_is_a_warning(alice: Visitor) -> None:
    District.update(timezone="America/New_York").execute()
    page = alice.post(TEST)
    assert ("Warning", "Time zone:") in lines(page)
    assert page.words("#settings-test h3") == ["The connection works, with a warning."]


def test_a_powerschool_that_is_away_fails_at_reaching_it(
    alice: Visitor, simulator: Simulator
) -> None:
    Connection.update(base_url="http://127.0.0.1:1").execute()
    page = alice.post(TEST)
    assert lines(page)[:-1] == [("Failed", "Reach PowerSchool:")]


def test_trouble_of_its_own_is_not_blamed_on_the_url(
    alice: Visitor, simulator: Simulator
) -> None:
    simulator.faults([{"kind": "status", "status": 500, "on": "read"}])
    page = alice.post(TEST)
    assert lines(page)[:-1] == [("Failed", "Reach PowerSchool:")]
    assert "test again in a minute" in page.one(".step-fix").text


def test_a_district_without_schools_reads_no_command(
    browse: Callable[[User], Visitor], cast: Cast, simulator: Simulator
) -> None:
    cast.birch_school.delete_instance(recursive=True)
    connect(
        cast.birch,
        base_url=simulator.url,
        client_id=OAKWOOD_SEED["client_id"],
        client_secret_token=Connection.seal(OAKWOOD_SEED["client_secret"]),
    )
    page = browse(cast.charlie).post(TEST)
    assert ("Failed", "What the plugin may use:") in lines(page)
    assert "`" not in page.one("#settings-test").text


def test_a_good_test_lets_a_paused_lane_go_on(alice: Visitor, cast: Cast) -> None:
    Lane.update(blocked_reason="credentials_refused").execute()
    alice.post(TEST)
    assert Lane.get(Lane.district == cast.oakwood).blocked_reason is None
    assert Lane.get(Lane.district == cast.birch).blocked_reason


def test_htmx_gets_the_result_alone(alice: Visitor) -> None:
    page = alice.post(TEST, htmx=True)
    assert page.all("html") == []
    assert page.all("#settings-form") == []
    assert page.one("#settings-test h3[data-focus]")


def test_the_button_works_without_javascript(alice: Visitor) -> None:
    page = alice.get(SETTINGS)
    button_form = page.one("#settings-test form")
    assert (button_form["method"], button_form["action"]) == (
        "post",
        f"{TEST}#settings-test",
    )
    assert alice.post(TEST, page.form("#settings-test form")).status == 200


def test_a_second_press_is_told_that_one_runs(
    alice: Visitor, cast: Cast, app: Flask
) -> None:
    with checks.only_test_of(cast.oakwood.id):
        page = alice.post(TEST)
        part = alice.post(TEST, htmx=True)
    assert (page.status, part.status) == (409, 409)
    said = ["A test is running already. Test again in some seconds."]
    assert page.words("#settings-test .alert") == said
    assert part.words("#settings-test .alert") == said
    assert alice.post(TEST).status == 200


def test_another_district_s_test_waits_for_nobody(alice: Visitor, cast: Cast) -> None:
    with checks.only_test_of(cast.birch.id):
        assert alice.post(TEST).status == 200


def test_nothing_saved_is_nothing_to_test(alice: Visitor) -> None:
    Connection.delete().execute()
    page = alice.post(TEST)
    assert page.status == 409
    assert "not connected" in page.one("#settings-test .alert").text


def test_the_address_of_a_result_leads_back_to_the_page(alice: Visitor) -> None:
    page = alice.get(TEST)
    assert (page.status, page.location) == (303, SETTINGS)


def test_the_last_result_is_shown_with_its_age(alice: Visitor, watch: Watch) -> None:
    assert alice.get(SETTINGS).one("#settings-health").text == (
        "These settings were not tested yet."
    )
    alice.post(TEST)
    watch.advance(minutes=20)
    page = alice.get(SETTINGS)
    words = page.one("#settings-health").text.split()
    assert " ".join(words) == "Last tested 20 min ago: The connection works."
    assert not page.all("#settings-health[data-focus]")
    assert len(lines(page)) == 14


def test_a_delivery_problem_stands_beside_the_test(alice: Visitor, cast: Cast) -> None:
    alice.post(TEST)
    Lane.update(
        blocked_reason="throttled", blocked_until=NOW + timedelta(hours=1)
    ).where(Lane.district == cast.oakwood).execute()
    page = alice.get(SETTINGS)
    assert lines(page)[-1] == ("Failed", "Deliveries:")
    assert "asked us to send more slowly" in page.one("#settings-delivery").text


def test_school_building_setup_tells_the_last_test(alice: Visitor) -> None:
    schools = "/admin/powerschool/schools/"
    assert "was not tested yet" in alice.get(schools).one("#schools-connection").text
    alice.post(TEST)
    line = " ".join(alice.get(schools).one("#schools-connection").text.split())
    assert "was last tested just now: it works." in line


def test_the_values_in_the_page_are_the_saved_ones(alice: Visitor) -> None:
    page = alice.post(TEST)
    assert page.form("#settings-form")["client_id"] == OAKWOOD_SEED["client_id"]
    assert OAKWOOD_SEED["client_secret"] not in page.response.text
