"""Confirming another kind of SIS ID: all are resolved anew, today's events go on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Protocol

import pytest

from tests.cast import NOW, OAKWOOD_SEED, Oakwood, statuses
from tests.delivery.conftest import Deliver, Watch, codes_written, end_of
from vmps.config import Settings
from vmps.models import AuditEntry, Connection, EventType, RosterId, Student
from vmps.services.confirm_roster_id import (
    CONFIRMED,
    RosterIdConfirmed,
    Unproven,
    confirm_roster_id,
)
from vmps.services.connection_form import ConnectionForm
from vmps.services.connections import Overtaken, save_connection, version_of
from vmps.services.list_writebacks import WritebackFilters, list_writebacks
from vmps.simulator.control import Simulator


class Confirm(Protocol):
    """Confirms what the page showed."""

    def __call__(self, kind: RosterId, **more: Any) -> RosterIdConfirmed: ...


@pytest.fixture
def confirm(oakwood: Oakwood, settings: Settings) -> Confirm:
    """Confirm what Oakwood's roster holds."""

    def confirm_it(kind: RosterId, **more: Any) -> RosterIdConfirmed:
        given = {"seen": version_of(Connection.get()), "actor": "user:1"} | more
        return confirm_roster_id(oakwood.district, kind, settings, now=NOW, **given)

    return confirm_it


#: The same people with other STUDENTS.IDs: whoever writes to 500 writes to nobody.
SEED_OF_OTHER_IDS = OAKWOOD_SEED | {
    "students": [row | {"id": row["id"] + 1000} for row in OAKWOOD_SEED["students"]]
}


def shown() -> list[int | None]:
    """Return the Student PS ID of each line of the log, oldest first."""
    views = list_writebacks(WritebackFilters(), limit=9)
    return [view.ps_id for view in reversed(views)]


def count_confirmed() -> int:
    """Return how often a kind was confirmed."""
    return AuditEntry.select().where(AuditEntry.action == CONFIRMED).count()


def test_another_kind_sends_today_s_failures_again_by_the_right_student(
    oakwood: Oakwood,
    deliver: Deliver,
    confirm: Confirm,
    simulator: Simulator,
    watch: Watch,
) -> None:
    Connection.update(roster_id="id").execute()
    for student in range(12):
        oakwood.report(student)
    deliver()
    assert statuses() == {"failed": 12}
    assert confirm(RosterId.DCID) == RosterIdConfirmed(True, 12)
    watch.advance(seconds=21)  # the lease of the drain that knew the other kind
    deliver()
    assert statuses() == {"successful": 12}
    assert codes_written(simulator) == ["T"]


def test_yesterday_s_failures_stay(
    oakwood: Oakwood, deliver: Deliver, confirm: Confirm
) -> None:
    Connection.update(roster_id="id").execute()
    at = NOW - timedelta(days=3)
    event = oakwood.report(occurred_at=at, now=at).event
    deliver()
    assert confirm(RosterId.DCID).requeued == 0
    assert end_of(event)[0] == "failed"


def test_other_failures_stay(
    oakwood: Oakwood, deliver: Deliver, confirm: Confirm
) -> None:
    oakwood.report(reason="Volcano")
    deliver()
    assert end_of() == ("failed", "unmapped_reason")
    assert confirm(RosterId.ID, is_forced=True) == RosterIdConfirmed(True, 0)
    assert end_of() == ("failed", "unmapped_reason")


def test_another_kind_forgets_who_everybody_was(
    oakwood: Oakwood, deliver: Deliver, confirm: Confirm
) -> None:
    oakwood.report()
    deliver()
    assert Student.get_by_id(oakwood.students[0].id).ps_id == 500
    confirm(RosterId.ID, is_forced=True)
    assert Student.get_by_id(oakwood.students[0].id).ps_id is None


def test_an_event_keeps_its_id_and_the_next_is_written_to_the_new_one(
    oakwood: Oakwood,
    deliver: Deliver,
    confirm: Confirm,
    simulator: Simulator,
    watch: Watch,
) -> None:
    first = oakwood.report().event
    deliver()
    simulator.seed(SEED_OF_OTHER_IDS)
    confirm(RosterId.ID, is_forced=True)
    assert shown() == [500]
    confirm(RosterId.DCID)
    watch.advance(seconds=21)
    oakwood.report(type=EventType.EARLY_CHECK_OUT, reason="Dentist", external_id="b")
    deliver()
    assert end_of(first)[0] == "successful"
    assert shown() == [500, 1500]
    assert {row["studentid"] for row in simulator.journal()} == {1500}


