"""Each way PowerSchool goes wrong once: what it leads to, and that it heals by itself.

Every test asks the simulator whether its fault happened, and reads in its journal that
the student's row was inserted once.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Oakwood
from tests.delivery.conftest import Deliver, Watch, end_of, lane, outcomes
from vmps.models import Writeback
from vmps.simulator.control import Simulator

SERVER, THROTTLED, TIMED_OUT = "server_error", "throttled", "timed_out"
MALFORMED, NETWORK, GRANTS = "malformed_answer", "network", "fields_not_granted"
REFUSED = "credentials_refused"


def status(number: int) -> dict[str, Any]:
    """A fault that answers this status."""
    return {"kind": "status", "status": number}


#: the fault of a write, its cause, the actions that the journal shows in the end
WRITES = [
    (status(500), SERVER, ["INSERT"]),
    (status(502), SERVER, ["INSERT"]),
    (status(500) | {"commit": True}, SERVER, ["INSERT"]),
    (status(503), THROTTLED, ["INSERT"]),
    (status(429), THROTTLED, ["INSERT"]),
    (status(509), THROTTLED, ["INSERT"]),
    (status(403), GRANTS, ["INSERT"]),
    (status(404), MALFORMED, ["INSERT"]),
    ({"kind": "slow_drip"}, TIMED_OUT, ["INSERT"]),
    ({"kind": "drip_headers"}, TIMED_OUT, ["INSERT"]),
    ({"kind": "black_hole"}, TIMED_OUT, ["INSERT"]),
    ({"kind": "commit_then_timeout"}, TIMED_OUT, ["INSERT"]),
    ({"kind": "late_commit", "seconds": 1.1}, TIMED_OUT, None),
    ({"kind": "reset_before"}, NETWORK, ["INSERT"]),
    ({"kind": "reset_after_write"}, NETWORK, ["INSERT"]),
    ({"kind": "html_page"}, MALFORMED, ["INSERT"]),
    ({"kind": "html_page", "commit": True}, MALFORMED, ["INSERT"]),
    ({"kind": "html_503"}, THROTTLED, ["INSERT"]),
    ({"kind": "truncated_json"}, None, ["INSERT"]),
    ({"kind": "wrong_type"}, MALFORMED, ["INSERT"]),
    ({"kind": "wrong_type", "commit": True}, MALFORMED, ["INSERT"]),
    ({"kind": "huge_body"}, MALFORMED, ["INSERT"]),
    ({"kind": "redirect"}, MALFORMED, ["INSERT"]),
]
#: the fault of a read, its cause
READS = [
    (status(500), SERVER),
    (status(400), MALFORMED),
    (status(401), REFUSED),
    (status(403), GRANTS),
    (status(404), MALFORMED),
    (status(429), THROTTLED),
    (status(503), THROTTLED),
    (status(509), THROTTLED),
    ({"kind": "black_hole"}, TIMED_OUT),
    ({"kind": "slow_drip"}, TIMED_OUT),
    ({"kind": "reset_before"}, NETWORK),
    ({"kind": "html_page"}, MALFORMED),
    ({"kind": "truncated_json"}, None),
    ({"kind": "wrong_type"}, None),
    ({"kind": "huge_body"}, MALFORMED),
    ({"kind": "redirect"}, MALFORMED),
]
TOKENS = [
    (status(500), SERVER),
    (status(401), REFUSED),
    (status(429), THROTTLED),
    ({"kind": "black_hole"}, TIMED_OUT),
    ({"kind": "reset_before"}, NETWORK),
    ({"kind": "html_page"}, MALFORMED),
    ({"kind": "wrong_type"}, MALFORMED),
]
#: Causes that are the lane's affair: they use up no try.
WAITS = {THROTTLED: 1, REFUSED: 301, GRANTS: 301}


def named(case: Any) -> str | None:
    """Name a fault in the test's id."""
    if isinstance(case, dict):
        return "-".join(str(value) for value in case.values())
    return None if isinstance(case, str | list) else ""


