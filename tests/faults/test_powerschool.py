"""PowerSchool failing under a rush, end to end: what was written is never doubled."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import ON_SQLITE
from tests.faults.homes import Home, make_home
from tests.faults.processes import Installation
from vmps.config import Settings
from vmps.simulator.control import Simulator

pytestmark = ON_SQLITE

#: Fault, whether it leaves us unsure, and the version (batches since 25.3).
FAULTS: dict[str, tuple[dict[str, Any], bool, str]] = {
    "reset after the write": ({"kind": "reset_after_write"}, True, "24.11.0.0"),
    "reset after a batch": ({"kind": "reset_after_write"}, True, "25.3.0.0"),
    "commit, then silence": ({"kind": "commit_then_timeout"}, True, "24.11.0.0"),
    "commit 3 s late": ({"kind": "late_commit", "seconds": 3}, True, "25.3.0.0"),
    "maintenance page": ({"kind": "html_503"}, False, "25.3.0.0"),
    "500 after the write": ({"kind": "status", "commit": True}, True, "24.11.0.0"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_rush_survives(
    name: str,
    installation: Installation,
    settings: Settings,
    shared_simulator: Simulator,
) -> None:
    fault, is_unsure, version = FAULTS[name]
    times = 2 if version < "25" else 1  # one call may be the whole rush
    home = make_home(shared_simulator, students=30, version=version)
    shared_simulator.faults([{"on": "write", "times": times, **fault}])
    installation.start_all()
    desk = installation.open_desk(home)
    desk.flush(home.sis_ids)
    installation.settle(30)
    findings = installation.assert_exactly_once()
    assert [item["fired"] for item in shared_simulator.fired()] == [times]
    assert bool(findings.ambiguous_attempts) == is_unsure
    assert findings.repeated_writes == 0


def test_a_server_that_fails_for_a_while_gets_all_in_the_end(
    installation: Installation, home: Home
) -> None:
    home.simulator.faults([{"kind": "status", "on": "any", "times": 4}])
    installation.start_all()
    desk = installation.open_desk(home)
    desk.report_all(home.sis_ids, per_second=30)
    installation.settle(40)
    assert [item["fired"] for item in home.simulator.fired()] == [4]
    installation.assert_exactly_once()
