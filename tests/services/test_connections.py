"""Saving a connection: what is kept, what is refused, and who is told what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from tests.cast import NOW, make_district, make_school
from tests.threads import at_once
from vmps.models import AuditEntry, Connection, District, Lane, VisibleId
from vmps.services.connection_form import ConnectionForm
from vmps.services.connection_view import find_last_saver, view_connection
from vmps.services.connections import (
    ConnectionSaved,
    Overtaken,
    save_connection,
    version_of,
)
from vmps.services.page_calls import place_for_call
from vmps.services.problems import Invalid

pytestmark = pytest.mark.usefixtures("settings")

URL = "https://oakwood.example"


@pytest.fixture
def district(database_url: str) -> District:
    """Oakwood, without a connection."""
    return make_district()


def save(
    district: District,
    *,
    url: str = URL,
    client_id: str = "first-id",
    client_secret: str | None = "first-secret",  # noqa: S107
    visible_id: VisibleId | None = None,
    seen: str | None = None,
    networks: Sequence[str] = (),
    actor: str = "user:1",
    minutes: int = 0,
) -> ConnectionSaved:
    """Save, some minutes after 8:14."""
    form = ConnectionForm(
        url, client_id, client_secret, visible_id=visible_id, seen_version=seen
    )
    now = NOW + timedelta(minutes=minutes)
    return save_connection(
        district, form, allowed_networks=networks, actor=actor, now=now
    )


def refused(district: District, **given: object) -> dict[str, str]:
    """Return what was wrong, by field."""
    with pytest.raises(Invalid) as caught:
        save(district, **given)  # type: ignore[arg-type]
    return caught.value.fields


def stored() -> Connection:
    return Connection.get()


def test_the_secret_is_written_down_with_when_and_by_whom(district: District) -> None:
    save(district)
    assert stored().reveal_client_secret() == "first-secret"
    assert (stored().secret_saved_at, stored().secret_saved_by) == (NOW, "user:1")


def test_an_empty_secret_keeps_the_saved_one_and_its_date(district: District) -> None:
    save(district)
    save(district, client_secret=None, actor="user:2", minutes=5)
    assert stored().reveal_client_secret() == "first-secret"
    assert (stored().secret_saved_at, stored().secret_saved_by) == (NOW, "user:1")


def test_another_secret_takes_its_place(district: District) -> None:
    save(district)
    save(district, client_secret="second", actor="user:2", minutes=5)
    assert stored().reveal_client_secret() == "second"
    assert stored().secret_saved_by == "user:2"


@pytest.mark.parametrize(
    "changed",
    [
        {"url": "https://elsewhere.example"},
        {"url": "https://oakwood.example:8443"},
        {"client_id": "another-id"},
    ],
)
def test_a_saved_secret_goes_nowhere_else(
    district: District, changed: dict[str, str]
) -> None:
    save(district)
    problems = refused(district, client_secret=None, **changed)
    assert list(problems) == ["client_secret"]
    assert (stored().base_url, stored().client_id) == (URL, "first-id")


def test_the_same_origin_spelt_otherwise_keeps_the_secret(district: District) -> None:
    save(district)
    save(district, url="HTTPS://Oakwood.Example:443", client_secret=None)
    assert stored().base_url == URL


def test_a_first_connection_needs_all_three(district: District) -> None:
    problems = refused(district, url=" ", client_id="", client_secret=None)
    assert problems == {
        "url": "Enter the PowerSchool URL.",
        "client_id": "Enter the Client ID.",
        "client_secret": "Enter the Client Secret.",
    }
    assert not Connection.select().exists()


@pytest.mark.parametrize("field", ["client_id", "client_secret"])
@pytest.mark.parametrize("value", ["two words", "nul\x00", "naïve", "x" * 501])
def test_what_no_credential_holds_is_refused(
    district: District, field: str, value: str
) -> None:
    problems = refused(district, **{field: value})
    assert list(problems) == [field]
    assert "again" in problems[field]


@pytest.mark.parametrize(
    "url",
    [f"{URL}/", f"{URL}/admin", "oakwood.example", "http://oakwood.example", f"{URL}?"],
)
def test_more_or_less_than_an_origin_is_corrected(district: District, url: str) -> None:
    with pytest.raises(Invalid) as caught:
        save(district, url=url)
    assert caught.value.corrected == URL
    assert f"Use {URL}" in caught.value.fields["url"]


@pytest.mark.parametrize(
    "host", ["10.0.0.5", "127.0.0.1", "[::1]", "169.254.169.254", "localhost"]
)
def test_private_addresses_are_refused(district: District, host: str) -> None:
    problems = refused(district, url=f"https://{host}")
    assert "private network" in problems["url"]


def test_the_operator_may_list_a_private_network(district: District) -> None:
    save(district, url="https://10.0.0.5", networks=["10.0.0.0/8"])
    assert stored().base_url == "https://10.0.0.5"


def test_plain_http_stays_inside_the_listed_network(district: District) -> None:
    problems = refused(district, url="http://93.184.216.34", networks=["10.0.0.0/8"])
    assert "Plain http" in problems["url"]


def test_a_version_that_is_seen_may_be_saved_over(district: District) -> None:
    save(district)
    save(district, client_id="second-id", seen=version_of(stored()))
    assert stored().client_id == "second-id"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "https://elsewhere.example"),
        ("client_id", "another-id"),
        ("client_secret", "another-secret"),
        ("visible_id", VisibleId.STUDENT_NUMBER),
    ],
)
def test_an_older_version_overwrites_nothing(
    district: District, field: str, value: str
) -> None:
    save(district)
    old = version_of(stored())
    save(district, minutes=1)
    with pytest.raises(Overtaken) as caught:
        save(district, seen=old, **{field: value})  # type: ignore[arg-type]
    assert caught.value.fields == (field,)
    assert (stored().client_id, stored().base_url) == ("first-id", URL)


def test_who_saw_no_connection_does_not_overwrite_one(district: District) -> None:
    save(district)
    with pytest.raises(Overtaken):
        save(district, client_id="another-id", seen="")


@pytest.mark.parametrize("secret", [None, "first-secret"])
def test_the_very_same_values_may_be_saved_by_anybody(
    district: District, secret: str | None
) -> None:
    save(district)
    old = version_of(stored())
    save(district, minutes=1)
    save(district, client_secret=secret, seen=old, minutes=2)
    assert version_of(stored()) != old


def test_an_overtaken_person_hears_that_before_a_missing_secret(
    district: District,
) -> None:
    save(district)
    old = version_of(stored())
    save(district, url="https://elsewhere.example", minutes=1)
    with pytest.raises(Overtaken):
        save(district, client_secret=None, seen=old)


def test_of_two_admins_at_once_one_is_told(district: District) -> None:
    save(district)
    seen = version_of(stored())

    def press(number: int) -> str:
        try:
            save(district, client_id=f"id-{number}", seen=seen, minutes=1)
        except Overtaken:
            return "told"
        return f"id-{number}"

    ends = at_once(press, 2)
    assert sorted(ends)[1] == "told"
    assert stored().client_id == sorted(ends)[0]


def test_saving_counts_the_schools_and_names_those_without_a_mode(
    district: District,
) -> None:
    make_school(district, "1", name="Elm")
    make_school(district, "2", name="Ash", mode=None)
    make_school(district, "3", name="Oak", mode=None, is_enabled=False)
    make_school(make_district("Birch"), "1", mode=None)
    assert save(district) == ConnectionSaved(3, ["Ash"])


def test_saving_is_audited_without_values(district: District) -> None:
    save(district)
    notes = AuditEntry.select().where(AuditEntry.action == "connection.saved")
    (note,) = notes
    assert (note.actor, note.district_id) == ("user:1", district.id)
    assert "first" not in note.detail
    assert "oakwood" not in note.detail


def test_saving_lets_a_paused_lane_go_on(district: District) -> None:
    Lane.update(blocked_reason="credentials_refused").execute()
    save(district)
    assert Lane.get().blocked_reason is None


def test_the_view_has_everything_but_the_secret(district: District) -> None:
    assert view_connection(district) is None
    save(district, actor="operator")
    view = view_connection(district)
    assert view
    assert (view.url, view.client_id) == (URL, "first-id")
    assert (view.secret_saved_at, view.secret_saved_by) == (NOW, "the operator")
    assert "first-secret" not in repr(view)


def test_the_last_saver_is_of_this_district(district: District) -> None:
    save(district, actor="operator")
    save(make_district("Birch"), actor="demo")
    assert find_last_saver(district) == "the operator"


def test_saving_does_not_look_a_name_up_while_others_hold_the_threads(
    district: District,
) -> None:
    with place_for_call(), place_for_call():
        found = refused(district)
    assert "Try again in a few seconds" in found["url"]
    assert save(district).school_count == 0