def test_the_same_kind_forgets_nobody(
    oakwood: Oakwood, deliver: Deliver, confirm: Confirm
) -> None:
    oakwood.report()
    deliver()
    before = version_of(Connection.get())
    assert confirm(RosterId.DCID) == RosterIdConfirmed(False, 0)
    assert Student.get_by_id(oakwood.students[0].id).ps_id == 500
    assert version_of(Connection.get()) == before


def test_it_is_written_down_by_whom(confirm: Confirm) -> None:
    confirm(RosterId.DCID, actor="user:7")
    saved = Connection.get()
    assert (saved.roster_id_confirmed_at, saved.roster_id_confirmed_by) == (
        NOW,
        "user:7",
    )
    (entry,) = AuditEntry.select().where(
        AuditEntry.action == "connection.roster_id_confirmed"
    )
    assert (entry.actor, '"kind": "dcid"' in entry.detail) == ("user:7", True)


def test_a_kind_that_the_sample_disproves_is_refused(
    oakwood: Oakwood, deliver: Deliver, confirm: Confirm
) -> None:
    oakwood.report()
    deliver()
    with pytest.raises(Unproven, match="STUDENTS.ID, 60 of 60 students did not fit"):
        confirm(RosterId.ID)
    assert (Connection.get().roster_id, count_confirmed()) == ("dcid", 0)
    assert Student.get_by_id(oakwood.students[0].id).ps_id == 500


def test_it_takes_a_second_step_that_is_written_down(confirm: Confirm) -> None:
    assert confirm(RosterId.ID, is_forced=True).is_changed
    entry = AuditEntry.get(AuditEntry.action == CONFIRMED)
    assert '"although": "60 of 60 students did not fit"' in entry.detail


@pytest.mark.parametrize(("strangers", "is_refused"), [(29, False), (30, True)])
def test_most_of_the_sample_has_to_fit(
    oakwood: Oakwood, confirm: Confirm, strangers: int, is_refused: bool
) -> None:
    ids = [student.id for student in oakwood.students[:strangers]]
    Student.update(first_name="Some", last_name="Body").where(
        Student.id.in_(ids)
    ).execute()
    if is_refused:
        with pytest.raises(Unproven, match="30 would be other students, 0 were not"):
            confirm(RosterId.DCID)
    else:
        confirm(RosterId.DCID)
    assert count_confirmed() == (not is_refused)


def test_what_cannot_be_compared_is_not_proven(confirm: Confirm) -> None:
    Connection.update(base_url="http://127.0.0.1:1").execute()
    with pytest.raises(Unproven, match="could not be reached"):
        confirm(RosterId.DCID)
    confirm(RosterId.DCID, is_forced=True)
    assert "could not be compared" in AuditEntry.get().detail


def test_who_looked_at_older_settings_looks_again(confirm: Confirm) -> None:
    with pytest.raises(Overtaken):
        confirm(RosterId.ID, seen="2026-11-01T00:00:00+00:00")
    assert Connection.get().roster_id == "dcid"


@pytest.mark.parametrize(
    ("url", "kind", "is_confirmed"),
    [
        ("https://oakwood.example", None, True),
        ("https://elsewhere.example", None, False),
        ("https://elsewhere.example", RosterId.ID, True),
    ],
)
def test_another_powerschool_is_not_confirmed_yet(
    oakwood: Oakwood,
    confirm: Confirm,
    url: str,
    kind: RosterId | None,
    is_confirmed: bool,
) -> None:
    confirm(RosterId.DCID)
    Connection.update(base_url="https://oakwood.example").execute()
    form = ConnectionForm(url, "id", "secret", roster_id=kind)
    save_connection(
        oakwood.district, form, allowed_networks=(), actor="operator", now=NOW
    )
    assert (Connection.get().roster_id_confirmed_at is not None) is is_confirmed
