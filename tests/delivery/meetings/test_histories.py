"""Any history of a day of meetings ends the same: each class holds what it should."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.delivery.crashes import STEPS
from tests.delivery.meetings.school import TODAY, at, mark
from tests.delivery.test_state_machine import KINDS, SEED, Deliveries
from vmps.models import EventType, StudentEvent
from vmps.services.planning.comment import SEPARATOR
from vmps.simulator.control import Simulator

#: From before the first possible event until after the last.
BELLS = [("8:00", "9:30"), ("9:35", "11:00"), ("11:05", "12:30"), ("13:10", "15:00")]
STUDENTS = [student["id"] for student in SEED["students"]]
MEETINGS_SEED = SEED | {
    "schools": [
        SEED["schools"][0]
        | {
            "attendance_mode": "meeting",
            "periods": [
                {"number": n, "start": starts, "end": ends}
                for n, (starts, ends) in enumerate(BELLS, start=1)
            ],
            "sections": [
                {"expression": f"{n}(A)", "students": STUDENTS}
                for n in range(1, len(BELLS) + 1)
            ],
        }
    ]
}


class MeetingDeliveries(Deliveries):
    """Two students' days of four classes, delivered through whatever happens."""

    seed: dict[str, Any] = MEETINGS_SEED
    mode = "meeting"

    def __init__(self, simulator: Simulator, happened: Counter[str]) -> None:
        super().__init__(simulator, happened)
        # Few, so that the events of one student meet in a day.
        one, other, *_ = self.oakwood.students
        self.oakwood = replace(self.oakwood, students=[one, other, one, other, one])

    def mark_absent(self) -> None:
        """Let a clerk mark the other student in one class."""
        mark(self.simulator, 2, "A", student=1)

    def check_row(self, ps_id: int, student: int) -> None:
        """Each class was inserted once at most, and holds its code and its lines."""
        first, *_ = self.oakwood.students
        ps_id = STUDENTS[student - first.id]
        rows = [r for r in self.simulator.attendance() if r["studentid"] == ps_id]
        assert len({row["periodid"] for row in rows}) == len(rows)
        events = StudentEvent.select().where(StudentEvent.student == student)
        live = [event for event in events if event.voided_at is None]
        live.sort(key=lambda event: (event.occurred_at, event.id))
        classes = [m["periodid"] for m in self.simulator.meetings(ps_id, TODAY)]
        clerks = {1: "A"} if ps_id == STUDENTS[1] else {}
        wanted = clerks | expected_codes(live)
        held = {classes.index(r["periodid"]): r for r in rows if r["written_code"]}
        assert {n: row["written_code"] for n, row in held.items()} == wanted
        lines = {self.line_of(event) for event in live}
        for row in held.values():
            assert set((row["att_comment"] or "").split(SEPARATOR)) <= lines | {""}


def expected_codes(live: Sequence[StudentEvent]) -> Mapping[int, str]:
    """Return the code of each class by its place, from the events alone."""
    times = [(at(starts), at(ends)) for starts, ends in BELLS]
    codes: dict[int, str] = {}
    for event in live:
        code = KINDS[EventType(event.type)][1]
        here = _place_of(event.occurred_at, times)
        codes = {place: held for place, held in codes.items() if place <= here}
        codes[here] = code
        if event.type == EventType.EARLY_CHECK_OUT:
            codes |= dict.fromkeys(range(here, len(times)), code)
    return codes


def _place_of(moment: datetime, times: Sequence[tuple[datetime, datetime]]) -> int:
    return next(place for place, (_, ends) in enumerate(times) if moment < ends)


@pytest.mark.usefixtures("database_url")
def test_any_history_of_meetings_settles_with_one_effect(
    shared_simulator: Simulator,
) -> None:
    happened: Counter[str] = Counter()
    run_state_machine_as_test(
        lambda: MeetingDeliveries(shared_simulator, happened),
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert set(happened) == {"fault", *STEPS}
