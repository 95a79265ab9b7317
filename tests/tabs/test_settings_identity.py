"""Settings' SIS ID of the roster: what it is, detecting it, confirming it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cast import OAKWOOD_SEED, Cast, make_student
from vmps.models import AuditEntry, Connection, Student, User
from vmps.services.page_calls import place_for_call
from vmps.simulator.control import Simulator

from .conftest import Watch, connect
from .visitor import Page, Visitor

SETTINGS = "/admin/powerschool/settings/"
DETECT = f"{SETTINGS}roster-id"
CONFIRM = f"{DETECT}/confirm"
SECTION = "#settings-identity"
BUTTON = f"form[action='{DETECT}{SECTION}']"


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Simulator:
    """A healthy PowerSchool that is Oakwood's."""
    shared_simulator.seed(OAKWOOD_SEED)
    return shared_simulator


@pytest.fixture
def alice(
    cast: Cast, browse: Callable[[User], Visitor], simulator: Simulator, watch: Watch
) -> Visitor:
    """Alice's browser; Oakwood is connected and has its roster."""
    connect(
        cast.oakwood,
        base_url=simulator.url,
        client_id=OAKWOOD_SEED["client_id"],
        client_secret_token=Connection.seal(OAKWOOD_SEED["client_secret"]),
    )
    for student in OAKWOOD_SEED["students"]:
        make_student(cast.schools["1817"], **student)
    return browse(cast.alice)


def chosen(page: Page) -> str:
    return page.form("#settings-confirm")["roster_id"]


def test_a_kind_that_nobody_confirmed_has_a_warning(alice: Visitor) -> None:
    page = alice.get(SETTINGS)
    assert "Nobody confirmed this yet." in page.one("#settings-unconfirmed").text
    assert chosen(page) == "dcid"


def test_detecting_shows_the_counts_and_changes_nothing(alice: Visitor) -> None:
    page = alice.post(DETECT, alice.get(SETTINGS).form(BUTTON))
    assert page.status == 200
    assert page.words(f"{SECTION} h3") == [
        "Of 60 students, 60 match as DCID, 0 as STUDENTS.ID, 0 as Student Number."
    ]
    assert page.words("#settings-detected tbody tr") == [
        "DCID 60 0 0",
        "STUDENTS.ID 0 0 60",
        "Student Number 0 0 60",
    ]
    assert "it is DCID, as saved" in page.one(SECTION).text
    assert Connection.get().roster_id_confirmed_at is None


def test_confirming_says_so_and_by_whom(alice: Visitor, cast: Cast) -> None:
    page = alice.post(DETECT)
    done = alice.post(CONFIRM, page.form("#settings-confirm"))
    assert (done.status, done.location) == (303, SETTINGS)
    page = alice.get(SETTINGS)
    assert "Confirmed: the SIS ID of your roster is the student's DCID" in page.text
    assert f"by {cast.alice.email}" in page.one(SECTION).text
    assert page.all("#settings-unconfirmed") == page.all("#settings-confirm") == []


def test_another_kind_is_offered_and_confirmed(alice: Visitor) -> None:
    Connection.update(roster_id="id").execute()
    page = alice.post(DETECT)
    assert "it is DCID, and not STUDENTS.ID as saved" in page.one(SECTION).text
    assert chosen(page) == "dcid"
    alice.post(CONFIRM, page.form("#settings-confirm"))
    assert Connection.get().roster_id == "dcid"
    assert "asked for every student anew" in alice.get(SETTINGS).text


def test_a_kind_that_would_be_other_students_says_so_before_it_is_confirmed(
    alice: Visitor, simulator: Simulator
) -> None:
    students = OAKWOOD_SEED["students"]
    simulator.seed(
        OAKWOOD_SEED | {"students": [row | {"id": row["dcid"] + 1} for row in students]}
    )
    labels = alice.post(DETECT).words("#settings-confirm label")
    assert ["Careful:" in label for label in labels] == [False, True, False]


