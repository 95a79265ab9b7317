"""Sessions: what ends one, to the microsecond, and what a page view costs."""

import hashlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.cast import NOW, PASSWORD, cheap_hash, make_cast
from vmps import db
from vmps.db import transaction
from vmps.models import AuditEntry, User, UserSession
from vmps.services.problems import Problem
from vmps.services.sessions import (
    begin_session,
    end_session,
    end_sessions,
    find_session,
    forget_old_sessions,
)
from vmps.services.users import disable_user

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def cast(database_url):
    return make_cast()


@pytest.fixture
def token(cast):
    return begin_session(cast.alice, now=NOW)


def find(token, *, after=timedelta(), **more):
    limits = {"idle_minutes": 15, "absolute_hours": 8} | more
    return find_session(token, now=NOW + after, **limits)


def stored():
    return UserSession.get()


def test_a_session_is_found_by_its_token_in_one_query(cast, token, statements):
    user = find(token)
    assert (user.id, user.district.timezone) == (cast.alice.id, "America/Chicago")
    assert statements == ["SELECT"]


def test_a_token_is_long_random_and_kept_as_a_digest_only(cast, token):
    other = begin_session(cast.alice, now=NOW)
    assert token != other
    assert min(len(token), len(other)) >= 43
    digests = {session.token_digest for session in UserSession.select()}
    assert digests == {
        hashlib.sha256(text.encode()).hexdigest() for text in (token, other)
    }


@pytest.mark.parametrize("other", ["", "x", "\0", "\ud800", "x" * 10_000])
def test_another_token_finds_nobody(token, other):
    assert find(other) is None


def test_neither_the_digest_nor_the_end_of_a_token_finds_it(token):
    assert find(stored().token_digest) is None
    assert find(token[:-1]) is None


def test_an_idle_session_is_over_to_the_microsecond(token):
    views = {"is_activity": False}
    assert find(token, after=15 * MINUTE - MOMENT, **views)
    assert find(token, after=15 * MINUTE, **views) is None


def test_activity_keeps_a_session(token):
    assert find(token, after=14 * MINUTE)
    assert find(token, after=28 * MINUTE)
    assert find(token, after=43 * MINUTE) is None


def test_what_a_page_does_by_itself_keeps_none(token):
    assert find(token, after=14 * MINUTE, is_activity=False)
    assert find(token, after=15 * MINUTE, is_activity=False) is None


def test_a_session_is_over_after_the_absolute_limit_however_busy(token):
    UserSession.update(seen_at=NOW + 8 * HOUR).execute()
    assert find(token, after=8 * HOUR - MOMENT)
    assert find(token, after=8 * HOUR) is None


def test_limits_may_be_parts_of_minutes_and_hours(token):
    assert find(token, after=MINUTE / 2 - MOMENT, idle_minutes=0.5)
    assert find(token, after=HOUR / 2, absolute_hours=0.5) is None


def test_a_view_costs_a_write_at_most_once_a_minute(token, statements):
    assert find(token, after=MINUTE - MOMENT)
    assert statements == ["SELECT"]
    assert find(token, after=MINUTE)
    assert find(token, after=2 * MINUTE - MOMENT)
    assert statements == ["SELECT", "SELECT", "UPDATE", "SELECT"]


def test_a_busy_user_is_not_idle_where_the_limit_is_short(token):
    for seconds in range(0, 180, 20):
        assert find(token, after=timedelta(seconds=seconds), idle_minutes=0.5)


def test_a_clock_that_is_behind_moves_nothing_back(token):
    find(token, after=10 * MINUTE)
    find(token, after=5 * MINUTE)
    assert stored().seen_at == NOW + 10 * MINUTE


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_view_goes_on_while_another_writer_keeps_the_gate(token, logged):
    held, done = threading.Event(), threading.Event()

    def hold():
        with transaction():
            held.set()
            done.wait(10)
        db.drop_connection()

    with ThreadPoolExecutor(1) as threads:
        threads.submit(hold)
        held.wait(10)
        user = find(token, after=2 * MINUTE)
        done.set()
    assert user
    assert "session.not_touched error=GateTimeout" in logged.text


