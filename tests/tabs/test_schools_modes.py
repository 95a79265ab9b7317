"""School Building Setup's note where PowerSchool uses another mode, and the button."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cast import NOW, OAKWOOD_SEED, Cast
from vmps.models import AttendanceMode, Connection, District, School, User
from vmps.services.observed_modes import Observed, to_json
from vmps.services.page_calls import place_for_call
from vmps.simulator.control import Simulator

from .conftest import Watch, connect
from .visitor import Visitor

SCHOOLS = "/admin/powerschool/schools/"
CHECK = f"{SCHOOLS}modes"
DAILY, TIME, MEETING = AttendanceMode


@pytest.fixture
def alice(cast: Cast, connected: None, browse: Callable[[User], Visitor]) -> Visitor:
    """Alice's browser; Oakwood has a connection that nobody answers."""
    return browse(cast.alice)


def observe(
    school: School,
    *,
    mode: AttendanceMode | None = DAILY,
    recorded: dict[AttendanceMode, bool] | None = None,
    **rows: int,
) -> None:
    """Let PowerSchool's recent rows have been these."""
    seen = Observed({AttendanceMode(m): n for m, n in rows.items()}, recorded or {})
    School.update(mode=mode, observed_modes=to_json(seen), observed_at=NOW).where(
        School.id == school.id
    ).execute()


def test_a_school_that_differs_has_a_note_with_what_to_do(
    alice: Visitor, school: School
) -> None:
    observe(school, meeting=120)
    (note,) = alice.get(SCHOOLS).words(".mode-note")
    assert note == (
        "Mode differs PowerSchool seems to keep attendance by Meeting here: 120 of the"
        " last 120 rows. If that is right, choose Meeting and save; if not, have a"
        " PowerSchool administrator check how the school takes attendance."
        " Looked just now ."
    )


@pytest.mark.parametrize(
    ("is_recorded", "said"),
    [(True, "rows, and its preferences say so too."),
     (False, "rows, though its preferences do not say so.")],
)  # fmt: skip
def test_the_preferences_are_mentioned(
    alice: Visitor, school: School, is_recorded: bool, said: str
) -> None:
    observe(school, meeting=12, recorded={MEETING: is_recorded})
    assert said in alice.get(SCHOOLS).words(".mode-note")[0]


def test_two_modes_of_which_neither_is_chosen(alice: Visitor, school: School) -> None:
    observe(school, mode=TIME, daily=20, meeting=20)
    note = alice.get(SCHOOLS).words(".mode-note")[0]
    assert "by Daily and Meeting here" in note
    assert "choose one of them and save" in note


def test_a_fresh_school_is_told_what_to_choose(alice: Visitor, school: School) -> None:
    observe(school, mode=None, daily=20)
    note = alice.get(SCHOOLS).words(".mode-note")[0]
    assert "by Daily here" in note
    assert "If that is right, choose it and save." in note


def test_a_school_that_fits_or_is_bridged_has_none(
    alice: Visitor, cast: Cast, school: School
) -> None:
    observe(school, daily=30, meeting=90)
    observe(cast.schools["1818"], daily=90)
    assert alice.get(SCHOOLS).all(".mode-note") == []


def test_a_building_admin_reads_it_and_acts_or_tells(
    alice: Visitor, cast: Cast, school: School, browse: Callable[[User], Visitor]
) -> None:
    observe(school, meeting=20)
    observe(cast.schools["1819"], meeting=20)
    bob = browse(cast.bob)
    (note,) = bob.get(SCHOOLS).words(".mode-note")
    assert "choose Meeting and save" in note
    District.update(prevents_overrides=True).execute()
    (note,) = bob.get(SCHOOLS).words(".mode-note")
    assert "Tell a District Admin." in note


def test_the_button_checks_and_says_what_it_found(
    cast: Cast,
    browse: Callable[[User], Visitor],
    shared_simulator: Simulator,
    watch: Watch,
    school: School,
) -> None:
    shared_simulator.seed(OAKWOOD_SEED)
    for n in range(12):
        shared_simulator.put_attendance(
            500 + n, 1817, "2026-11-20", "A", att_mode_code="ATT_ModeMeeting"
        )
    connect(
        cast.oakwood,
        base_url=shared_simulator.url,
        client_id=OAKWOOD_SEED["client_id"],
        client_secret_token=Connection.seal(OAKWOOD_SEED["client_secret"]),
    )
    alice = browse(cast.alice)
    form = alice.get(SCHOOLS).form(f"form[action='{CHECK}']")
    answer = alice.post(CHECK, form)
    assert (answer.status, answer.location) == (303, SCHOOLS)
    page = alice.get(SCHOOLS)
    said = "Checked 3 schools. One differs from PowerSchool: see the note beside it."
    assert said in page.text
    assert page.one(f"#schools-note-{school.id}")


def test_what_stands_in_the_way_is_told_where_the_button_is(alice: Visitor) -> None:
    Connection.update(base_url="http://127.0.0.1:1").execute()
    page = alice.post(CHECK)
    assert page.status == 409
    assert "could not be reached" in page.one("#schools-modes .alert").text
    with place_for_call(), place_for_call():
        assert "Others are asking" in alice.post(CHECK).text


def test_staff_and_strangers_check_nothing(
    cast: Cast,
    connected: None,
    browse: Callable[[User], Visitor],
    anonymous: Visitor,
) -> None:
    assert browse(cast.stella).post(CHECK).status == 403
    assert anonymous.post(CHECK).status == 303
    assert not School.select().where(School.observed_at.is_null(False)).exists()
