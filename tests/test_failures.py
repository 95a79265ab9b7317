"""The catalogue of failures: each has words, a turn and a fix; docs/failures.md."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast, make_cast
from tests.clock import Watch
from tests.delivery.outages import OUTAGES
from tests.failures import FAILURES, document
from tests.kiosk_failures import kiosk_failures
from tests.tabs.visitor import Visitor
from vmps.models import Cause, Connection, User
from vmps.services.explain import explain_cause
from vmps.services.step_faults import FAULTS, StepFault, fault
from vmps.services.steps import StepName
from vmps.services.turns import TURNS, Turn, whose_turn
from vmps.tabs.logs_fixes import PLACES, Place, fix_link

RENEW = "run `.venv/bin/python -m tests.failures`"


def test_the_document_is_current(app: Flask) -> None:
    assert FAILURES.read_text() == document(app), RENEW


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_a_turn_and_a_place(cause: Cause) -> None:
    assert whose_turn(cause)
    assert cause in PLACES
    assert f"`{cause.value}`" in FAILURES.read_text()


@pytest.mark.parametrize("cause", Cause)
def test_who_is_named_in_a_fix_has_the_turn(cause: Cause) -> None:
    fix = explain_cause(cause, "…").fix
    is_idle = not fix or fix.startswith("Nothing to do")
    assert (TURNS[cause][0] is Turn.NOBODY) is is_idle
    if fix.startswith("A PowerSchool administrator"):
        assert Turn.POWERSCHOOL in TURNS[cause]
    if fix.startswith("A District Admin"):
        assert Turn.DISTRICT_ADMIN in TURNS[cause]


@pytest.mark.parametrize("kind", StepFault)
def test_every_fault_of_a_test_has_words_and_a_fix(kind: StepFault) -> None:
    text = FAULTS[kind]
    assert text.message
    assert text.fix.endswith(".")
    assert text.fix in FAILURES.read_text()


def test_a_fault_that_several_steps_find_wants_to_know_which() -> None:
    with pytest.raises(ValueError, match="Which step"):
        fault(StepFault.NOT_READ, said="no")
    step = fault(StepFault.NOT_READ, StepName.CODES, said="no")
    assert (step.name, step.message) == (StepName.CODES, "no")


def test_every_outage_stands_in_the_document() -> None:
    text = FAILURES.read_text()
    assert [o.name for o in OUTAGES if f"| {o.name} |" not in text] == []


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Oakwood and Birch, both connected."""
    app.extensions["vmps.clock"] = Watch()
    found = make_cast()
    for district in (found.oakwood, found.birch):
        Connection.create(
            district=district,
            base_url="https://oakwood.example",
            client_id="id",
            client_secret_token=Connection.seal("secret"),
        )
    return found


@pytest.fixture
def opens(app: Flask) -> Callable[[User, str], bool]:
    """Tell whether a user may open a page."""

    def may_open(user: User, url: str) -> bool:
        visitor = Visitor(app)
        visitor.sign_in_as(user)
        return visitor.get(url).status == 200

    return may_open


def test_every_link_opens_for_who_reads_it(
    app: Flask, cast: Cast, opens: Callable[[User, str], bool]
) -> None:
    school = cast.schools["1817"]
    with app.test_request_context():
        links = {
            (user.email, link.url): user
            for user in (cast.alice, cast.bob)
            for cause in Cause
            if (link := fix_link(cause, user, school.id)) and link.url
        }
    assert len(links) >= 5
    assert [key for key, user in links.items() if not opens(user, key[1])] == []


def test_who_may_not_open_settings_reads_whom_to_ask(app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        link = fix_link(Cause.CREDENTIALS_REFUSED, cast.bob, cast.schools["1817"].id)
    assert link
    assert (link.url, link.label.startswith("Ask a District Admin")) == ("", True)


def test_places_are_routes(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert {place.value for place in Place} <= endpoints


def test_the_kiosks_answers_are_all_found() -> None:
    statuses = [failure.status for failure in kiosk_failures()]
    assert {400, 401, 409, 413, 415, 422, 429, 503} == set(statuses)
    assert len(statuses) >= 28


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("text/plain", "{}", 415),
        ("application/json", "x" * 300_000, 413),
        ("application/json", "{}", 401),
    ],
)
def test_what_the_door_answers_is_in_the_catalogue(
    client: FlaskClient, cast: Cast, content_type: str, body: str, status: int
) -> None:
    path = "/webhooks/kiosks/ksk_unknown/events"
    answer = client.post(path, data=body, content_type=content_type)
    assert answer.status_code == status
    said = {(f.status, f.detail) for f in kiosk_failures()}
    assert (status, answer.json["detail"]) in said
