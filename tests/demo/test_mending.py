"""The past and the simulator agree: what failed fails again, until it is mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cast import NOW
from tests.delivery.conftest import Watch, make_dispatcher
from tests.demo.places import Place, make_place
from vmps.config import Settings
from vmps.models import (
    AttendanceMode,
    Cause,
    EventType,
    Reason,
    School,
    Status,
    Writeback,
)
from vmps.services import drain as drains
from vmps.services.drain import drain
from vmps.services.reasons import save_reason
from vmps.services.retry import retry_writebacks
from vmps.services.schools import SchoolChanges, set_school
from vmps.simulator.control import Simulator

#: What is wrong in the district or in its PowerSchool, not in one moment.
LASTING = {
    Cause.CODE_MISSING,
    Cause.NOT_ENROLLED,
    Cause.NOT_IN_SESSION,
    Cause.NO_MODE,
    Cause.STUDENT_NOT_FOUND,
    Cause.UNMAPPED_REASON,
    Cause.WRONG_STUDENT,
}


@pytest.fixture
def place(settings: Settings, database_url: str, tmp_path: Path) -> Place:
    """Oakwood with its past."""
    return make_place(tmp_path / "demo", database_url)


@pytest.fixture
def powerschool(place: Place) -> Iterator[Simulator]:
    """Oakwood's PowerSchool with what the past left in it."""
    simulator = place.start_powerschool()
    yield simulator
    simulator.stop()


@pytest.fixture
def retry(
    place: Place,
    powerschool: Simulator,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[list[int]], None]:
    """Retry these writebacks and deliver them."""
    watch = Watch()
    monkeypatch.setattr(drains, "database_now", watch)
    dispatcher = make_dispatcher(settings, watch)

    def run(ids: list[int]) -> None:
        retry_writebacks(ids, actor="test", now=watch.now)
        while drain(place.district.id, dispatcher):
            watch.advance(seconds=1)

    return run


def ends_of(ids: list[int]) -> dict[int, tuple[str, str | None, str]]:
    """Return where these writebacks stand."""
    rows = Writeback.select().where(Writeback.id.in_(ids))
    return {row.id: (row.status, row.cause, row.detail) for row in rows}


def failed_for(causes: set[Cause]) -> list[int]:
    """Return the ids of what failed for one of these causes."""
    return [row.id for row in Writeback.select().where(Writeback.cause.in_(causes))]


def test_what_failed_for_a_lasting_reason_fails_again(
    place: Place, retry: Callable[[list[int]], None]
) -> None:
    ids = failed_for(LASTING)
    before = ends_of(ids)
    retry(ids)
    assert {cause for _, cause, _ in before.values()} == LASTING
    assert ends_of(ids) == before


def test_what_failed_is_sent_once_it_is_mended(
    place: Place, retry: Callable[[list[int]], None], powerschool: Simulator
) -> None:
    before = len(powerschool.journal())
    ids = failed_for({Cause.NO_MODE, Cause.UNMAPPED_REASON, Cause.CODE_MISSING})
    for reason in Reason.select().where(Reason.code.is_null() | (Reason.code == "ST")):
        kind = EventType(reason.type)
        save_reason(reason.school, kind, reason.label, code="TE", actor="test", now=NOW)
    without = School.get(School.mode.is_null())
    daily = SchoolChanges(mode=AttendanceMode.DAILY)
    set_school(without, daily, actor="test", now=NOW)
    retry(ids)
    assert {status for status, _, _ in ends_of(ids).values()} == {Status.SUCCESSFUL}
    assert len(powerschool.journal()) - before >= len(ids) * 0.9
