"""Student Tracking: looking a school's codes up in PowerSchool."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import OAKWOOD_SEED, Cast
from vmps.models import Connection, School, User
from vmps.services.page_calls import place_for_call
from vmps.simulator.control import Simulator

from .conftest import Watch, connect
from .reason_page import URL, find_reason, save, show
from .visitor import Page, Visitor

Browse = Callable[[User], Visitor]
BUTTON = "Look up this school's codes in PowerSchool"


@pytest.fixture
def config(config: dict[str, Any]) -> dict[str, Any]:
    """Short deadlines: a fault need not be waited for long."""
    return config | {"CALL_SECONDS": 1}


@pytest.fixture
def school(cast: Cast) -> School:
    """Oakwood's first school, which is Bob's too."""
    return cast.schools["1817"]


@pytest.fixture
def bob(cast: Cast, browse: Browse) -> Visitor:
    """Bob's browser."""
    return browse(cast.bob)


@pytest.fixture
def simulator(shared_simulator: Simulator, cast: Cast) -> Simulator:
    """Oakwood's PowerSchool, healthy and not asked yet."""
    shared_simulator.seed(OAKWOOD_SEED)
    shared_simulator.reset_calls()
    connect(
        cast.oakwood,
        base_url=shared_simulator.url,
        client_id=OAKWOOD_SEED["client_id"],
        client_secret_token=Connection.seal(OAKWOOD_SEED["client_secret"]),
    )
    return shared_simulator


def look_up(
    visitor: Visitor,
    school: School,
    typed: Mapping[str, str] | None = None,
    *,
    htmx: bool = False,
) -> Page:
    """Press the button that asks PowerSchool."""
    form = show(visitor, school).form("#tracking-form") | (typed or {})
    return visitor.post(f"{URL}{school.id}/codes", form, htmx=htmx)


def codes(page: Page) -> list[str]:
    return page.words(".codes tbody tr")


def test_loading_the_page_asks_powerschool_nothing(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    page = show(bob, school)
    assert BUTTON in page.words("#tracking-form button")
    assert (codes(page), simulator.calls()) == ([], {})


def test_the_button_works_without_javascript(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    (button,) = [b for b in show(bob, school).all("button") if BUTTON in b.get_text()]
    assert button["formaction"] == button["hx-post"] == f"{URL}{school.id}/codes"


def test_codes_are_shown_with_description_and_presence(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    page = look_up(bob, school)
    assert page.status == 200
    assert codes(page) == [
        "A Absent Absent",
        "ED Early Present",
        "S Suspended Absent",
        "T Tardy Present",
    ]


def test_codes_can_be_picked_for_each_reason(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    page = look_up(bob, school)
    options = [o["value"] for o in page.all("datalist#school-codes option")]
    assert options == ["A", "ED", "S", "T"]
    fields = page.all("input[name^=code-]")
    assert len(fields) == 4
    assert {field["list"] for field in fields} == {"school-codes"}


def test_what_was_typed_is_there_after_the_look_up(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    name = f"code-{find_reason(school).id}"
    page = look_up(bob, school, {name: "TDY", "label-new-late_check_in": "Flood"})
    assert page.one(f"#{name}")["value"] == "TDY"
    assert page.one("#label-new-late_check_in")["value"] == "Flood"
    assert find_reason(school).code == "T"


def test_each_code_is_described_beside_its_reason(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    page = look_up(bob, school, {f"code-{find_reason(school).id}": "t"})
    assert page.words(".reasons .note") == [
        "PowerSchool has no code t at this school this year, but T.",
        "Early (Present)",
    ]


def test_htmx_gets_the_codes_in_the_panel(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    page = look_up(bob, school, htmx=True)
    assert page.all("html") == []
    assert len(codes(page)) == 4
    assert page.one(".codes [data-focus]").name == "h3"


def test_codes_stay_for_some_minutes_and_a_save(
    bob: Visitor, school: School, simulator: Simulator, watch: Watch
) -> None:
    page = look_up(bob, school)
    answer = save(bob, school, page, **{f"code__{find_reason(school).id}": "A"})
    asked = simulator.calls()
    assert len(codes(bob.get(answer.location))) == 4
    watch.advance(minutes=10)
    assert codes(show(bob, school)) == []
    assert simulator.calls() == asked


def test_codes_are_forgotten_when_the_connection_is_saved(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    look_up(bob, school)
    known = Connection.get()
    known.saved_at += timedelta(seconds=1)
    known.save()
    assert codes(show(bob, school)) == []


def test_codes_show_at_no_other_school_or_district(
    bob: Visitor, cast: Cast, browse: Browse, school: School, simulator: Simulator
) -> None:
    saved_at = Connection.get().saved_at
    connect(cast.birch, saved_at=saved_at)  # its school has the same number
    look_up(bob, school)
    assert len(codes(show(browse(cast.alice), school))) == 4
    assert codes(show(bob, cast.schools["1818"])) == []
    assert codes(show(browse(cast.charlie), cast.birch_school)) == []


def test_without_a_connection_the_look_up_says_so(bob: Visitor, school: School) -> None:
    page = look_up(bob, school)
    assert page.status == 422
    (said,) = page.words("#tracking-panel [role=alert]")
    assert "not connected to PowerSchool yet" in said
    assert "A District Admin saves" in said


def test_a_school_without_codes_is_told(
    bob: Visitor, cast: Cast, simulator: Simulator
) -> None:
    page = look_up(bob, cast.schools["1818"])
    assert page.status == 422
    assert "no attendance codes for school 1818" in page.text


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
    page = look_up(bob, school, {f"code-{find_reason(school).id}": "TDY"})
    assert page.status == 422
    (said,) = page.words("#tracking-panel [role=alert]")
    assert words in said
    assert "Try again in a minute. A code can also be typed" in said
    assert page.one(f"#code-{find_reason(school).id}")["value"] == "TDY"


def test_refused_credentials_name_who_mends_them(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    simulator.change_secret("another")
    (said,) = look_up(bob, school).words("#tracking-panel [role=alert]")
    assert "refused the district's Client ID and Client Secret" in said
    assert "saves its Client ID and Client Secret again" in said


def test_missing_fields_are_named_line_by_line(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    simulator.withdraw("ATTENDANCE_CODE", "ATT_CODE")
    (said,) = look_up(bob, school).words("#tracking-panel [role=alert]")
    simulator.restore_grants()
    assert '<field table="Attendance_Code" field="att_code" access="ViewOnly"/>' in said


def test_others_looking_up_keep_no_thread_busy(
    bob: Visitor, school: School, simulator: Simulator
) -> None:
    with place_for_call(), place_for_call():
        page = look_up(bob, school)
    assert "Others are asking PowerSchool just now" in page.text
    assert simulator.calls() == {}
    assert look_up(bob, school).status == 200
