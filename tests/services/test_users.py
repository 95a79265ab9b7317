"""Users: who may be added, what disabling and new passwords end, what is audited."""

import json
from datetime import timedelta

import pytest

from tests.cast import NOW, PASSWORD, make_cast, make_user
from tests.threads import at_once
from vmps.models import AuditEntry, Role, User, UserSchool, UserSession
from vmps.services.passwords import verify_password
from vmps.services.problems import Missing, Problem
from vmps.services.sessions import begin_session
from vmps.services.sign_in import SignInRefused, sign_in
from vmps.services.users import (
    add_user,
    disable_user,
    enable_user,
    find_user,
    set_password,
)

DANA = "dana@oakwood.example"
OTHER = "seven silver kettles"


@pytest.fixture
def cast(database_url):
    return make_cast()


def add(cast, email=DANA, role=Role.DISTRICT_ADMIN, **more):
    given = {"schools": [], "password": PASSWORD, "actor": "operator", "now": NOW}
    return add_user(cast.oakwood, email, role, **given | more)


def refusal(cast, *given, **more):
    users = User.select().count()
    with pytest.raises(Problem) as problem:
        add(cast, *given, **more)
    assert User.select().count() == users
    return problem.value.message


def can_sign_in(email, password, now=NOW):
    try:
        return bool(sign_in(email, password, address="203.0.113.7", now=now))
    except SignInRefused:
        return False


def open_sessions():
    return UserSession.select().where(UserSession.ended_at.is_null()).count()


def actions():
    entries = AuditEntry.select().where(AuditEntry.action.startswith("user."))
    return [(e.action, e.actor, json.loads(e.detail)) for e in entries.order_by("id")]


def test_a_new_user_signs_in(cast):
    made = add(cast, " Dana@Oakwood.Example\t")
    user = sign_in(DANA, PASSWORD, address="203.0.113.7", now=NOW)
    assert (user.id, user.email, user.district_id) == (made, DANA, cast.oakwood.id)
    assert (user.created_at, user.role) == (NOW, Role.DISTRICT_ADMIN)


@pytest.mark.parametrize("role", [Role.BUILDING_ADMIN, Role.STAFF])
def test_the_schools_of_others_than_district_admins_are_kept(cast, role):
    schools = [cast.schools["1818"], cast.schools["1817"], cast.schools["1818"]]
    made = add(cast, role=role, schools=schools)
    rows = UserSchool.select().where(UserSchool.user == made)
    assert {row.school.number for row in rows} == {"1817", "1818"}


def test_adding_is_audited_with_ids_only(cast):
    school = cast.schools["1817"]
    made = add(cast, role=Role.STAFF, schools=[school])
    detail = {"user": made, "role": "staff", "schools": [school.id]}
    assert actions() == [("user.added", "operator", detail)]
    assert AuditEntry.get().district_id == cast.oakwood.id


@pytest.mark.parametrize(
    "email",
    [
        "",
        "dana",
        "dana@oakwood",
        "@oakwood.example",
        "dana@@oakwood.example",
        "da na@oakwood.example",
        "dana@-oakwood.example",
        "dana@oakwood..example",
        "dana\0@oakwood.example",
        "Dana <dana@oakwood.example>",
        "x" * 65 + "@oakwood.example",
        "dana@" + "oakwood." * 40 + "example",
    ],
)
def test_what_is_no_address_is_refused(cast, email):
    assert "not an e-mail address" in refusal(cast, email)


@pytest.mark.parametrize("role", [Role.BUILDING_ADMIN, Role.STAFF])
def test_others_than_district_admins_need_a_school(cast, role):
    assert refusal(cast, DANA, role).endswith("needs at least one school.")


def test_a_district_admin_is_given_none(cast):
    assert "every school" in refusal(cast, schools=[cast.schools["1817"]])


def test_another_district_s_school_is_refused(cast):
    schools = [cast.schools["1817"], cast.birch_school]
    assert "own district" in refusal(cast, role=Role.STAFF, schools=schools)


@pytest.mark.parametrize("email", ["alice@oakwood.example", " CHARLIE@birch.example"])
def test_an_address_in_use_anywhere_is_refused(cast, email):
    assert "in use already" in refusal(cast, email)


