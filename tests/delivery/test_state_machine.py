"""Any history of events, voids, faults, crashes and retries ends the same: settled.

The oracle is the simulator's journal, compared with what the events alone demand.
"""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.cast import NOW, OAKWOOD_SEED, make_oakwood
from tests.delivery.conftest import Watch, make_dispatcher
from tests.delivery.crashes import STEPS, Crash, replaced
from vmps import db, secrets
from vmps.config import load_settings
from vmps.jobs.doorbell import Doorbell
from vmps.jobs.lane_threads import LaneThreads
from vmps.jobs.scheduler import Scheduler
from vmps.models import (
    MODELS,
    Attempt,
    EventType,
    Lane,
    School,
    StudentEvent,
    Writeback,
)
from vmps.services import drain as drains
from vmps.services.accept import Answer
from vmps.services.correct import correct_event
from vmps.services.drain import drain
from vmps.services.planning.comment import comment_line
from vmps.services.planning.day import DayEvent
from vmps.services.retry import RETRYABLE, retry_writebacks
from vmps.services.void import void_event
from vmps.simulator.control import Simulator

SEED = OAKWOOD_SEED | {"students": OAKWOOD_SEED["students"][:5]}
KINDS = {
    EventType.LATE_CHECK_IN: ("Bus late", "T"),
    EventType.EARLY_CHECK_OUT: ("Dentist", "ED"),
}
#: A clerk had marked these before; their school lets it be replaced.
ABSENT = {503: "A", 504: "A"}
FAULTS: list[dict[str, Any]] = [
    {"kind": "reset_after_write", "on": "write"},
    {"kind": "reset_before", "on": "write"},
    {"kind": "status", "status": 500, "commit": True, "on": "write"},
    *({"kind": "status", "status": n, "on": "write"} for n in (400, 429)),
    {"kind": "partly_written", "on": "write"},
    {"kind": "status", "status": 500, "on": "read"},
    {"kind": "status", "status": 500, "on": "/ws/schema/table/attendance", "skip": 1},
]


REPORT: dict[str, Any] = {
    "student": st.integers(0, 4),
    "minutes": st.integers(0, 400),
    "kind": st.sampled_from(EventType),
}


