"""Meeting mode: a write whose answer was lost marks no class twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cast import Oakwood
from tests.delivery.conftest import Watch, end_of, outcomes
from tests.delivery.meetings.school import (
    arrive,
    held,
    leave,
)
from vmps.models import Writeback
from vmps.simulator.control import Simulator

Deliver = Callable[[], bool]
WRITTEN = ("successful", None)


@pytest.mark.parametrize("kind", ["commit_then_timeout", "reset_after_write"])
def test_a_write_without_an_answer_is_not_repeated(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch, kind: str
) -> None:
    simulator.faults([{"kind": kind, "on": "write", "times": 1}])
    event = leave(oakwood, "9:00")
    deliver()
    assert outcomes() == ["ambiguous"]
    watch.advance(seconds=10)
    deliver()
    assert end_of(event)[0] == "successful"
    assert [row["action"] for row in simulator.journal()] == ["INSERT"] * 3


def test_a_write_that_never_arrived_is_sent_again(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.faults([{"kind": "reset_before", "on": "write", "times": 1}])
    event = leave(oakwood, "9:00")
    deliver()
    watch.advance(seconds=10)
    deliver()
    assert end_of(event) == WRITTEN
    assert held(simulator) == {"P2": "ED", "P3": "ED", "P4": "ED"}


def test_another_code_of_a_class_waits_for_an_uncertain_one(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.faults([{"kind": "reset_before", "on": "write", "times": 1}])
    leave(oakwood, "9:00")
    deliver()
    arrive(oakwood, "9:50")
    watch.advance(seconds=10)
    deliver()
    assert {w.cause for w in Writeback.select()} == {"settling"}
    watch.advance(seconds=61)
    deliver()
    assert held(simulator) == {"P2": "ED", "P3": "T"}