def test_an_address_of_a_disabled_user_stays_in_use(cast):
    disable_user(cast.bob.email, actor="operator", now=NOW)
    assert "in use already" in refusal(cast, cast.bob.email)


@pytest.mark.parametrize("password", ["short", "dana dana dana", "x" * 300])
def test_a_bad_password_is_refused(cast, password):
    assert "password" in refusal(cast, password=password)


def test_an_address_added_twice_at_once_is_added_once(cast):
    def work(_):
        try:
            return bool(add(cast))
        except Problem as problem:
            return problem.message

    endings = at_once(work, 4)
    assert endings.count(True) == 1
    assert sum("in use already" in str(ending) for ending in endings) == 3


def test_a_user_is_found_however_the_address_is_typed(cast):
    assert find_user(" Alice@Oakwood.example").id == cast.alice.id


@pytest.mark.parametrize("email", ["nobody@oakwood.example", "", "a\0@b.example"])
def test_an_unknown_user_is_missing(cast, email):
    with pytest.raises(Missing, match="users list"):
        find_user(email)


def test_a_disabled_user_is_out_at_once(cast):
    begin_session(cast.bob, now=NOW)
    begin_session(cast.bob, now=NOW)
    begin_session(cast.stella, now=NOW)
    done = disable_user(cast.bob.email, actor="operator", now=NOW)
    assert (done.ended_sessions, done.warning, open_sessions()) == (2, "", 1)
    assert User.get_by_id(cast.bob.id).disabled_at == NOW
    assert not can_sign_in(cast.bob.email, PASSWORD)


def test_disabling_again_changes_nothing(cast):
    disable_user(cast.bob.email, actor="operator", now=NOW)
    disable_user(cast.bob.email, actor="operator", now=NOW + timedelta(hours=1))
    assert User.get_by_id(cast.bob.id).disabled_at == NOW
    assert actions() == [
        ("user.disabled", "operator", {"user": cast.bob.id, "ended_sessions": 0})
    ]


def test_the_last_district_admin_goes_with_a_warning(cast):
    make_user(cast.oakwood, DANA)
    assert disable_user(DANA, actor="operator", now=NOW).warning == ""
    last = disable_user(cast.alice.email, actor="operator", now=NOW)
    assert last.warning.startswith("Oakwood has no district admin left")


def test_an_enabled_user_signs_in_again_and_old_sessions_stay_ended(cast):
    begin_session(cast.bob, now=NOW)
    User.update(disabled_at=NOW).where(User.id == cast.bob.id).execute()
    enable_user(cast.bob.email, actor="operator", now=NOW)
    enable_user(cast.bob.email, actor="operator", now=NOW)
    assert open_sessions() == 0
    assert can_sign_in(cast.bob.email, PASSWORD)
    assert [action for action, *_ in actions()].count("user.enabled") == 1


def test_a_password_set_by_the_operator_ends_every_session(cast):
    begin_session(cast.bob, now=NOW)
    assert set_password(cast.bob.email, OTHER, actor="operator", now=NOW) == 1
    assert open_sessions() == 0
    assert not can_sign_in(cast.bob.email, PASSWORD)
    assert can_sign_in(cast.bob.email, OTHER)


def test_a_password_set_by_the_operator_ends_the_wait(cast):
    for _ in range(5):
        can_sign_in(cast.bob.email, OTHER)
    set_password(cast.bob.email, OTHER, actor="operator", now=NOW)
    assert can_sign_in(cast.bob.email, OTHER)


def test_a_bad_password_is_not_set(cast):
    with pytest.raises(Problem, match="easy to guess"):
        set_password(cast.bob.email, "password1234", actor="operator", now=NOW)
    assert verify_password(User.get_by_id(cast.bob.id).password_hash, PASSWORD)


def test_setting_the_password_of_a_disabled_user_enables_nobody(cast):
    disable_user(cast.bob.email, actor="operator", now=NOW)
    set_password(cast.bob.email, OTHER, actor="operator", now=NOW)
    assert not can_sign_in(cast.bob.email, OTHER)
