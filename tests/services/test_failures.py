"""Failures: counted by account and by address, forgotten after a day, never lost."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.cast import NOW, PASSWORD, make_cast
from tests.threads import at_once
from vmps import db
from vmps.db import transaction
from vmps.models import SignInFailures
from vmps.services.failures import Key, account_key, address_key, judge, wait_after
from vmps.services.sign_in import SignInRefused, TooManyTries, sign_in

ALICE = "alice@oakwood.example"
ADDRESS = "203.0.113.7"
WRONG = "wrong"
DAY = timedelta(hours=24)

pytestmark = pytest.mark.usefixtures("cast")


@pytest.fixture
def cast(database_url):
    return make_cast()


def fail(key, times=1, *, now=NOW):
    """Count failures without the work of a password."""
    for _ in range(times):
        with transaction():
            judge([key], is_right=False, now=now)


def attempt(email=ALICE, password=WRONG, *, address=ADDRESS, now=NOW):
    """Try to sign in; return how that ended."""
    try:
        sign_in(email, password, address=address, now=now)
    except SignInRefused as refusal:
        return type(refusal)
    return True


def count(key):
    row = SignInFailures.get_or_none(SignInFailures.key == key.text)
    return row.failures if row else 0


def test_waits_double_from_a_second_to_a_quarter_of_an_hour():
    waits = [wait_after(failures, free=4) for failures in range(1, 17)]
    assert waits == [0] * 4 + [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    assert wait_after(10**9, free=19) == 900


@pytest.mark.parametrize(
    ("key", "free"), [(account_key(ALICE), 4), (address_key(ADDRESS), 19)]
)
def test_the_first_failures_are_free_and_the_next_costs_a_second(key, free):
    fail(key, free)
    assert attempt(password=PASSWORD) is True
    fail(key, free + 1 - count(key))
    assert attempt(password=PASSWORD) is TooManyTries


def test_a_block_ends_to_the_microsecond():
    fail(account_key(ALICE), 5)
    end = NOW + timedelta(seconds=1)
    just_before = end - timedelta(microseconds=1)
    assert attempt(password=PASSWORD, now=just_before) is TooManyTries
    assert attempt(password=PASSWORD, now=end) is True


def test_nobody_is_locked_out_for_more_than_15_minutes():
    fail(account_key(ALICE), 200)
    fail(address_key(ADDRESS), 200)
    assert attempt(password=PASSWORD, now=NOW + timedelta(seconds=899)) is TooManyTries
    assert attempt(password=PASSWORD, now=NOW + timedelta(minutes=15)) is True


def test_tries_while_blocked_do_not_make_it_longer():
    fail(account_key(ALICE), 14)
    for minutes in range(8):
        assert attempt(now=NOW + timedelta(minutes=minutes)) is TooManyTries
    assert attempt(password=PASSWORD, now=NOW + timedelta(seconds=512)) is True


def test_a_success_clears_the_account_and_not_the_address():
    attempt()
    attempt(password=PASSWORD)
    assert (count(account_key(ALICE)), count(address_key(ADDRESS))) == (0, 1)


def test_an_account_nobody_has_is_throttled_alike():
    endings = [attempt("nobody@oakwood.example") for _ in range(6)]
    assert endings == [SignInRefused] * 5 + [TooManyTries]


def test_an_account_is_one_however_it_is_typed():
    fail(account_key(ALICE), 4)
    attempt(" ALICE@oakwood.example")
    assert attempt(password=PASSWORD) is TooManyTries


def test_a_blocked_address_keeps_other_addresses_and_accounts_out_of_it():
    fail(address_key(ADDRESS), 20)
    assert attempt("bob@oakwood.example", PASSWORD) is TooManyTries
    assert attempt("bob@oakwood.example", PASSWORD, address="203.0.113.8") is True


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("unknown", "unknown", True),
    ],
)
def test_an_ipv6_customer_is_one_address(one, other, is_same):
    assert (address_key(one) == address_key(other)) is is_same


def test_a_key_that_rests_for_a_day_starts_anew():
    key = account_key(ALICE)
    fail(key, 9)
    fail(key, now=NOW + DAY)
    assert count(key) == 1
    assert attempt(password=PASSWORD, now=NOW + DAY) is True


def test_a_key_that_rests_for_less_goes_on():
    key = account_key(ALICE)
    fail(key, 9)
    fail(key, now=NOW + DAY - timedelta(microseconds=1))
    assert count(key) == 10


def test_the_next_success_deletes_what_is_a_day_old():
    fail(account_key("nobody@x.example"))
    fail(account_key("somebody@x.example"), now=NOW + timedelta(microseconds=1))
    attempt(password=PASSWORD, now=NOW + DAY)
    assert [row.key for row in SignInFailures.select()] == [
        account_key("somebody@x.example").text
    ]


def test_nobody_reads_in_the_table_who_tried():
    attempt()
    keys = [row.key for row in SignInFailures.select().order_by(SignInFailures.key)]
    assert [key.partition(":")[0] for key in keys] == ["account", "address"]
    assert not any(word in key for key in keys for word in ("alice", "@", "203"))


def test_wrong_tries_at_once_are_all_counted():
    endings = at_once(lambda _: attempt(), 4)
    assert endings == [SignInRefused] * 4
    assert (count(account_key(ALICE)), count(address_key(ADDRESS))) == (4, 4)


def test_many_tries_at_once_from_one_address_are_all_counted():
    emails = [ALICE, "bob@oakwood.example", "nobody@x.example"]
    at_once(lambda number: attempt(emails[number % 3]), 12)
    assert [count(account_key(email)) for email in emails] == [4, 4, 4]
    assert count(address_key(ADDRESS)) == 12


def test_of_many_tries_at_once_no_more_are_answered_than_one_by_one():
    endings = at_once(lambda _: attempt(), 12)
    assert endings.count(SignInRefused) == 5
    assert endings.count(TooManyTries) == 7


@pytest.mark.parametrize("before", [4, 0])
def test_a_try_waits_for_what_is_being_counted_at_the_same_moment(before):
    """Also for a key that has no row yet; here all that come after one are blocked."""
    key = Key("account:" + "0" * 64, free=before)
    fail(key, before)
    counted = threading.Event()

    def count_slowly():
        with transaction():
            judge([key], is_right=False, now=NOW)
            counted.set()
            time.sleep(0.3)
        db.drop_connection()

    with ThreadPoolExecutor(1) as threads:
        counting = threads.submit(count_slowly)
        counted.wait(10)
        with transaction():
            verdict = judge([key], is_right=True, now=NOW)
        counting.result()
    assert (verdict.is_passed, verdict.is_blocked) == (False, True)


def test_right_and_wrong_tries_at_once_never_wait_for_each_other_in_vain():
    emails = [ALICE, "bob@oakwood.example", "stella@oakwood.example"]

    def work(number):
        password = PASSWORD if number % 2 else WRONG
        address = f"203.0.113.{number % 4}"
        return [
            attempt(emails[(number + n) % 3], password, address=address)
            for n in range(3)
        ]

    assert all(all(endings) for endings in at_once(work, 8))