def test_a_disabled_user_s_session_is_nobody_s(cast, token):
    User.update(disabled_at=NOW).where(User.id == cast.alice.id).execute()
    assert find(token) is None


def test_an_ended_session_is_over_and_the_others_are_not(cast, token):
    other = begin_session(cast.alice, now=NOW)
    end_session(token, now=NOW + MINUTE)
    assert find(token) is None
    assert find(other).id == cast.alice.id


def test_an_end_is_kept_and_audited_once(cast, token):
    end_session(token, now=NOW + MINUTE)
    end_session(token, now=NOW + 2 * MINUTE)
    end_session("another", now=NOW)
    (entry,) = AuditEntry.select()
    assert (entry.action, entry.actor) == ("user.signed_out", f"user:{cast.alice.id}")
    assert (entry.district_id, stored().ended_at) == (cast.oakwood.id, NOW + MINUTE)


def test_all_sessions_of_one_user_end_together(cast, token):
    begin_session(cast.alice, now=NOW)
    bob = begin_session(cast.bob, now=NOW)
    assert end_sessions(cast.alice.id, now=NOW) == 2
    assert end_sessions(cast.alice.id, now=NOW) == 0
    assert find(token) is None
    assert find(bob).id == cast.bob.id


def test_one_session_may_go_on(cast, token):
    other = begin_session(cast.alice, now=NOW)
    assert end_sessions(cast.alice.id, now=NOW, except_token=token) == 1
    assert find(token)
    assert find(other) is None


@pytest.mark.parametrize(
    "change", [{"disabled_at": NOW}, {"password_hash": cheap_hash("another")}]
)
def test_no_session_begins_for_who_was_changed_since_signing_in(cast, change):
    User.update(change).where(User.id == cast.alice.id).execute()
    with pytest.raises(Problem, match="sign in again"):
        begin_session(cast.alice, now=NOW)
    assert not UserSession.select().exists()


def test_a_session_that_begins_while_its_user_is_being_disabled_does_not(cast):
    begun = threading.Event()

    def disable():
        with transaction():
            disable_user(cast.alice.email, actor="operator", now=NOW)
            begun.set()
            time.sleep(0.3)
        db.drop_connection()

    with ThreadPoolExecutor(1) as threads:
        disabling = threads.submit(disable)
        begun.wait(10)
        with pytest.raises(Problem):
            begin_session(cast.alice, now=NOW)
        disabling.result()


def test_a_user_disabled_while_a_session_begins_ends_it(cast):
    begun = threading.Event()

    def begin():
        with transaction():
            begin_session(cast.alice, now=NOW)
            begun.set()
            time.sleep(0.3)
        db.drop_connection()

    with ThreadPoolExecutor(1) as threads:
        beginning = threads.submit(begin)
        begun.wait(10)
        done = disable_user(cast.alice.email, actor="operator", now=NOW)
        beginning.result()
    assert done.ended_sessions == 1
    assert stored().ended_at == NOW


def test_the_next_sign_in_deletes_what_nobody_used_for_a_month(cast, token):
    used = begin_session(cast.bob, now=NOW + MOMENT)
    new = begin_session(cast.bob, now=NOW + timedelta(days=30))
    kept = {session.token_digest for session in UserSession.select()}
    assert kept == {hashlib.sha256(t.encode()).hexdigest() for t in (used, new)}


def test_old_sessions_can_be_deleted_by_themselves(token):
    forget_old_sessions(NOW + timedelta(days=30) - MOMENT)
    assert UserSession.select().count() == 1
    forget_old_sessions(NOW + timedelta(days=30))
    assert UserSession.select().count() == 0


def test_neither_tokens_nor_addresses_are_logged_or_audited(cast, token, logged):
    end_session(token, now=NOW)
    written = logged.text + "".join(entry.detail for entry in AuditEntry.select())
    assert not any(text in written for text in (token, "alice", "@", PASSWORD))
