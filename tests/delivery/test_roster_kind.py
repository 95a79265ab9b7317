"""Confirming another kind of SIS ID: all are resolved anew, today's events go on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW, Oakwood, statuses
from tests.delivery.conftest import Deliver, Watch, codes_written, end_of
from vmps.models import AuditEntry, Connection, RosterId, Student
from vmps.services.confirm_roster_id import RosterIdConfirmed, confirm_roster_id
from vmps.services.connection_form import ConnectionForm
from vmps.services.connections import Overtaken, save_connection, version_of
from vmps.simulator.control import Simulator


def confirm(oakwood: Oakwood, kind: RosterId, **more: str) -> RosterIdConfirmed:
    """Confirm what the page showed."""
    given = {"seen": version_of(Connection.get()), "actor": "user:1"} | more
    return confirm_roster_id(oakwood.district, kind, now=NOW, **given)


def test_another_kind_sends_today_s_failures_again_by_the_right_student(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    Connection.update(roster_id="id").execute()
    for student in range(12):
        oakwood.report(student)
    deliver()
    assert statuses() == {"failed": 12}
    assert confirm(oakwood, RosterId.DCID) == RosterIdConfirmed(True, 12)
    watch.advance(seconds=21)  # the lease of the drain that knew the other kind
    deliver()
    assert statuses() == {"successful": 12}
    assert codes_written(simulator) == ["T"]


def test_yesterday_s_failures_stay(
    oakwood: Oakwood, deliver: Deliver, watch: Watch
) -> None:
    Connection.update(roster_id="id").execute()
    at = NOW - timedelta(days=3)
    event = oakwood.report(occurred_at=at, now=at).event
    deliver()
    assert confirm(oakwood, RosterId.DCID).requeued == 0
    assert end_of(event)[0] == "failed"


def test_other_failures_stay(oakwood: Oakwood, deliver: Deliver) -> None:
    oakwood.report(reason="Volcano")
    deliver()
    assert end_of() == ("failed", "unmapped_reason")
    assert confirm(oakwood, RosterId.ID) == RosterIdConfirmed(True, 0)
    assert end_of() == ("failed", "unmapped_reason")


def test_another_kind_forgets_who_everybody_was(
    oakwood: Oakwood, deliver: Deliver
) -> None:
    oakwood.report()
    deliver()
    assert Student.get_by_id(oakwood.students[0].id).ps_id == 500
    confirm(oakwood, RosterId.ID)
    assert Student.get_by_id(oakwood.students[0].id).ps_id is None


def test_the_same_kind_forgets_nobody(oakwood: Oakwood, deliver: Deliver) -> None:
    oakwood.report()
    deliver()
    before = version_of(Connection.get())
    assert confirm(oakwood, RosterId.DCID) == RosterIdConfirmed(False, 0)
    assert Student.get_by_id(oakwood.students[0].id).ps_id == 500
    assert version_of(Connection.get()) == before


def test_it_is_written_down_by_whom(oakwood: Oakwood) -> None:
    confirm(oakwood, RosterId.DCID, actor="user:7")
    saved = Connection.get()
    assert (saved.roster_id_confirmed_at, saved.roster_id_confirmed_by) == (
        NOW,
        "user:7",
    )
    (entry,) = AuditEntry.select().where(
        AuditEntry.action == "connection.roster_id_confirmed"
    )
    assert (entry.actor, '"kind": "dcid"' in entry.detail) == ("user:7", True)


def test_who_looked_at_older_settings_looks_again(oakwood: Oakwood) -> None:
    with pytest.raises(Overtaken):
        confirm(oakwood, RosterId.ID, seen="2026-11-01T00:00:00+00:00")
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
    oakwood: Oakwood, url: str, kind: RosterId | None, is_confirmed: bool
) -> None:
    Connection.update(base_url="https://oakwood.example").execute()
    confirm(oakwood, RosterId.DCID)
    form = ConnectionForm(url, "id", "secret", roster_id=kind)
    save_connection(
        oakwood.district, form, allowed_networks=(), actor="operator", now=NOW
    )
    assert (Connection.get().roster_id_confirmed_at is not None) is is_confirmed
