"""Answers of PowerSchool that no database can store: one student's is no other's."""

from __future__ import annotations

import copy

import pytest

from tests.cast import OAKWOOD_SEED, Oakwood, statuses
from tests.delivery.conftest import Deliver, end_of
from vmps.simulator.control import Simulator


@pytest.mark.parametrize("name", ["No\0body", "No\ud800body"])
def test_a_name_that_cannot_be_stored_stops_nobody(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, name: str
) -> None:
    seed = copy.deepcopy(OAKWOOD_SEED)
    seed["students"][0] |= {"last_name": name, "student_number": "77"}
    simulator.seed(seed)
    wrong = oakwood.report(0).event
    oakwood.report(1)
    deliver()
    assert end_of(wrong) == ("failed", "wrong_student")
    assert statuses() == {"failed": 1, "successful": 1}


@pytest.mark.parametrize(
    "column", [{"id": 10**25}, {"dcid": 900, "enroll_status": 2**40}]
)
def test_a_number_that_cannot_be_stored_is_a_malformed_answer(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, column: dict[str, int]
) -> None:
    seed = copy.deepcopy(OAKWOOD_SEED)
    seed["students"][0] |= column
    simulator.seed(seed)
    oakwood.report()
    deliver()
    assert end_of() == ("pending", "malformed_answer")
