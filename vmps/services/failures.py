"""Failed sign-ins, counted by account and by address; how long each makes wait."""

# The counts stand in the database, so that every web process throttles alike.

from __future__ import annotations

import hashlib
import ipaddress
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from peewee import Case

from vmps.db import is_sqlite, query
from vmps.models import SignInFailures

#: The first wait is a second, then each failure doubles it.
LONGEST_WAIT_SECONDS = 15 * 60
#: A key that rests this long starts anew.
MEMORY = timedelta(hours=24)
#: Of an IPv6 address, what one customer holds.
IPV6_PREFIX = 64


@dataclass(frozen=True, slots=True)
class Key:
    """What failures are counted by, and how many of them cost nothing."""

    text: str
    free: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one try; whoever was blocked learns nothing of the password."""

    is_passed: bool
    is_blocked: bool = False
    #: Before the next try.
    wait_seconds: int = 0


def account_key(email: str) -> Key:
    """Return the key of an account, whether there is one or not."""
    return Key(f"account:{_digest(email)}", free=4)


def address_key(address: str) -> Key:
    """Return the key of a network address; schools share one, so more are free."""
    return Key(f"address:{_digest(_network(address))}", free=19)


def seconds_to_wait(keys: Sequence[Key], *, now: datetime) -> int:
    """Return how long the keys are blocked for, in whole seconds; 0: they are not."""
    rows = SignInFailures.select().where(
        SignInFailures.key.in_([key.text for key in keys])
    )
    left = max((row.blocked_until - now for row in rows), default=timedelta())
    return max(0, math.ceil(left / timedelta(seconds=1)))


def judge(keys: Sequence[Key], *, is_right: bool, now: datetime) -> Verdict:
    """Count a checked password; the first key is the account's, a right one clears it.

    Runs in the transaction that acts on the verdict, after the check, which takes a
    while: a block that began meanwhile holds for a right password too.
    """
    _wait_for_others(keys)
    seconds = seconds_to_wait(keys, now=now)
    if is_right and not seconds:
        clear_failures(keys[0])
        return Verdict(is_passed=True)
    costs = max(_count(key, now) for key in keys)
    return Verdict(
        is_passed=False, is_blocked=seconds > 0, wait_seconds=max(seconds, costs)
    )


def clear_failures(key: Key) -> None:
    """Let the key start anew."""
    SignInFailures.delete().where(SignInFailures.key == key.text).execute()


def forget_old_failures(now: datetime) -> None:
    """Delete the counts that have rested for long; one in use is left alone."""
    old = SignInFailures.select(SignInFailures.key).where(
        SignInFailures.failed_at <= now - MEMORY
    )
    if SignInFailures._meta.database.for_update:
        old = old.for_update(skip_locked=True)
    SignInFailures.delete().where(SignInFailures.key.in_(old)).execute()


def wait_after(failures: int, *, free: int) -> int:
    """Return the seconds that so many failures cost: 0 … 0, 1, 2, 4 … 900."""
    over = failures - free
    return 0 if over < 1 else min(2 ** min(over - 1, 10), LONGEST_WAIT_SECONDS)


def _wait_for_others(keys: Sequence[Key]) -> None:
    """Let one transaction at a time judge a key, also one that has no row yet.

    On SQLite there is one writer anyway. Always in the same order: no deadlock.
    """
    if is_sqlite():
        return
    for number in sorted(int(key.text[-15:], 16) for key in keys):
        query("SELECT pg_advisory_xact_lock(%s)::text", (number,))


def _count(key: Key, now: datetime) -> int:
    anew = Case(
        None,
        [(SignInFailures.failed_at <= now - MEMORY, 1)],
        SignInFailures.failures + 1,
    )
    ((failures,),) = (
        SignInFailures.insert(
            key=key.text, failures=1, failed_at=now, blocked_until=now
        )
        .on_conflict(
            conflict_target=[SignInFailures.key],
            update={SignInFailures.failures: anew, SignInFailures.failed_at: now},
        )
        .returning(SignInFailures.failures)
        .tuples()
        .execute()
    )
    seconds = wait_after(failures, free=key.free)
    if seconds:
        SignInFailures.update(blocked_until=now + timedelta(seconds=seconds)).where(
            SignInFailures.key == key.text
        ).execute()
    return seconds


def _network(address: str) -> str:
    """Return the address, of IPv6 its /64; what is no address stays as it is."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), IPV6_PREFIX), strict=False))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