def test_a_sample_that_fits_no_kind_is_not_clear_and_shows_examples(
    alice: Visitor,
) -> None:
    Student.update(first_name="Some", last_name="Body").execute()
    page = alice.post(DETECT)
    assert "This is not clear." in page.one(SECTION).text
    assert len(page.all("#settings-detected li")) == 3
    assert "Maria" in page.words("#settings-detected li")[0]
    assert "Some Body" in page.words("#settings-detected li")[0]


def test_a_kind_that_the_sample_disproves_needs_a_second_step(alice: Visitor) -> None:
    sent = alice.get(SETTINGS).form("#settings-confirm") | {"roster_id": "id"}
    page = alice.post(CONFIRM, sent)
    assert page.status == 422
    told = page.one(f"{SECTION} [role=alert]").text
    assert "Not confirmed. Taken for STUDENTS.ID, 60 of 60 students did not" in told
    assert "By this sample it is DCID: choose that." in told
    label = "Use STUDENTS.ID although 60 of 60 students did not fit"
    assert page.words("label[for=settings-although]") == [label]
    assert chosen(page) == "id"
    assert alice.post(CONFIRM, page.form("#settings-confirm")).status == 422
    ticked = page.form("#settings-confirm") | {"although": "id"}
    assert alice.post(CONFIRM, ticked).status == 303
    assert Connection.get().roster_id == "id"


def test_the_tick_is_for_the_kind_it_was_shown_with(alice: Visitor) -> None:
    sent = alice.get(SETTINGS).form("#settings-confirm")
    other = {"roster_id": "student_number", "although": "id"}
    assert alice.post(CONFIRM, sent | other).status == 422
    assert Connection.get().roster_id == "dcid"


def test_a_confirmed_kind_can_be_disproved_and_htmx_keeps_the_page(
    alice: Visitor,
) -> None:
    alice.post(CONFIRM, alice.get(SETTINGS).form("#settings-confirm"))
    version = alice.post(DETECT).form("#settings-confirm")["version"]
    sent = {"version": version, "roster_id": "id"}
    page = alice.post(CONFIRM, sent, htmx=True)
    assert page.one("#settings-panel #settings-although")
    assert page.one("#settings-form")


def test_htmx_gets_the_section_alone(alice: Visitor) -> None:
    page = alice.post(DETECT, htmx=True)
    assert page.all("html") == page.all("#settings-form") == []
    assert page.one(f"{SECTION} h3[data-focus]")


def test_the_buttons_work_without_javascript(alice: Visitor) -> None:
    page = alice.get(SETTINGS)
    actions = [form["action"] for form in page.all(f"{SECTION} form")]
    assert actions == [f"{DETECT}#settings-identity", CONFIRM]


def test_what_stands_in_the_way_is_told_where_the_button_is(
    alice: Visitor, simulator: Simulator
) -> None:
    Connection.update(base_url="http://127.0.0.1:1").execute()
    page = alice.post(DETECT)
    assert page.status == 409
    assert "could not be reached" in page.one(f"{SECTION} .alert[role=alert]").text
    with place_for_call(), place_for_call():
        assert "Others are asking" in alice.post(DETECT).text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose what the SIS ID"),
        ({"roster_id": "name"}, "Choose what the SIS ID"),
        ({"roster_id": "id", "version": "old"}, "Somebody else saved"),
    ],
)
def test_a_form_that_cannot_be_saved_comes_back(
    alice: Visitor, sent: dict[str, str], said: str
) -> None:
    page = alice.post(CONFIRM, sent)
    assert page.status == 422
    assert said in page.one(f"{SECTION} [role=alert]").text
    assert Connection.get().roster_id == "dcid"
    entries = AuditEntry.select().where(AuditEntry.action.startswith("connection."))
    assert entries.count() == 0


@pytest.mark.parametrize("path", [DETECT, CONFIRM])
def test_the_addresses_lead_back_to_the_page(alice: Visitor, path: str) -> None:
    page = alice.get(path)
    assert (page.status, page.location) == (303, f"{SETTINGS}#settings-identity")
