"""Every outage: what people read, what the lane does meanwhile, how it goes on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cast import Oakwood, make_user, statuses
from tests.delivery.conftest import Deliver, Watch, end_of, lane
from tests.delivery.outages import (
    EVENT,
    MODE,
    NEW_SECRET,
    OUTAGES,
    WHOLE,
    Outage,
)
from vmps.config import Settings
from vmps.models import Connection, StudentEvent
from vmps.services.check_connection import check_connection
from vmps.services.connection_form import ConnectionForm
from vmps.services.connections import save_connection
from vmps.services.explain import explain_cause
from vmps.services.look_at_backlog import look_at_backlog
from vmps.services.overdue import lanes_to_ring
from vmps.simulator.control import Simulator


@pytest.fixture(params=OUTAGES, ids=lambda outage: outage.name)
def outage(request: pytest.FixtureRequest, simulator: Simulator) -> Iterator[Outage]:
    """Each of them; afterwards the simulator is healthy."""
    yield request.param
    simulator.faults([])
    simulator.restore_grants()


def status_of(student: int) -> tuple[str, str | None]:
    """Return where the student's only event stands."""
    event = StudentEvent.get(StudentEvent.external_id == f"event-{student}")
    return end_of(event.id)


def check_lane(outage: Outage) -> None:
    """What waits is what the table says, and no more."""
    held = lane()
    assert held.blocked_reason == (outage.cause if outage.lane == WHOLE else None)
    assert (held.mode_blocks != "{}") is (outage.lane == MODE)


def check_words(oakwood: Oakwood, outage: Outage, watch: Watch) -> None:
    """The banner says in plain words what is up; the event says the same."""
    if outage.cause is None or outage.lane == EVENT:
        return
    watch.advance(minutes=3)
    user = make_user(oakwood.district)
    banner = look_at_backlog(user, now=watch.now)
    assert banner
    assert explain_cause(outage.cause).text in banner.holdups[0].text
    watch.advance(minutes=-3)


def do(oakwood: Oakwood, outage: Outage, settings: Settings, watch: Watch) -> None:
    """Let a person do what mends it."""
    if outage.by == "saving the new secret":
        known = Connection.get()
        form = ConnectionForm(known.base_url, known.client_id, NEW_SECRET)
        save_connection(
            oakwood.district,
            form,
            allowed_networks=settings.allowed_networks,
            actor="user:1",
            now=watch.now,
        )
    elif outage.by == "Test connection":
        check_connection(oakwood.district, settings, actor="user:1", now=watch.now)


def test_each_outage_is_told_waited_out_and_over(  # noqa: PLR0917 all of it
    outage: Outage,
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    settings: Settings,
    watch: Watch,
) -> None:
    outage.before(simulator)
    many = outage.events
    report_some(oakwood, range(many), watch)
    deliver()
    outage.break_it(simulator)
    report_some(oakwood, range(many, 2 * many), watch)
    deliver()
    waits = "pending" if outage.cause else "successful"
    assert status_of(many) == (waits, outage.cause)
    assert outage.sign(simulator)
    check_lane(outage)
    check_words(oakwood, outage, watch)
    outage.mend(simulator)
    do(oakwood, outage, settings, watch)
    watch.advance(seconds=outage.seconds)
    oakwood.report(2 * many, now=watch.now)
    assert lanes_to_ring(watch.now) == [oakwood.district.id]
    deliver()
    assert statuses() == {"successful": 2 * many + 1}
    assert lane().blocked_reason is None
    written = sorted(row["studentid"] for row in simulator.journal())
    assert written == [500 + n for n in range(2 * many + 1)]


def test_nothing_is_called_before_its_time(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.faults([{"kind": "html_503", "on": "any"}])
    oakwood.report()
    deliver()
    simulator.reset_calls()
    watch.advance(seconds=0.1)
    deliver()
    assert simulator.calls() == {}


def report_some(oakwood: Oakwood, students: range, watch: Watch) -> None:
    for student in students:
        oakwood.report(student, now=watch.now)


def test_an_upgrade_brings_batches_within_the_hour(
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    watch: Watch,
) -> None:
    simulator.settings(version="25.1.0.0")
    report_some(oakwood, range(8), watch)
    deliver()
    simulator.settings(version="25.3.0.0")
    report_some(oakwood, range(8, 16), watch)
    deliver()
    assert "batch_daily_time" not in simulator.calls()
    watch.advance(seconds=3601)
    report_some(oakwood, range(16, 24), watch)
    deliver()
    assert simulator.calls()["batch_daily_time"] == 1
    assert statuses() == {"successful": 24}


def test_an_older_version_gets_single_records_from_the_first_refusal_on(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    report_some(oakwood, range(8), watch)
    deliver()
    assert simulator.calls()["batch_daily_time"] == 1
    simulator.settings(version="25.1.0.0")
    for students in (range(8, 16), range(16, 24)):
        report_some(oakwood, students, watch)
        deliver()
    assert simulator.calls()["batch_daily_time"] == 2
    assert simulator.calls()["daily_time"] == 16
    assert statuses() == {"successful": 24}


def test_a_long_maintenance_is_asked_ever_less_often_and_leaves_no_slow_pace(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.faults([{"kind": "html_503", "on": "any"}])
    oakwood.report()
    began = watch.now
    while (watch.now - began).total_seconds() < 3600:
        deliver()
        watch.now = lane().blocked_until or watch.now
    assert 10 < simulator.fired()[0]["fired"] < 100
    simulator.faults([])
    deliver()
    assert statuses() == {"successful": 1}
    assert lane().pace_seconds == 0
