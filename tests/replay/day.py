"""A day is played: accepted, changed and delivered for real, in all weathers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.clock import Watch
from tests.replay.script import OPENS, WAVE_MINUTES, WAVES, Report, Script, clock_of
from tests.replay.town import CLERKS_MINUTES, Place, Town
from vmps.models import EventType, Status, Writeback
from vmps.services.accept import Answer, ReportedEvent, accept_events
from vmps.services.correct import correct_event
from vmps.services.drain import Dispatcher, drain
from vmps.services.void import void_event
from vmps.simulator.control import Simulator

Json = dict[str, Any]
FLUSH = 100
#: After so many tries there is something that never ends.
TRIES = 300

_MODES = {"daily": "ATT_ModeDaily", "time": "ATT_ModeTime"}
_WRITE, _READ = {"on": "write", "times": 1}, {"on": "read", "times": 2}
#: What goes wrong in the waves, in turn; nothing in every fourth.
WEATHER: tuple[Sequence[Json], ...] = (
    [{"kind": "commit_then_timeout", **_WRITE}],
    [{"kind": "status", "status": 500, "on": "write", "times": 9}],
    [
        {"kind": "reset_after_write", "on": "write", "times": 5, "skip": 1},
        {"kind": "reset_before", **_READ},
    ],
    [],
    [{"kind": "status", "status": 429, "on": "any", "times": 2, "skip": 3}],
    [{"kind": "truncated_json", **_WRITE, "skip": 2}, {"kind": "html_503", **_READ}],
    [{"kind": "reset_before", "on": "write", "times": 8, "skip": 1}],
    [],
    [{"kind": "commit_then_timeout", **_WRITE, "skip": 5}],
    [{"kind": "status", "status": 503, "on": "read", "times": 2}],
    [{"kind": "reset_after_write", "on": "write", "times": 8, "skip": 1}],
    [],
)
#: In these waves the plugin may not read minutes, so Time schools wait.
WITHDRAWN, FIELD = range(5, 7), ("ATTENDANCE", "TOTAL_MINUTES")
#: In this one the token is refused.
EXPIRED = 8
DISABLED_PLUGIN = 10


@dataclass(slots=True)
class Day:
    """The town, its PowerSchool, our processes, and what was accepted."""

    town: Town
    script: Script
    simulator: Simulator
    new_process: Callable[[], Dispatcher]
    watch: Watch
    #: By the kiosk's id: the event's.
    accepted: dict[str, int] = field(default_factory=dict)
    meetings: dict[int, list[Json]] = field(default_factory=dict)
    faults_fired: int = 0
    is_fair: bool = False

    def play(self) -> None:
        """Let all waves pass, each with a fresh process, then wait for the rest."""
        for wave in range(WAVES):
            self.watch.now = self.end_of(wave)
            self._mark(wave)
            self._accept([r for r in self.script.reports if r.wave == wave])
            self._change(wave, is_before=True)
            self._weather(wave)
            self._deliver(self.new_process(), rounds=3)
            self._clear_up(wave)
            self._change(wave, is_before=False)
        self.settle()

    def end_of(self, wave: int) -> datetime:
        """Return when a wave is over."""
        minute = OPENS + WAVE_MINUTES * (wave + 1)
        return clock_of(self.script.day, minute)

    def _mark(self, wave: int) -> None:
        for mark in self.script.marks:
            if mark.wave == wave:
                for more in self._cells(mark.place, mark.ps_id):
                    self.simulator.put_attendance(
                        mark.ps_id,
                        mark.place.number,
                        self.script.day.isoformat(),
                        mark.code,
                        **more,
                    )

    def _cells(self, place: Place, ps_id: int) -> Iterable[Json]:
        if place.our_mode != "meeting":
            minutes = {"total_minutes": CLERKS_MINUTES} if place.mode == "time" else {}
            yield {"att_mode_code": _MODES[place.mode], **minutes}
            return
        for meeting in self.meetings_of(ps_id):
            keys = ("ccid", "periodid", "att_interval", "att_mode_code")
            yield {key: meeting[key] for key in keys}

    def meetings_of(self, ps_id: int) -> list[Json]:
        """Return a student's meetings of the day, by time."""
        if ps_id not in self.meetings:
            day = self.script.day.isoformat()
            self.meetings[ps_id] = self.simulator.meetings(ps_id, day)
        return self.meetings[ps_id]

    def _accept(self, reports: Sequence[Report]) -> None:
        """Each flush is sent twice: the second time everything is a duplicate."""
        for start in range(0, len(reports), FLUSH):
            events = [self._event(report) for report in reports[start : start + FLUSH]]
            for answer in (Answer.ACCEPTED, Answer.DUPLICATE):
                results = accept_events(self.town.kiosk, events, now=self.watch.now)
                assert {result.answer for result in results} == {answer}
            self.accepted |= {r.external_id: r.event for r in results if r.event}

    def _event(self, report: Report) -> ReportedEvent:
        kind = EventType.LATE_CHECK_IN if report.is_late else EventType.EARLY_CHECK_OUT
        return ReportedEvent(
            external_id=report.id,
            type=kind,
            occurred_at=report.at,
            student_id=report.person.sis_id,
            school=self.town.kiosk.schools[str(report.place.number)],
            reason=report.reason,
        )

    def _change(self, wave: int, *, is_before: bool) -> None:
        """Half of the changes come before the events are sent, if in their wave."""
        for change in self.script.changes:
            event = self.accepted.get(change.report.id, 0)
            if change.wave != wave or (event % 2 == 0) is not is_before:
                continue
            given: Json = {"actor": "test", "now": self.watch.now}
            if change.is_void:
                void_event(event, **given)
            else:
                given |= {"occurred_at": change.at, "reason": change.reason}
                correct_event(event, **given)

    def _weather(self, wave: int) -> None:
        if self.is_fair:
            return
        self.simulator.faults(list(WEATHER[wave % len(WEATHER)]))
        if wave == WITHDRAWN.start:
            self.simulator.withdraw(*FIELD)
        if wave == WITHDRAWN.stop:
            self.simulator.restore_grants()
        if wave == EXPIRED:
            self.simulator.expire_token()
        if wave == DISABLED_PLUGIN:
            self.simulator.settings(plugin_enabled=False)

    def _clear_up(self, wave: int) -> None:
        self.faults_fired += sum(fault["fired"] for fault in self.simulator.fired())
        if wave == DISABLED_PLUGIN:
            self.simulator.settings(plugin_enabled=True)

    def _deliver(self, process: Dispatcher, rounds: int) -> None:
        for _ in range(rounds):
            while drain(self.town.district_id, process):
                pass
            self.watch.advance(seconds=20)

    def settle(self) -> None:
        """Deliver in fair weather until nothing is pending."""
        self.simulator.faults([])
        process = self.new_process()
        for _ in range(TRIES):
            self._deliver(process, rounds=1)
            pending = Writeback.select(Writeback.due_at).where(
                Writeback.status == Status.PENDING
            )
            due = [writeback.due_at for writeback in pending]
            if not due:
                return
            self.watch.now = max(self.watch.now, min(due)) + timedelta(seconds=60)
        raise AssertionError(f"{len(due)} are never settled.")
