"""Signing in: one answer for everything wrong, no hash while blocked, what is kept."""

import json
from datetime import timedelta

import pytest

from tests.cast import NOW, PASSWORD, cheap_hash, make_cast
from vmps.models import AuditEntry, SignInFailures, User
from vmps.services import passwords
from vmps.services.passwords import hash_password, needs_rehash
from vmps.services.sign_in import SignInRefused, TooManyTries, sign_in

ADDRESS = "203.0.113.7"
WRONG = "not the password"
GENERIC = "E-mail address or password is wrong."


@pytest.fixture
def cast(database_url):
    return make_cast()


def enter(email="alice@oakwood.example", password=PASSWORD, **more):
    given = {"address": ADDRESS, "now": NOW} | more
    return sign_in(email, password, **given)


def refused(email="alice@oakwood.example", password=WRONG, **more):
    """Fail to sign in; return how it was refused."""
    with pytest.raises(SignInRefused) as refusal:
        enter(email, password, **more)
    return refusal.value


def block():
    """Fail five times: alice's account is blocked for a second."""
    for _ in range(5):
        refused()


def entries():
    return list(AuditEntry.select().order_by(AuditEntry.id))


def test_the_right_password_answers_the_user_with_the_district(cast, statements):
    user = enter()
    statements.clear()
    assert (user.id, user.district.name) == (cast.alice.id, "Oakwood")
    assert statements == []


@pytest.mark.parametrize("email", [" Alice@Oakwood.Example ", "ALICE@OAKWOOD.EXAMPLE"])
def test_an_address_is_found_however_it_is_typed(cast, email):
    assert enter(email).id == cast.alice.id


def test_unknown_wrong_and_disabled_get_one_answer(cast):
    User.update(disabled_at=NOW).where(User.id == cast.bob.id).execute()
    answers = [
        refused("nobody@oakwood.example", PASSWORD),
        refused(),
        refused("bob@oakwood.example", PASSWORD),
        refused("bob@oakwood.example", WRONG),
    ]
    assert {(type(answer), answer.message) for answer in answers} == {
        (SignInRefused, GENERIC)
    }


@pytest.mark.parametrize("email", ["", "alice", "a\0b@c.example", "\ud800@c.example"])
@pytest.mark.parametrize("password", ["", "\0", "\ud800", "x" * 300_000])
def test_whatever_is_typed_is_simply_wrong(cast, email, password):
    assert refused(email, password).message == GENERIC


def test_every_refusal_takes_the_same_hash_and_the_same_statements(
    cast, hashes, statements
):
    stored = hash_password(PASSWORD)
    User.update(password_hash=stored).execute()
    User.update(disabled_at=NOW).where(User.id == cast.bob.id).execute()
    costs = []
    for email in ("nobody@x.example", "alice@oakwood.example", "bob@oakwood.example"):
        hashes.done.clear()
        statements.clear()
        refused(email)
        costs.append((list(hashes.done), list(statements)))
    assert costs[0] == costs[1] == costs[2]
    assert costs[0][0] == [(2, 19 * 1024, 1)]


def test_signing_in_is_one_hash(cast, hashes):
    User.update(password_hash=hash_password(PASSWORD)).execute()
    hashes.done.clear()
    enter()
    assert len(hashes.done) == 1


def test_while_blocked_the_right_password_is_refused_without_a_hash(
    cast, hashes, statements
):
    block()
    hashes.done.clear()
    statements.clear()
    assert isinstance(refused(password=PASSWORD), TooManyTries)
    assert (hashes.done, statements) == ([], ["SELECT"])


def test_who_is_blocked_is_told_for_how_long(cast):
    block()
    refused(now=NOW + timedelta(seconds=1))
    refusal = refused(now=NOW + timedelta(seconds=1.5))
    assert (refusal.seconds, refusal.message) == (
        2,
        "Too many tries: wait 2 seconds, then try again.",
    )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "a second"), (119, "119 seconds"), (121, "3 minutes"), (900, "15 minutes")],
)
def test_a_wait_is_told_in_words(seconds, words):
    assert TooManyTries(seconds).message == (
        f"Too many tries: wait {words}, then try again."
    )


