"""A situation on stage: real deliveries; what is told is read in PowerSchool."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.cast import Oakwood
from tests.clock import Watch
from tests.modes.place import SCHOOL, seed_of
from tests.modes.situation import Act, Situation
from tests.planning.days import CHICAGO
from vmps.models import EventType, Writeback
from vmps.services.correct import correct_event
from vmps.services.void import void_event
from vmps.simulator.control import Simulator

_MODES = {"daily": "ATT_ModeDaily", "time": "ATT_ModeTime"}
NOTHING = "—"
#: After so many tries something is wrong with the test.
TRIES = 20


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of a situation."""

    before: str
    written: list[str]
    after: str
    log: list[str]


class Stage:
    """One student's day, with everybody who does something about it."""

    def __init__(
        self,
        mode: str,
        oakwood: Oakwood,
        simulator: Simulator,
        watch: Watch,
        deliver: Callable[[], bool],
    ) -> None:
        self._mode, self._oakwood, self._simulator = mode, oakwood, simulator
        self._watch, self._deliver = watch, deliver
        self._events: list[int] = []
        self._student, self._day = 0, ""

    def play(self, situation: Situation) -> Seen:
        """Let it happen; return what PowerSchool and our log say."""
        self._student, self._day = situation.student, situation.day
        self._watch.now = self._at("6:00")
        self._all(situation.given)
        before, seen = self._state(), len(self._simulator.journal())
        self._all(situation.happens)
        return Seen(
            before,
            [
                self._told(row)
                for row in self._simulator.journal()[seen:]
                if row["by"] == "plugin"
            ],
            self._state(),
            [self._end(event) for event in self._events],
        )

    def _all(self, acts: Any) -> None:
        for act in acts:
            self._do(act)
        if self._events:
            self._settle()

    def _do(self, act: Act) -> None:
        getattr(self, f"_{act.verb}")(**act.given)

    def _report(self, clock: str, reason: str, *, is_late: bool) -> None:
        at = self._at(clock)
        self._watch.now = max(self._watch.now, at)
        result = self._oakwood.report(
            self._student,
            external_id=f"event-{len(self._events)}",
            type=EventType.LATE_CHECK_IN if is_late else EventType.EARLY_CHECK_OUT,
            occurred_at=at,
            reason=reason,
            now=self._watch.now,
        )
        assert result.event, result
        self._events.append(result.event)

    def _mark(self, code: str | None, place: str, **more: Any) -> None:
        row = {"att_mode_code": _MODES.get(self._mode)} | more
        if row.pop("is_ours", False):
            row["dcid"] = self._simulator.journal()[-1]["dcid"]
        if place:
            keys = {name: key for key, name in self._places().items()}
            ccid, periodid, interval = keys[place]
            row |= {"ccid": ccid, "periodid": periodid, "att_interval": interval}
            row["att_mode_code"] = f"ATT_Mode{'Interval' if interval else 'Meeting'}"
        self._simulator.put_attendance(self._ps_id, SCHOOL, self._day, code, **row)

    def _void(self, event: int) -> None:
        self._later()
        void_event(self._events[event - 1], actor="test", now=self._watch.now)

    def _correct(self, event: int, clock: str, reason: str) -> None:
        self._later()
        correct_event(
            self._events[event - 1],
            occurred_at=self._at(clock) if clock else None,
            reason=reason or None,
            actor="test",
            now=self._watch.now,
        )

    def _later(self) -> None:
        """People change events when the day is over."""
        self._watch.now = max(self._watch.now, self._at("15:00"))

    def _lose_answer(self, *, is_carried_out: bool) -> None:
        kind = "commit_then_timeout" if is_carried_out else "reset_before"
        self._simulator.faults([{"kind": kind, "on": "write", "times": 1}])

    def _settle(self) -> None:
        for _ in range(TRIES):
            self._deliver()
            due = [w.due_at for w in Writeback.select() if w.status == "pending"]
            if not due:
                return
            self._watch.now = max(self._watch.now, *due) + timedelta(seconds=1)
        raise AssertionError("It is never settled.")

    def _state(self) -> str:
        rows = [
            row
            for row in self._simulator.attendance(att_date=self._day)
            if row["studentid"] == self._ps_id
        ]
        told = sorted(self._row(row, row["written_code"]) for row in rows)
        return ", ".join(told) or NOTHING

    def _told(self, change: dict[str, Any]) -> str:
        assert change["studentid"] == self._ps_id
        comment = change["att_comment"]
        row = self._row(change, change["att_code"])
        return f"{change['action'].lower()} {row}" + (
            f" “{comment}”" if comment else ""
        )

    def _row(self, row: dict[str, Any], code: str | None) -> str:
        key = row["ccid"], row["periodid"], row["att_interval"]
        place = f"{self._places().get(key, '?')} " if row["ccid"] else ""
        minutes = row["total_minutes"]
        end = f" {minutes} min" if self._mode == "time" else ""
        return f"{place}{code or 'Present'}{end}"

    def _places(self) -> dict[tuple[int, int, int], str]:
        """Return what the student's classes of the day are called: `P2`, `P4/1`."""
        found: dict[tuple[int, int, int], str] = {}
        for meeting in self._simulator.meetings(self._ps_id, self._day):
            interval = meeting["att_interval"]
            name = f"P{meeting['period_number']}" + (f"/{interval}" if interval else "")
            if name in found.values():
                name += " (the other section)"
            found[meeting["ccid"], meeting["periodid"], interval] = name
        return found

    def _end(self, event: int) -> str:
        writeback = Writeback.get(Writeback.event == event)
        cause = f", {writeback.cause.replace('_', ' ')}" if writeback.cause else ""
        return f"{writeback.status.replace('_', ' ')}{cause}"

    @property
    def _ps_id(self) -> int:
        student: int = seed_of(self._mode)["students"][self._student]["id"]
        return student

    def _at(self, clock: str) -> datetime:
        moment = datetime.fromisoformat(f"{self._day}T{clock:0>5}:00")
        return moment.replace(tzinfo=CHICAGO)
