"""Year rollover: new codes by themselves, what no longer matches, 30 days before."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cast import OAKWOOD_SEED, Oakwood, make_oakwood
from tests.clock import Watch
from vmps.config import Settings
from vmps.jobs.year_turn import YearTurn
from vmps.models import AttendanceCode, AuditEntry, EventType, Lane, Reason, School
from vmps.services.import_codes import import_codes
from vmps.services.link import Links
from vmps.services.school_codes import find_codes, look_at_year
from vmps.services.year_notice import find_year_notice
from vmps.simulator.control import Simulator

#: 36 is 2026-27, 37 is 2027-28; LE is gone then.
SEED = OAKWOOD_SEED | {
    "schools": [
        OAKWOOD_SEED["schools"][0]
        | {
            "codes": [
                *OAKWOOD_SEED["schools"][0]["codes"],
                {"att_code": "LE", "description": "Left", "yearids": [36]},
            ]
        }
    ]
}
JUNE = datetime(2027, 6, 2, 15, tzinfo=UTC)
JULY = datetime(2027, 7, 1, 15, tzinfo=UTC)


@dataclass
class Turn:
    """Oakwood at the turn of the year, with the codes of 2026-27."""

    oakwood: Oakwood
    settings: Settings
    watch: Watch
    year_turn: YearTurn

    @property
    def school(self) -> School:
        return School.get_by_id(self.oakwood.school.id)

    def bring_in(self, **more: Any) -> str:
        done = import_codes(
            self.school, settings=self.settings, actor="x", now=self.watch(), **more
        )
        return done.words()

    def year(self) -> Any:
        codes = find_codes(self.school, now=self.watch())
        return look_at_year(self.school, codes, now=self.watch())


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Iterator[Simulator]:
    """PowerSchool with codes that differ from year to year."""
    shared_simulator.seed(SEED)
    shared_simulator.reset_calls()
    yield shared_simulator
    shared_simulator.restore_grants()


@pytest.fixture
def turn(settings: Settings, simulator: Simulator) -> Turn:
    """Oakwood has imported its codes, and left early is mapped to LE."""
    oakwood, watch = make_oakwood(simulator.url, SEED), Watch()
    year_turn = YearTurn(settings, Links(settings), watch)
    found = Turn(oakwood, settings, watch, year_turn)
    kind = EventType.EARLY_CHECK_OUT
    Reason.create(school=oakwood.school, type=kind, label="Left", code="LE")
    found.bring_in()
    return found


def texts(year_id: int) -> list[str]:
    rows = AttendanceCode.select().where(AttendanceCode.year_id == year_id)
    return [row.code for row in rows.order_by(AttendanceCode.position)]


def test_within_the_year_nothing_is_asked(turn: Turn, simulator: Simulator) -> None:
    asked = simulator.calls()
    assert turn.year_turn.go() == []
    assert simulator.calls() == asked


def test_a_new_year_s_codes_come_by_themselves(turn: Turn) -> None:
    turn.watch.now = JULY
    assert turn.year().is_behind
    turn.year_turn.go()
    assert texts(37) == ["", "A", "ED", "S", "T"]
    assert (turn.school.codes_year_id, turn.year().is_behind) == (37, False)
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.action, entry.actor) == ("codes.imported", "system")


def test_what_no_longer_matches_is_listed_and_stays_mapped(turn: Turn) -> None:
    turn.watch.now = JULY
    turn.year_turn.go()
    year = turn.year()
    assert (year.unmatched, list(year.mapped)) == (("LE",), ["ED", "LE", "T"])
    assert Reason.get(Reason.label == "Left").code == "LE"


def test_it_is_done_once(turn: Turn, simulator: Simulator) -> None:
    turn.watch.now = JULY
    turn.year_turn.go()
    asked = simulator.calls()
    assert turn.year_turn.go() == []
    assert simulator.calls() == asked


def test_a_year_that_powerschool_does_not_have_yet_is_waited_for(
    turn: Turn, simulator: Simulator
) -> None:
    turn.watch.now = JULY
    school = dict(SEED["schools"][0])
    school["codes"] = [code | {"yearids": [36]} for code in school["codes"]]
    simulator.seed(SEED | {"schools": [school]})
    (found,) = turn.year_turn.go()
    assert [one.id for one in found.not_yet] == [turn.school.id]
    assert turn.year_turn.go() == []  # for some hours
    assert (turn.school.codes_year_id, turn.year().imported_year) == (36, "2026-27")


@pytest.mark.parametrize("status", [500, 429])
def test_an_error_changes_nothing_and_is_waited_out(
    turn: Turn, simulator: Simulator, status: int
) -> None:
    turn.watch.now = JULY
    simulator.faults([{"kind": "status", "status": status, "on": "read"}])
    (found,) = turn.year_turn.go()
    assert (found.is_refused, found.is_throttled) == (True, status == 429)
    assert turn.year_turn.go() == []
    assert turn.school.codes_year_id == 36


def test_a_lane_that_is_held_up_is_left_alone(turn: Turn, simulator: Simulator) -> None:
    turn.watch.now = JULY
    Lane.update(blocked_until=JULY + timedelta(minutes=5)).execute()
    asked = simulator.calls()
    assert turn.year_turn.go() == []
    assert simulator.calls() == asked


def test_where_nothing_was_imported_a_person_begins(turn: Turn) -> None:
    turn.watch.now = JULY
    School.update(codes_year_id=None).execute()
    assert turn.year_turn.go() == []


def test_the_thread_does_the_same(turn: Turn) -> None:
    turn.watch.now = JULY
    turn.year_turn.tick()
    for thread in threading.enumerate():
        if thread.name == "year-turn":
            thread.join()
    assert turn.school.codes_year_id == 37


# Before the turn


def test_next_year_s_codes_can_be_prepared(turn: Turn) -> None:
    turn.watch.now = JUNE
    said = turn.bring_in(year_id=37)
    assert said == (
        "4 codes imported for 2027-28: 1 gone (LE)."
        " 1 of 3 mapped codes does not exist in 2027-28: LE."
    )
    assert turn.school.codes_year_id == 36
    year = turn.year()
    assert (year.imported_year, year.unmatched) == ("2026-27", ())
    assert (year.next_codes.texts, year.next_unmatched) == (
        {"A", "ED", "S", "T"},
        ("LE",),
    )


def test_prepared_codes_are_there_on_the_first_day_and_read_again(turn: Turn) -> None:
    turn.watch.now = JUNE
    turn.bring_in(year_id=37)
    turn.watch.now = JULY
    assert (turn.year().is_behind, turn.year().unmatched) == (False, ("LE",))
    assert turn.year().imported_at is None  # the last import's moment is another year's
    (found,) = turn.year_turn.go()
    assert [one.year_id for one in found.imported] == [37]
    assert turn.year().imported_at == JULY


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        (datetime(2027, 5, 31, 15, tzinfo=UTC), False),
        (datetime(2027, 6, 1, 15, tzinfo=UTC), True),
        (datetime(2027, 6, 30, 15, tzinfo=UTC), True),
        (datetime(2027, 7, 1, 4, tzinfo=UTC), True),  # still June in Chicago
        (datetime(2027, 7, 1, 6, tzinfo=UTC), False),
    ],
)
def test_people_are_told_within_the_last_30_days(
    turn: Turn, day: datetime, *, ends: bool
) -> None:
    turn.watch.now = day
    assert (turn.year().ends_on is not None) is ends


def test_district_admins_are_told_what_is_left_to_do(turn: Turn) -> None:
    def notice() -> Any:
        return find_year_notice([turn.school], now=turn.watch())

    assert notice() is None
    turn.watch.now = JUNE
    assert [s.id for s in notice().unprepared] == [turn.school.id]
    Reason.delete().where(Reason.code == "LE").execute()
    turn.bring_in(year_id=37)
    assert notice() is None
    turn.watch.now = JULY
    turn.year_turn.go()
    assert notice() is None
