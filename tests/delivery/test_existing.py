"""What PowerSchool already holds: left alone, replaced, or ours to change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.cast import NOW, Oakwood
from tests.delivery.conftest import Deliver, codes_written, end_of, outcomes
from vmps.models import Attempt, EventType, School
from vmps.simulator.control import Simulator

LINE = "Late check-in 8:14 AM, Bus late"
OUT: dict[str, Any] = {
    "type": EventType.EARLY_CHECK_OUT,
    "reason": "Dentist",
    "occurred_at": NOW + timedelta(hours=5),
    "external_id": "out",
}


def mark(simulator: Simulator, code: str | None, comment: str | None = None) -> None:
    """Let a clerk mark the first student."""
    simulator.put_attendance(500, 1817, "2026-11-23", code, att_comment=comment)


@pytest.fixture(autouse=True)
def _rules(oakwood: Oakwood) -> None:
    School.update(replaceable_codes='["A"]', protected_codes='["S"]').execute()


@pytest.mark.parametrize(
    ("held", "end", "written"),
    [
        (None, ("successful", None), ["T"]),
        ("A", ("successful", None), ["T"]),
        ("T", ("successful", "already_there"), []),
        ("S", ("failed", "already_marked"), []),
        ("ED", ("failed", "already_marked"), []),
    ],
)
def test_a_clerk_s_code_decides(  # noqa: PLR0917 a case of the table
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    held: str | None,
    end: tuple[str, str | None],
    written: list[str],
) -> None:
    mark(simulator, held)
    oakwood.report()
    deliver()
    assert end_of() == end
    assert codes_written(simulator) == written
    assert len(simulator.attendance(schoolid=1817)) == 1


def test_a_student_without_a_row_gets_one(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    oakwood.report()
    deliver()
    assert codes_written(simulator) == ["T"]


def test_an_early_check_out_replaces_a_clerk_s_tardy(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    mark(simulator, "T")
    oakwood.report(**OUT)
    deliver()
    assert codes_written(simulator) == ["ED"]
    assert Attempt.get().prior_code == "T"


def test_what_we_wrote_we_may_change(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    oakwood.report()
    deliver()
    oakwood.report(**OUT)
    deliver()
    assert codes_written(simulator) == ["T", "ED"]
    (row,) = simulator.attendance(schoolid=1817)
    assert row["att_comment"] == f"{LINE}; Early check-out 1:14 PM, Dentist"


def test_what_a_clerk_changed_after_us_stays(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    oakwood.report()
    deliver()
    mark(simulator, "S")
    event = oakwood.report(**OUT).event
    deliver()
    assert end_of(event) == ("failed", "already_marked")
    assert codes_written(simulator) == ["T"]


def test_our_line_is_added_to_the_comment(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    mark(simulator, "A", "Called home")
    oakwood.report()
    deliver()
    (row,) = simulator.attendance(schoolid=1817)
    assert row["att_comment"] == f"Called home; {LINE}"


def test_a_comment_that_may_not_be_read_is_not_replaced(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    mark(simulator, "A", "Called home")
    simulator.withdraw("ATTENDANCE", "ATT_COMMENT")
    oakwood.report()
    deliver()
    (row,) = simulator.attendance(schoolid=1817)
    assert row["att_comment"] == "Called home"
    assert codes_written(simulator) == ["T"]
    assert outcomes() == ["written"]


def test_a_comment_that_may_not_be_read_is_not_sent_for_a_new_row(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    simulator.withdraw("ATTENDANCE", "ATT_COMMENT")
    oakwood.report()
    deliver()
    assert end_of() == ("successful", None)
    assert simulator.journal()[0]["att_comment"] is None
