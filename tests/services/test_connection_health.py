"""A connection's health: what the last test found is remembered until it is too old."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from tests.cast import NOW, OAKWOOD_SEED, make_district, make_school
from vmps.config import Settings
from vmps.models import AuditEntry, Connection, District, Lane, School
from vmps.services.check_connection import check_connection
from vmps.services.connection_form import ConnectionForm
from vmps.services.connection_health import Health, remember_health, view_health
from vmps.services.connections import save_connection
from vmps.services.steps import Step, StepName, StepStatus, ok
from vmps.simulator.control import Simulator

Check = Callable[[], list[Step]]
SECRET = OAKWOOD_SEED["client_secret"]


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Iterator[Simulator]:
    """A healthy PowerSchool."""
    shared_simulator.seed(OAKWOOD_SEED)
    yield shared_simulator
    shared_simulator.faults([])
    shared_simulator.restore_grants()


@pytest.fixture
def district(settings: Settings, simulator: Simulator) -> District:
    """Oakwood with one school, connected."""
    district = make_district()
    make_school(district)
    Connection.create(
        district=district,
        base_url=simulator.url,
        client_id=OAKWOOD_SEED["client_id"],
        client_secret_token=Connection.seal(SECRET),
        roster_id_confirmed_at=NOW,
    )
    return district


@pytest.fixture
def check(district: District, settings: Settings) -> Check:
    """Test the connection."""
    return lambda: check_connection(district, settings, actor="user:1", now=NOW)


def health_of(district: District) -> Health:
    found = view_health(district.id)
    assert found
    return found


def test_nothing_is_known_before_the_first_test(district: District) -> None:
    assert view_health(district.id) is None


def test_the_steps_are_remembered_word_for_word(
    district: District, check: Check, simulator: Simulator
) -> None:
    simulator.withdraw("STUDENTS", "EXITDATE")
    steps = check()
    found = health_of(district)
    assert found == Health(tuple(steps), NOW)
    assert found.status is StepStatus.FAILED


def test_no_secret_is_in_what_is_remembered(
    district: District, check: Check, simulator: Simulator
) -> None:
    check()
    Connection.update(client_secret_token=Connection.seal("wr0ng-secret")).execute()
    check()
    kept = Connection.get().health
    assert "refused the client id and secret" in kept
    assert "wr0ng-secret" not in kept
    assert SECRET not in kept


def test_a_failed_test_is_audited_as_one(check: Check, simulator: Simulator) -> None:
    simulator.settings(plugin_enabled=False)
    check()
    (entry,) = AuditEntry.select().where(AuditEntry.action == "connection.tested")
    assert '"failed"' in entry.detail


def test_what_was_saved_meanwhile_was_not_tested(district: District) -> None:
    connection = Connection.get()
    Connection.update(saved_at=NOW + timedelta(seconds=1)).execute()
    steps = [ok(StepName.REACH, "PowerSchool answers")]
    assert not remember_health(connection, steps, now=NOW)
    assert view_health(district.id) is None


def save(district: District, settings: Settings, secret: str | None) -> None:
    connection = Connection.get()
    form = ConnectionForm(connection.base_url, connection.client_id, secret)
    save_connection(
        district,
        form,
        allowed_networks=settings.allowed_networks,
        actor="user:1",
        now=NOW + timedelta(minutes=1),
    )


@pytest.mark.parametrize(("secret", "is_kept"), [(None, True), ("another", False)])
def test_other_credentials_were_not_tested_yet(
    district: District,
    settings: Settings,
    check: Check,
    secret: str | None,
    is_kept: bool,
) -> None:
    check()
    save(district, settings, secret)
    assert (view_health(district.id) is not None) is is_kept


def paused(**columns: object) -> None:
    Lane.update(columns).execute()


UNTIL = "2026-11-23T15:00:00+00:00"
BLOCK = {"until": UNTIL, "reason": "fields_not_granted", "detail": ""}
BLOCKS = json.dumps({"meeting": BLOCK})


def test_a_test_lets_go_on_what_it_found_to_be_good(
    check: Check, simulator: Simulator
) -> None:
    paused(blocked_reason="credentials_refused", blocked_until=NOW, mode_blocks=BLOCKS)
    check()
    lane = Lane.get()
    assert (lane.blocked_reason, lane.mode_blocks) == (None, "{}")


def test_a_mode_whose_fields_are_missing_stays_paused(
    check: Check, simulator: Simulator
) -> None:
    simulator.withdraw("ATTENDANCE", "CCID")
    School.update(mode="meeting").execute()
    paused(blocked_reason="credentials_refused", blocked_until=NOW, mode_blocks=BLOCKS)
    check()
    lane = Lane.get()
    assert (lane.blocked_reason, lane.mode_blocks) == (None, BLOCKS)


def test_a_wait_that_powerschool_asked_for_is_waited_for(check: Check) -> None:
    until = NOW + timedelta(minutes=5)
    paused(blocked_reason="throttled", blocked_until=until)
    check()
    assert Lane.get().blocked_until == until


def test_a_test_waits_its_turn_where_powerschool_wants_calls_apart(
    check: Check, simulator: Simulator, settings: Settings
) -> None:
    simulator.settings(min_interval_ms=20)
    assert {step.status for step in check()} == {StepStatus.OK}