def check_trouble(simulator: Simulator, cause: str | None) -> None:
    """The fault has fired; the writeback waits, for the lane or for its next try."""
    assert simulator.fired()[0]["fired"] >= 1
    assert end_of()[0] == "pending"
    assert cause in {None, end_of()[1]}
    assert Writeback.get().tries == (0 if cause in WAITS else 1)


def check_lane(cause: str | None) -> None:
    """One error holds up the lane only where it is the lane's."""
    held = lane()
    if cause == GRANTS:
        assert "daily" in held.mode_blocks
    else:
        assert held.blocked_reason == (cause if cause in WAITS else None)


@pytest.mark.parametrize(("fault", "cause", "actions"), WRITES, ids=named)
def test_a_write_that_goes_wrong_has_one_effect(  # noqa: PLR0917 a case of the table
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    watch: Watch,
    fault: dict[str, Any],
    cause: str | None,
    actions: list[str] | None,
) -> None:
    simulator.faults([fault | {"on": "write", "times": 1}])
    oakwood.report()
    assert deliver() is False
    check_trouble(simulator, cause)
    check_lane(cause)
    watch.advance(seconds=WAITS.get(cause or "", 6))
    deliver()
    assert end_of()[0] == "successful"
    made = [row["action"] for row in simulator.journal()]
    assert made == (actions or ["INSERT", "UPDATE"][: len(made)])


@pytest.mark.parametrize(("fault", "cause"), READS, ids=named)
def test_a_read_that_goes_wrong_sends_nothing_and_is_repeated(  # noqa: PLR0917
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    watch: Watch,
    fault: dict[str, Any],
    cause: str | None,
) -> None:
    times = 2 if cause == REFUSED else 1
    simulator.faults([fault | {"on": "/ws/schema/table/students", "times": times}])
    oakwood.report()
    assert deliver() is False
    check_trouble(simulator, cause)
    check_lane(cause)
    assert simulator.journal() == []
    assert "ambiguous" not in outcomes()
    watch.advance(seconds=WAITS.get(cause or "", 6))
    deliver()
    assert [row["action"] for row in simulator.journal()] == ["INSERT"]


@pytest.mark.parametrize(("fault", "cause"), TOKENS, ids=named)
def test_a_token_that_is_not_given_leaves_no_doubt(  # noqa: PLR0917 a case
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    watch: Watch,
    fault: dict[str, Any],
    cause: str,
) -> None:
    simulator.faults([fault | {"on": "token", "times": 1}])
    oakwood.report()
    deliver()
    check_trouble(simulator, cause)
    check_lane(cause)
    assert not Writeback.get().is_ambiguous
    watch.advance(seconds=WAITS.get(cause, 6))
    deliver()
    assert [row["action"] for row in simulator.journal()] == ["INSERT"]


@pytest.mark.parametrize(
    ("fault", "actions"),
    [
        (status(500), ["INSERT"]),
        ({"kind": "reset_before"}, ["INSERT"]),
        ({"kind": "black_hole"}, ["INSERT"]),
        (status(429), ["INSERT"]),
    ],
    ids=named,
)
def test_a_reading_back_that_goes_wrong_is_cleared_up_by_reading(  # noqa: PLR0917
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    watch: Watch,
    fault: dict[str, Any],
    actions: list[str],
) -> None:
    path = "/ws/schema/table/attendance"
    simulator.faults([fault | {"on": path, "skip": 1, "times": 1}])
    oakwood.report()
    deliver()
    assert simulator.fired()[0]["fired"] == 1
    assert end_of()[0] == "pending"
    assert Writeback.get().is_ambiguous
    watch.advance(seconds=6)
    deliver()
    assert end_of()[0] == "successful"
    assert [row["action"] for row in simulator.journal()] == actions


def test_a_record_that_is_refused_fails_for_good(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.faults([status(400) | {"on": "write", "times": 1}])
    oakwood.report()
    deliver()
    assert end_of() == ("failed", "refused")
    assert simulator.fired()[0]["fired"] == 1
    watch.advance(hours=1)
    deliver()
    assert simulator.journal() == []
