"""Student Tracking: a school's codes imported from PowerSchool, and what goes wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast
from vmps.models import AttendanceCode, AuditEntry, EventType, School
from vmps.services.page_calls import place_for_call
from vmps.services.reasons import save_reason
from vmps.simulator.control import Simulator

from .code_page import (
    change_codes,
    import_and_show,
    press_import,
    show_codes,
)
from .conftest import Browse, Watch
from .reason_page import URL, find_reason, show
from .visitor import Page, Visitor


@pytest.fixture
def config(config: dict[str, Any]) -> dict[str, Any]:
    """Short deadlines: a fault need not be waited for long."""
    return config | {"CALL_SECONDS": 1}


def codes(page: Page) -> list[str]:
    return page.words("#codes-form .ticks:first-of-type tbody th")


def test_loading_the_page_asks_powerschool_nothing(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    page = show_codes(bob, school)
    assert page.words("#codes-import") == ["Import attendance codes"]
    assert "No codes are imported yet" in page.text
    assert simulator.calls() == {}


def test_imported_codes_stand_with_description_and_presence(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    page = import_and_show(bob, school)
    assert page.words("#status") == ["4 codes imported for 2026-27."]
    shown = [text.split(" Reasons:")[0] for text in codes(page)]
    assert shown == [
        "ED Early (Present)",
        "T Tardy (Present)",
        "A Absent (Absent)",
        "S Suspended (Absent)",
        "(blank) Present (Present)",
    ]
    assert "imported Nov 23, 2026, 8:14 AM by bob@oakwood.example" in page.text


def test_an_import_is_audited(
    bob: Visitor, cast: Cast, school: School, simulator: Simulator
) -> None:
    press_import(bob, school)
    entry = AuditEntry.get(AuditEntry.action == "codes.imported")
    assert (entry.actor, entry.district_id) == (f"user:{cast.bob.id}", cast.oakwood.id)
    assert AttendanceCode.select().where(AttendanceCode.school == school).count() == 5


def test_importing_again_says_what_changed(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    press_import(bob, school)
    show_codes(bob, school)
    (said,) = import_and_show(bob, school).words("#status")
    assert said == "4 codes imported for 2026-27: nothing changed."
    change_codes(simulator, S=None, LX="Late, excused")
    (said,) = import_and_show(bob, school).words("#status")
    assert said.startswith("4 codes imported for 2026-27: ")
    # The new code has the place, and so the id, of the one that is gone.
    assert "S → LX" in said or "1 new (LX)" in said


def test_a_mapped_code_that_is_gone_is_named(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    change_codes(simulator, T=None)
    page = import_and_show(bob, school)
    assert "1 of 2 mapped codes does not exist in 2026-27: T." in page.text
    assert "T Not in PowerSchool in 2026-27." in page.text


def test_imported_codes_stay_while_powerschool_is_away(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    press_import(bob, school)
    simulator.faults([{"kind": "status", "status": 500, "on": "read"}])
    page = press_import(bob, school)
    assert page.status == 422
    assert len(codes(page)) == 5
    assert "The codes that were imported before stay." in page.text


def test_reasons_can_be_given_an_imported_code(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    press_import(bob, school)
    page = show(bob, school)
    options = [o["value"] for o in page.all("datalist#school-codes option")]
    assert options == ["A", "ED", "S", "T"]
    assert {f["list"] for f in page.all("input[name^=code-]")} == {"school-codes"}
    assert page.words(".reasons .note") == ["Tardy (Present)", "Early (Present)"]


def test_a_code_that_is_not_there_is_told_beside_its_reason(
    bob: Visitor, school: School, simulator: Simulator, watch: Watch
) -> None:
    press_import(bob, school)
    late = EventType.LATE_CHECK_IN
    for label, code in (("Lower", "t"), ("Away", "A")):
        save_reason(school, late, label, code=code, actor="x", now=watch())
    notes = show(bob, school).words(".reasons .note")
    assert "PowerSchool has no code t at this school in 2026-27, but T." in notes
    assert (
        "Absent (Absent). Careful: it marks a student who came late as absent." in notes
    )


def test_codes_show_at_no_other_school_or_district(
    bob: Visitor, cast: Cast, browse: Browse, school: School, simulator: Simulator
) -> None:
    press_import(bob, school)
    assert len(codes(show_codes(browse(cast.alice), school))) == 5
    assert "No codes are imported yet" in show_codes(bob, cast.schools["1818"]).text
    charlie = browse(cast.charlie)
    assert "No codes are imported" in show_codes(charlie, cast.birch_school).text
    assert show_codes(charlie, school).status == 404
    assert press_import(charlie, school).status == 404


def test_htmx_gets_the_panel_alone(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    page = bob.get(f"{URL}{school.id}/codes", htmx=True)
    assert page.all("html") == []
    assert page.one("#tracking-codes h2").get_text() == school.name


def test_without_a_connection_the_import_says_so(bob: Visitor, school: School) -> None:
    page = press_import(bob, school)
    assert page.status == 422
    (said,) = page.words("#tracking-codes [role=alert]")
    assert "not connected to PowerSchool yet" in said
    assert "A District Admin saves" in said


def test_a_school_without_codes_is_told(
    bob: Visitor, cast: Cast, simulator: Simulator
) -> None:
    page = press_import(bob, cast.schools["1818"])
    assert page.status == 422
    assert "no attendance codes for school 1818 in 2026-27" in page.text


FAULTS = {
    "refused": ([{"kind": "status", "status": 500, "on": "read"}], "has a problem"),
    "throttled": ([{"kind": "status", "status": 429, "on": "read"}], "more slowly"),
    "silent": ([{"kind": "black_hole", "on": "read"}], "did not answer in time"),
    "dripping": ([{"kind": "slow_drip", "on": "read"}], "did not answer in time"),
    "html": ([{"kind": "html_page", "on": "read"}], "could not be understood"),
    "reset": ([{"kind": "reset_before", "on": "read"}], "could not be reached"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_passes_by_itself_is_said_in_plain_words(
    bob: Visitor, school: School, simulator: Simulator, fault: str
) -> None:
    faults, words = FAULTS[fault]
    simulator.faults(faults)
    page = press_import(bob, school)
    (said,) = page.words("#tracking-codes [role=alert]")
    assert page.status == 422
    assert words in said
    assert "Try again in a minute." in said
    assert not AttendanceCode.select().exists()


def test_refused_credentials_name_who_mends_them(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    simulator.change_secret("another")
    (said,) = press_import(bob, school).words("#tracking-codes [role=alert]")
    assert "refused the district's Client ID and Client Secret" in said
    assert "saves its Client ID and Client Secret again" in said


def test_missing_fields_are_named_line_by_line(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    simulator.withdraw("ATTENDANCE_CODE", "ATT_CODE")
    (said,) = press_import(bob, school).words("#tracking-codes [role=alert]")
    simulator.restore_grants()
    assert '<field table="Attendance_Code" field="att_code" access="ViewOnly"/>' in said


def test_others_who_ask_keep_no_thread_busy(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    with place_for_call(), place_for_call():
        page = press_import(bob, school)
    assert "Others are asking PowerSchool just now" in page.text
    assert simulator.calls() == {}
    assert press_import(bob, school).status == 303


# All schools


def test_the_list_shows_the_user_s_schools_only(
    bob: Visitor, cast: Cast, browse: Browse
) -> None:
    assert len(bob.get(f"{URL}codes").all("#codes-of-all tbody tr")) == 2
    assert len(browse(cast.alice).get(f"{URL}codes").all("#codes-of-all tbody tr")) == 3


def test_all_schools_are_imported_with_one_press(
    bob: Visitor, cast: Cast, school: School, simulator: Simulator
) -> None:
    page = bob.post(f"{URL}codes", {"all": "1"})
    assert page.status == 422  # PowerSchool has nothing for the second school
    (said,) = page.words("#tracking-codes-of-all [tabindex='-1']")
    assert "Imported the codes of 1 school." in said
    assert "School 1818: PowerSchool has no attendance codes for school 1818" in said
    assert "4 of 2026-27" in page.text


def test_the_selected_schools_are_imported_and_no_stranger_s(
    bob: Visitor, cast: Cast, school: School, simulator: Simulator
) -> None:
    page = bob.post(f"{URL}codes", {"school": str(school.id)})
    assert page.status == 200
    assert "Imported the codes of 1 school." in page.text
    other = bob.post(f"{URL}codes", {"school": str(cast.schools["1819"].id)})
    assert (other.status, "Select the schools" in other.text) == (422, True)


def test_where_powerschool_is_away_the_other_schools_are_not_tried(
    bob: Visitor, cast: Cast, simulator: Simulator
) -> None:
    simulator.change_secret("another")
    page = bob.post(f"{URL}codes", {"all": "1"})
    assert "Not tried: School 1818." in page.text


def test_a_reason_s_code_outlives_every_import(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    press_import(bob, school)
    change_codes(simulator, T=None)
    press_import(bob, school)
    assert find_reason(school).code == "T"
