"""Student Tracking at the turn of the school year: what people are told to do."""

from __future__ import annotations

import pytest

from tests.cast import OAKWOOD_SEED, Cast
from vmps.models import AttendanceCode, Reason, School
from vmps.simulator.control import Simulator

from .code_page import press_import
from .conftest import Browse, Watch
from .reason_page import URL, show

SETUP = "/admin/powerschool/schools/"


@pytest.mark.usefixtures("simulator")
def test_the_end_of_the_year_is_told_where_codes_were_imported(
    cast: Cast, browse: Browse, school: School, watch: Watch
) -> None:
    press_import(browse(cast.bob), school)
    watch.advance(days=192)  # 3 June
    bob, alice, setup = browse(cast.bob), browse(cast.alice), SETUP
    assert "The school year 2026-27 ends on Jun 30, 2027." in show(bob, school).text
    assert "Look at next year's codes of School 1817." in alice.get(setup).text
    assert "Look at next year's codes" not in bob.get(setup).text
    page = alice.post(f"{URL}{school.id}/codes/import", {"next": "1"})
    said = alice.get(page.location).text
    assert "4 codes imported for 2027-28" in said
    assert "All mapped codes exist in 2027-28: nothing is left to do." in said
    assert "Look at next year's codes" not in alice.get(setup).text


def test_the_turn_of_the_year_at_other_schools_is_told_beside_the_reasons(
    cast: Cast, browse: Browse, simulator: Simulator, watch: Watch
) -> None:
    schools = [{"number": n, "name": n} for n in cast.schools]
    simulator.seed(OAKWOOD_SEED | {"schools": [
        OAKWOOD_SEED["schools"][0] | row for row in schools
    ]})  # fmt: skip
    alice, (first, second, third) = browse(cast.alice), cast.schools.values()
    alice.post(f"{URL}codes", {"all": "1"})
    assert not show(alice, first).all("#year-notice")
    watch.advance(days=192)  # 3 June
    notice = show(browse(cast.alice), first).one("#year-notice").text
    assert f"next year's codes of {second.name}, {third.name}." in notice
    notice = show(browse(cast.bob), second).one("#year-notice").text
    assert f"next year's codes of {first.name}." in notice


def test_a_prepared_year_is_no_warning_and_a_lacking_code_says_what_to_do(
    cast: Cast, browse: Browse, school: School, simulator: Simulator, watch: Watch
) -> None:
    press_import(browse(cast.bob), school)
    watch.advance(days=192)
    bob = browse(cast.bob)
    press_import(bob, school, next="1")
    assert "alert-success" in show(bob, school).one(".year-notice")["class"]
    Reason.update(code="LE").where(Reason.code == "ED").execute()
    AttendanceCode.create(school=school, year_id=36, ps_id=99, code="LE")
    box = show(bob, school).one(".year-notice")
    assert "alert-warning" in box["class"]
    assert "let a PowerSchool administrator add the code" in box.text
