"""One's own password: changed by who knows the current one, throttled like sign-in."""

import json
from datetime import timedelta

import pytest

from tests.cast import NOW, PASSWORD, cheap_hash, make_cast
from vmps.models import AuditEntry, User, UserSession
from vmps.services.passwords import verify_password
from vmps.services.problems import Problem
from vmps.services.sessions import begin_session, find_session
from vmps.services.sign_in import SignInRefused, TooManyTries, sign_in
from vmps.services.users import change_own_password

OTHER = "seven silver kettles"
LIMITS = {"now": NOW, "idle_minutes": 15, "absolute_hours": 8}


@pytest.fixture
def alice(database_url):
    return make_cast().alice


def change(user, current=PASSWORD, new=OTHER, *, keep="", now=NOW):
    return change_own_password(user, current, new, keep_token=keep, now=now)


def refusal(user, *given, **more):
    with pytest.raises(Problem) as problem:
        change(user, *given, **more)
    return problem.value


def is_now(password):
    return verify_password(
        User.get(email="alice@oakwood.example").password_hash, password
    )


def last_entry():
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    return entry.action, entry.actor, json.loads(entry.detail)


def test_the_new_password_holds_and_the_old_one_does_not(alice):
    change(alice)
    assert is_now(OTHER)
    assert not is_now(PASSWORD)


def test_every_other_session_ends(alice):
    mine, other = (begin_session(alice, now=NOW) for _ in range(2))
    assert change(alice, keep=mine) == 1
    assert find_session(mine, **LIMITS).id == alice.id
    assert find_session(other, **LIMITS) is None


def test_the_user_may_begin_a_session_afterwards(alice):
    change(alice)
    assert begin_session(alice, now=NOW)


def test_it_is_audited_with_ids_only(alice):
    begin_session(alice, now=NOW)
    change(alice)
    detail = {"user": alice.id, "ended_sessions": 1}
    assert last_entry() == ("user.password_changed", f"user:{alice.id}", detail)


def test_a_wrong_current_password_changes_nothing(alice):
    token = begin_session(alice, now=NOW)
    assert refusal(alice, "wrong").message == "The current password is wrong."
    assert is_now(PASSWORD)
    assert find_session(token, **LIMITS)
    assert last_entry()[0] == "user.password_refused"


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ("short", "too short"),
        ("x" * 257, "too long"),
        ("alice alice 9413", "must not hold"),
        ("qwerty123456", "easy to guess"),
        (PASSWORD, "must differ"),
    ],
)
def test_a_bad_new_password_is_refused_without_a_hash(alice, hashes, new, says):
    assert says in refusal(alice, new=new).message
    assert hashes.done == []


def test_wrong_current_passwords_block_the_account(alice):
    for _ in range(5):
        refusal(alice, "wrong")
    assert isinstance(refusal(alice), TooManyTries)
    with pytest.raises(TooManyTries):
        sign_in(alice.email, PASSWORD, address="203.0.113.7", now=NOW)
    assert change(alice, now=NOW + timedelta(seconds=1)) == 0


def test_failed_sign_ins_block_it_too(alice, hashes):
    for number in range(5):
        with pytest.raises(SignInRefused):
            sign_in(alice.email, "wrong", address=f"203.0.113.{number}", now=NOW)
    hashes.done.clear()
    assert isinstance(refusal(alice), TooManyTries)
    assert hashes.done == []


def test_a_change_clears_what_was_counted(alice):
    for _ in range(4):
        refusal(alice, "wrong")
    change(alice)
    assert type(refusal(alice, "wrong")) is Problem


def test_a_right_password_learns_nothing_from_a_block_that_began_meanwhile(
    alice, hashes
):
    hashes.meanwhile = lambda: [refusal(alice, "wrong") for _ in range(5)]
    assert isinstance(refusal(alice), TooManyTries)
    assert is_now(PASSWORD)


def test_a_password_that_the_operator_set_meanwhile_stays(alice, hashes):
    stored = cheap_hash("the operator's words")
    hashes.meanwhile = lambda: User.update(password_hash=stored).execute()
    assert "changed meanwhile" in refusal(alice).message
    assert is_now("the operator's words")
    assert UserSession.select().count() == 0


def test_the_user_as_remembered_may_be_older_than_the_password(alice):
    stale = User.get_by_id(alice.id)
    change(alice)
    change(stale, OTHER, "four wooden anchors")
    assert is_now("four wooden anchors")


def test_no_password_is_logged_or_audited(alice, logged):
    refusal(alice, "guess-guess-guess")
    change(alice)
    written = logged.text + "".join(entry.detail for entry in AuditEntry.select())
    for secret in (PASSWORD, OTHER, "guess", "alice", "@", "argon2"):
        assert secret not in written
