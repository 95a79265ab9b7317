"""Settings: saving the connection, keeping its secret, and testing it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast
from vmps.models import AuditEntry, Connection, Lane, School
from vmps.services.actors import actor_of

from .conftest import Browse, Watch, connect
from .visitor import Page, Visitor

SETTINGS = "/admin/powerschool/settings/"
SCHOOLS = "/admin/powerschool/schools/"
URL = "https://oakwood.example"
CLIENT_ID = "11111111-1111-4111-8111-111111111111"
SECRET = "a-secret-nobody-reads"


@pytest.fixture
def alice(cast: Cast, browse: Browse) -> Visitor:
    """Alice's browser."""
    return browse(cast.alice)


def form(page: Page, **typed: Any) -> dict[str, Any]:
    """Return what the browser sends of this page's form, with these fields typed."""
    return {**page.form("#settings-form"), **typed}


def save(visitor: Visitor, *, htmx: bool = False, **typed: Any) -> Page:
    """Open the page, type, and press Save."""
    sent = form(visitor.get(SETTINGS), **typed)
    return visitor.post(SETTINGS, sent, htmx=htmx)


def first_save(visitor: Visitor, **typed: Any) -> Page:
    given = {"url": URL, "client_id": CLIENT_ID, "client_secret": SECRET}
    return save(visitor, **(given | typed))


def stored() -> Connection:
    return Connection.get()


def test_the_labels_are_the_seed_s(alice: Visitor) -> None:
    page = alice.get(SETTINGS)
    assert page.words("#settings-form label.form-label") == [
        "PowerSchool URL",
        "Client ID",
        "Client Secret",
    ]
    assert page.words("#settings-form legend") == ["Visible Student ID"]
    assert page.words("#settings-form .form-check-label") == [
        "SIS ID",
        "Student Number",
    ]
    assert page.words("#settings-form button") == ["Save and Apply to All Schools"]


def test_the_hints_give_the_seed_s_examples(alice: Visitor) -> None:
    page = alice.get(SETTINGS)
    sample = "https://sample-district.powerschool.com"
    examples = [sample, f"{sample}/", f"{sample}/admin"]
    assert page.words("#url-hint code") == examples
    assert "Admin Portal" in page.one("#url-hint").text
    assert "Data Provider Configuration" in page.one("#client_id-hint").text
    assert "Kiosks keep" in page.one("#settings-visible-id-hint").text


def test_before_anything_is_saved_there_is_nothing_to_test(alice: Visitor) -> None:
    page = alice.get(SETTINGS)
    assert form(page)["visible_id"] == "sis_id"
    assert page.all("#settings-test button") == []
    assert "SIS ID of your roster" not in page.text


def test_saving_says_how_many_schools_can_be_set_up(alice: Visitor, cast: Cast) -> None:
    School.update(mode=None).where(School.number == "1819").execute()
    answer = first_save(alice, visible_id="student_number")
    assert (answer.status, answer.location) == (303, SETTINGS)
    page = alice.get(SETTINGS)
    assert page.one("#status p").get_text() == (
        "Saved. 3 schools can be set up in School Building Setup."
        " Still without an Attendance Mode: School 1819."
    )
    assert page.one("#status a")["href"] == SCHOOLS
    assert stored().visible_id == "student_number"


def test_saving_is_audited_with_the_person(alice: Visitor, cast: Cast) -> None:
    first_save(alice)
    note = AuditEntry.get(AuditEntry.action == "connection.saved")
    assert (note.actor, note.district_id) == (actor_of(cast.alice), cast.oakwood.id)


def test_saving_is_for_the_own_district_only(
    alice: Visitor, cast: Cast, browse: Browse
) -> None:
    first_save(alice)
    assert stored().district_id == cast.oakwood.id
    assert form(browse(cast.charlie).get(SETTINGS))["url"] == ""


def test_saving_lets_a_paused_lane_go_on(alice: Visitor, cast: Cast) -> None:
    Lane.update(blocked_reason="credentials_refused").execute()
    first_save(alice)
    lane = Lane.get(Lane.district == cast.oakwood)
    assert lane.blocked_reason is None


def test_the_page_tells_who_saved_the_secret_and_when(
    alice: Visitor, watch: Watch
) -> None:
    first_save(alice)
    hint = alice.get(SETTINGS).words("#client_secret-hint")
    assert hint == [
        "Saved Nov 23, 2026, by alice@oakwood.example. Leave empty to keep it."
    ]


def test_an_older_secret_was_saved_earlier(alice: Visitor, cast: Cast) -> None:
    connect(cast.oakwood)
    hint = alice.get(SETTINGS).words("#client_secret-hint")
    assert hint == ["Saved earlier. Leave empty to keep it."]


def test_the_secret_is_in_no_answer(alice: Visitor) -> None:
    sent = {"url": f"{URL}/", "client_id": CLIENT_ID, "client_secret": SECRET}
    answers = [save(alice, htmx=htmx, **sent) for htmx in (True, False)]
    answers += [first_save(alice), alice.get(SETTINGS), alice.get(SETTINGS, htmx=True)]
    answers += [save(alice, url="https://elsewhere.example", client_secret=SECRET)]
    answers += [alice.post(f"{SETTINGS}test"), alice.get(SCHOOLS)]
    shown = [page.response.text + str(page.headers) for page in answers]
    assert [text for text in shown if SECRET in text] == []
    assert stored().reveal_client_secret() == SECRET


def test_an_empty_secret_keeps_the_saved_one(alice: Visitor) -> None:
    first_save(alice)
    assert save(alice, visible_id="student_number").status == 303
    assert stored().reveal_client_secret() == SECRET
    assert stored().visible_id == "student_number"


