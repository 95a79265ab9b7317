"""Importing codes where PowerSchool, or what is saved of it, makes that hard."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.cast import NOW, make_district, make_school
from tests.owed import owe
from vmps.config import Settings
from vmps.models import Connection, District, Lane, School, Writeback
from vmps.services.import_codes import ManyImported, import_codes_of
from vmps.services.problems import Problem
from vmps.simulator.control import Simulator
from vmps.simulator.invent import invent_district

SEED = invent_district(schools=3, students_per_school=1)
Import = Callable[[], ManyImported]


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Iterator[Simulator]:
    """A PowerSchool that wants calls apart."""
    shared_simulator.seed(SEED)
    shared_simulator.settings(min_interval_ms=40)
    yield shared_simulator
    shared_simulator.settings(min_interval_ms=0)


@pytest.fixture
def district(settings: Settings, simulator: Simulator) -> District:
    """Oakwood with three schools, connected."""
    district = make_district()
    for row in SEED["schools"]:
        make_school(district, row["number"])
    Connection.create(
        district=district,
        base_url=simulator.url,
        client_id=SEED["client_id"],
        client_secret_token=Connection.seal(SEED["client_secret"]),
    )
    return district


@pytest.fixture
def import_all(district: District, settings: Settings) -> Import:
    """Import the codes of all of Oakwood's schools."""
    schools = list(School.select().where(School.district == district))
    return lambda: import_codes_of(schools, settings=settings, actor="user:1", now=NOW)


def test_calls_are_as_far_apart_as_the_lane_has_learnt(import_all: Import) -> None:
    Lane.update(pace_seconds=0.05).execute()
    done = import_all()
    assert [school.number for school, _ in done.refused] == []
    assert done.left == []


def test_what_failed_today_for_a_code_that_is_there_now_is_sent_again(
    import_all: Import,
) -> None:
    school = School.get()
    failed = {"status": "failed", "cause": "code_missing"}
    mended = owe(school, detail="T", **failed)
    owe(school, detail="GONE", **failed)
    owe(school, detail="T", days_ago=1, **failed)
    done = import_all()
    assert [one.requeued for one in done.imported] == [1, 0, 0]
    assert (
        done.imported[0].words().endswith(" 1 of today's events is being sent again.")
    )
    pending = Writeback.select().where(Writeback.status == "pending")
    assert [one.id for one in pending] == [mended.id]


def test_a_secret_that_cannot_be_read_is_said_plainly(import_all: Import) -> None:
    Connection.update(client_secret_token="torn").execute()
    with pytest.raises(Problem, match="cannot be read any more") as caught:
        import_all()
    assert "District Admin" in caught.value.details[0]