def test_a_try_that_was_being_checked_when_the_block_began_learns_nothing(cast, hashes):
    hashes.meanwhile = block
    right = refused(password=PASSWORD)
    wrong = refused(now=NOW + timedelta(seconds=2))
    assert isinstance(right, TooManyTries)
    assert type(wrong) is SignInRefused


def test_a_wrong_try_at_that_moment_gets_the_same_answer(cast, hashes):
    hashes.meanwhile = block
    assert isinstance(refused(), TooManyTries)


def test_a_user_disabled_while_the_password_is_checked_begins_no_session(cast, hashes):
    """`begin_session` looks again; see there."""
    hashes.meanwhile = lambda: User.update(disabled_at=NOW).execute()
    assert enter().disabled_at is None


def test_a_try_that_got_no_turn_is_not_counted(cast, monkeypatch):
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.05)
    with passwords._turn(), passwords._turn(), pytest.raises(passwords.Busy):
        enter()
    assert not SignInFailures.select().exists()
    assert entries() == []


def test_an_old_hash_is_renewed_at_success_only(cast, hashes):
    refused()
    assert User.get_by_id(cast.alice.id).password_hash == cheap_hash(PASSWORD)
    user = enter()
    stored = User.get_by_id(cast.alice.id).password_hash
    assert user.password_hash == stored
    assert not needs_rehash(stored)
    assert enter().id == user.id


def test_renewing_never_undoes_a_new_password(cast, hashes):
    other = hash_password("another password 94")
    hashes.meanwhile = lambda: User.update(password_hash=other).execute()
    assert enter().password_hash == cheap_hash(PASSWORD)
    assert User.get_by_id(cast.alice.id).password_hash == other


def test_a_success_is_audited_with_ids_only(cast):
    enter()
    (entry,) = entries()
    assert (entry.action, entry.actor) == ("user.signed_in", f"user:{cast.alice.id}")
    assert entry.district_id == cast.oakwood.id
    assert json.loads(entry.detail) == {"user": cast.alice.id}


def test_a_failure_is_audited_with_what_is_known(cast):
    User.update(disabled_at=NOW).where(User.id == cast.bob.id).execute()
    refused("charlie@birch.example")
    refused("bob@oakwood.example", PASSWORD)
    refused("nobody@birch.example")
    assert {entry.action for entry in entries()} == {"user.sign_in_failed"}
    assert {entry.actor for entry in entries()} == {"anonymous"}
    assert [(entry.district_id, json.loads(entry.detail)) for entry in entries()] == [
        (cast.birch.id, {"user": cast.charlie.id, "cause": "wrong_password"}),
        (cast.oakwood.id, {"user": cast.bob.id, "cause": "disabled_user"}),
        (None, {"user": None, "cause": "unknown_user"}),
    ]


def test_whether_a_blocked_password_was_right_is_not_audited(cast, hashes):
    hashes.meanwhile = block
    refused(password=PASSWORD)
    assert json.loads(entries()[-1].detail)["cause"] == "blocked"


def test_neither_addresses_nor_passwords_are_logged_or_audited(cast, logged):
    block()
    refused()
    refused("nobody@birch.example", "guess-guess-guess")
    enter("charlie@birch.example")
    written = logged.text + "".join(
        entry.detail + entry.actor for entry in AuditEntry.select()
    )
    assert f"failed user={cast.alice.id} cause=wrong_password" in logged.text
    for secret in ("alice", "nobody", "charlie", "@", "guess", PASSWORD, ADDRESS):
        assert secret not in written
    assert "argon2" not in written


def test_a_block_is_a_warning_in_the_log(cast, logged):
    block()
    assert [
        record.levelname for record in logged.records if "failed" in record.msg
    ] == [
        *["INFO"] * 4,
        "WARNING",
    ]