@pytest.mark.parametrize(
    "changed", [{"url": "https://elsewhere.example"}, {"client_id": "another-id"}]
)
def test_another_server_or_client_needs_its_secret(
    alice: Visitor, changed: dict[str, str]
) -> None:
    first_save(alice)
    answer = save(alice, **changed)
    assert answer.status == 422
    (said,) = answer.words("#client_secret-error")
    assert "Enter the Client Secret as well" in said
    assert (stored().base_url, stored().client_id) == (URL, CLIENT_ID)
    assert save(alice, client_secret="second", **changed).status == 303


def test_a_wrong_url_offers_the_right_one(alice: Visitor) -> None:
    answer = first_save(alice, url=f"{URL}/admin")
    assert answer.status == 422
    assert answer.one("title").text.startswith("Error: ")
    assert answer.one("#url")["aria-invalid"] == "true"
    offer = answer.one("#settings-use-url")
    assert (offer.name, offer["name"], offer["value"]) == ("button", "use_url", URL)
    assert not Connection.select().exists()


def test_the_offered_url_fills_the_field_and_loses_nothing(alice: Visitor) -> None:
    answer = first_save(alice, url=f"{URL}/", visible_id="student_number")
    filled = alice.post(SETTINGS, form(answer, use_url=URL))
    assert filled.status == 200
    assert filled.words("#status p") == [
        "The corrected URL is filled in. Nothing is saved yet."
    ]
    assert not Connection.select().exists()
    assert alice.post(SETTINGS, form(filled)).status == 303
    assert (stored().base_url, stored().visible_id) == (URL, "student_number")
    assert stored().reveal_client_secret() == SECRET


def test_enter_in_a_url_that_was_corrected_by_hand_saves_that(alice: Visitor) -> None:
    answer = first_save(alice, url=f"{URL}/")
    own = "https://birch.example"
    assert alice.post(SETTINGS, form(answer, url=own, use_url=URL)).status == 303
    assert stored().base_url == own


def test_a_typed_secret_wins_over_the_kept_one(alice: Visitor) -> None:
    answer = first_save(alice, url="")
    alice.post(SETTINGS, form(answer, url=URL, client_secret="typed-again"))
    assert stored().reveal_client_secret() == "typed-again"


def test_a_kept_secret_is_of_no_use_to_another_user(
    alice: Visitor, cast: Cast, browse: Browse
) -> None:
    kept = form(first_save(alice, url=""))["kept_secret"]
    charlie = browse(cast.charlie)
    answer = save(charlie, url=URL, client_id=CLIENT_ID, kept_secret=kept)
    assert answer.status == 422
    assert "again" in answer.one("#client_secret-error").text
    assert not Connection.select().exists()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://10.0.0.5", "private network"),
        ("http://93.184.216.34", "Plain http"),
        ("not a url", "not a web address"),
    ],
)
def test_addresses_that_nobody_may_call_are_refused(
    alice: Visitor, url: str, said: str
) -> None:
    answer = first_save(alice, url=url)
    assert answer.status == 422
    assert said in answer.one("#url-error").text
    assert answer.all("#settings-use-url") == []


def test_the_error_summary_leads_to_the_fields(alice: Visitor) -> None:
    answer = save(alice)
    links = [link["href"] for link in answer.all("#settings-form [role=alert] a")]
    assert links == ["#url", "#client_id", "#client_secret"]
    assert all(answer.one(link) for link in links)


def test_a_missing_visible_id_is_said_at_its_field(alice: Visitor) -> None:
    answer = first_save(alice, visible_id="nonsense")
    assert answer.status == 422
    assert "Choose" in answer.one("#visible_id .field-error").text


def test_htmx_gets_the_panel_with_its_errors(alice: Visitor) -> None:
    answer = save(alice, htmx=True)
    assert answer.status == 422
    assert answer.all("html") == []
    assert len(answer.all("#settings-panel #settings-form .field-error")) == 3
    assert answer.one("title").text.startswith("Error: Settings")


def test_htmx_follows_to_the_panel_with_its_message(alice: Visitor) -> None:
    sent = {"url": URL, "client_id": CLIENT_ID, "client_secret": SECRET}
    assert save(alice, htmx=True, **sent).status == 303
    page = alice.get(SETTINGS, htmx=True)
    assert page.words("#status p")[0].startswith("Saved. 3 schools")
    assert page.one("#settings-panel #settings-test button")


def test_the_roster_s_id_kind_is_shown_in_words(alice: Visitor, cast: Cast) -> None:
    connect(cast.oakwood, roster_id="student_number")
    page = alice.get(SETTINGS)
    assert "Student Number (STUDENTS.STUDENT_NUMBER)" in page.text
    assert "Nobody confirmed this yet." in page.text
    assert [key for key in form(page) if "roster" in key] == []


def test_a_posted_roster_id_changes_nothing(alice: Visitor) -> None:
    first_save(alice, roster_id="student_number")
    assert stored().roster_id == "dcid"


def test_only_district_admins_see_the_tab(
    cast: Cast, browse: Browse, anonymous: Visitor
) -> None:
    bob, stella = browse(cast.bob), browse(cast.stella)
    assert [v.get(SETTINGS).status for v in (bob, stella)] == [403, 403]
    assert bob.post(SETTINGS, {}).status == 403
    assert bob.post(f"{SETTINGS}test").status == 403
    assert anonymous.get(SETTINGS).status == 303
    tabs = bob.get(SCHOOLS).words(".tabs a")
    assert tabs == ["School Building Setup", "Writeback Logs"]