class Deliveries(RuleBasedStateMachine):
    """Five students' days, delivered through whatever happens."""

    seed: dict[str, Any] = SEED
    mode = "daily"

    def __init__(self, simulator: Simulator, happened: Counter[str]) -> None:
        super().__init__()
        #: How often each kind of trouble truly happened, over all histories.
        self.happened = happened
        for model in reversed(MODELS):
            model.delete().execute()
        given = {
            "ENVIRONMENT": "development",
            "ALLOWED_NETWORKS": "127.0.0.0/8",
            "ATTEMPT_SECONDS": 2,
            "CALL_SECONDS": 1,
        }
        found = load_settings(given, environ={})
        secrets.configure(found.encryption_keys)
        self.simulator, self.watch = simulator, Watch()
        simulator.seed(self.seed)
        self.oakwood = make_oakwood(simulator.url, self.seed)
        School.update(mode=self.mode, replaceable_codes='["A"]').execute()
        self.mark_absent()
        self.dispatcher = make_dispatcher(found, self.watch)
        doorbell = Doorbell("")
        lanes = LaneThreads(self.dispatcher, doorbell)
        self.scheduler = Scheduler(self.watch, doorbell, lanes)
        self.sent: list[dict[str, Any]] = []
        self.events: dict[str, int] = {}
        self.fence = 0
        self.ended: dict[int, str] = {}

    def mark_absent(self) -> None:
        """Let a clerk mark some before anything happens."""
        for ps_id, code in ABSENT.items():
            self.simulator.put_attendance(ps_id, 1817, NOW.date().isoformat(), code)

    @rule(**REPORT)
    def accept(self, student: int, minutes: int, kind: EventType) -> None:
        """A kiosk reports an event, in whatever order."""
        event = {
            "student": student,
            "external_id": f"event-{len(self.sent)}",
            "type": kind,
            "occurred_at": NOW + timedelta(minutes=minutes),
            "reason": KINDS[kind][0],
        }
        self.sent.append(event)
        result = self.oakwood.report(**event, now=self.watch.now)
        if result.answer is Answer.ACCEPTED:
            assert result.event
            self.events[event["external_id"]] = result.event

    @precondition(lambda self: self.events)
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        """A kiosk reports again what it reported before."""
        event = data.draw(st.sampled_from(self.sent))
        result = self.oakwood.report(**event, now=self.watch.now)
        if event["external_id"] in self.events:
            assert result.answer is Answer.DUPLICATE
            assert result.event == self.events[event["external_id"]]
        elif result.answer is Answer.ACCEPTED:  # what it repeated was voided
            assert result.event
            self.events[event["external_id"]] = result.event

    @precondition(lambda self: self.events)
    @rule(data=st.data())
    def void(self, data: st.DataObject) -> None:
        """An admin voids an event."""
        event = data.draw(st.sampled_from(sorted(self.events.values())))
        if StudentEvent.get_by_id(event).voided_at is None:
            void_event(event, actor="test", now=self.watch.now)

    @precondition(lambda self: self.events)
    @rule(data=st.data(), minutes=st.integers(0, 400))
    def correct(self, data: st.DataObject, minutes: int) -> None:
        """An admin gives an event another time."""
        event = data.draw(st.sampled_from(sorted(self.events.values())))
        kept = StudentEvent.get_by_id(event)
        at = min(NOW + timedelta(minutes=minutes), self.watch.now)
        if kept.voided_at is None and kept.occurred_at != at:
            now = self.watch.now
            correct_event(event, occurred_at=at, actor="test", now=now)

    @rule()
    def deliver(self) -> None:
        """A drain."""
        with replaced(drains, "database_now", self.watch):
            drain(self.oakwood.district.id, self.dispatcher)

    @rule(fault=st.sampled_from(FAULTS), **REPORT)
    def deliver_badly(self, fault: dict[str, Any], **event: Any) -> None:
        """A drain one of whose calls goes wrong, with something to send."""
        self.make_ready(event)
        self.simulator.faults([fault | {"times": 1}])
        self.deliver()
        self.happened["fault"] += self.simulator.fired()[0]["fired"]
        self.simulator.faults([])

    @rule(step=st.sampled_from(sorted(STEPS)), **REPORT)
    def crash(self, step: str, **event: Any) -> None:
        """A drain whose process ends at a step; its lease stays behind."""
        self.make_ready(event)
        module, name, crashing = STEPS[step]
        with replaced(module, name, crashing(getattr(module, name))):
            try:
                self.deliver()
            except Crash:
                self.happened[step] += 1
                db.drop_connection()

    def make_ready(self, event: dict[str, Any]) -> None:
        """Let a lease that was left behind end, and a kiosk report an event."""
        self.watch.advance(seconds=21)
        self.accept(**event)

    @rule(seconds=st.sampled_from([1, 6, 21, 301, 3600]))
    def wait(self, seconds: float) -> None:
        """Time goes by; a lease left behind ends after twenty seconds."""
        self.watch.advance(seconds=seconds)

    @rule()
    def tick(self) -> None:
        """The scheduler looks, and delivers as there is no Redis."""
        with replaced(drains, "database_now", self.watch):
            self.scheduler.tick()
            for thread in threading.enumerate():
                if thread.name == f"lane-{self.oakwood.district.id}":
                    thread.join()

    @rule()
    def retry(self) -> None:
        """An admin retries what failed."""
        failed = Writeback.select().where(Writeback.status.in_(RETRYABLE))
        ids = [writeback.id for writeback in failed]
        retry_writebacks(ids, actor="test", now=self.watch.now)

    @invariant()
    def nothing_is_lost(self) -> None:
        """Every accepted event has its writeback; pending ones are due in time."""
        owed = {writeback.event_id: writeback for writeback in Writeback.select()}
        assert set(owed) == set(self.events.values())
        for writeback in owed.values():
            if writeback.status == "pending":
                assert writeback.due_at <= self.watch.now + timedelta(hours=1)
                assert writeback.give_up_at is not None

    @invariant()
    def fences_only_rise(self) -> None:
        """No lease brings an old fence back, no claim is ahead of it."""
        fence = Lane.get().fence
        assert fence >= self.fence
        self.fence = fence
        claimed = Writeback.select().where(Writeback.claim_fence > fence)
        assert claimed.count() == 0

    @invariant()
    def attempts_are_only_added(self) -> None:
        """No attempt goes away, none that has ended ends otherwise."""
        now = {attempt.id: attempt.outcome for attempt in Attempt.select()}
        assert all(now.get(id) == outcome for id, outcome in self.ended.items())
        self.ended = {id: end for id, end in now.items() if end != "started"}

    def teardown(self) -> None:
        """Heal everything, let it settle, and compare."""
        try:
            self.settle()
            self.check_writebacks()
            for place, student in enumerate(self.oakwood.students):
                self.check_row(500 + place, student.id)
        finally:
            db.drop_connection()

    def settle(self) -> None:
        """Let a healthy PowerSchool and the scheduler do their work."""
        self.simulator.faults([])
        for _ in range(4):
            self.watch.advance(hours=1)
            self.retry()
            self.tick()

    def check_writebacks(self) -> None:
        """Nothing is in limbo: with PowerSchool well, everything has succeeded."""
        self.nothing_is_lost()
        assert {one.status for one in Writeback.select()} <= {"successful"}
        assert "started" not in {attempt.outcome for attempt in Attempt.select()}

    def check_row(self, ps_id: int, student: int) -> None:
        """One row at most, with the code and the lines of the events that count."""
        rows = [r for r in self.simulator.journal() if r["studentid"] == ps_id]
        actions = [row["action"] for row in rows]
        assert actions.count("INSERT") == min(1, len(rows))
        events = StudentEvent.select().where(StudentEvent.student == student)
        live = [event for event in events if event.voided_at is None]
        live.sort(key=lambda event: (event.occurred_at, event.id))
        held = rows[-1]["att_code"] if rows else None
        assert held == (KINDS[live[-1].type][1] if live else ABSENT.get(ps_id))
        comment = (rows[-1]["att_comment"] if rows else None) or ""
        lines = {self.line_of(event) for event in live}
        assert set(comment.split("; ")) - {""} == lines

    def line_of(self, event: StudentEvent) -> str:
        """Return what the comment says of an event."""
        kind = EventType(event.type)
        seen = DayEvent(event.id, kind, event.occurred_at, event.reason, None)
        return comment_line(seen, self.oakwood.school.zone)


@pytest.mark.usefixtures("database_url")
def test_any_history_settles_with_one_effect(shared_simulator: Simulator) -> None:
    happened: Counter[str] = Counter()
    run_state_machine_as_test(
        lambda: Deliveries(shared_simulator, happened),
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert set(happened) == {"fault", *STEPS}
