"""Signing in: one answer for whatever is wrong, and waits for those who guess."""

# The password is checked outside any transaction, between two looks at the blocks:
# of tries that come together, those that end after a block began learn nothing.

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from datetime import datetime

from vmps.db import transaction
from vmps.models import AuditEntry, District, User
from vmps.services.actors import ANONYMOUS, actor_of
from vmps.services.emails import is_email, normal_email
from vmps.services.failures import (
    Key,
    Verdict,
    account_key,
    address_key,
    forget_old_failures,
    judge,
    seconds_to_wait,
)
from vmps.services.passwords import Busy, hash_password, needs_rehash, verify_password
from vmps.services.problems import Problem

log = logging.getLogger(__name__)


class SignInRefused(Problem):
    """Not signed in; the sentence never says which part was wrong."""

    def __init__(self, message: str = "E-mail address or password is wrong.") -> None:
        super().__init__(message)


class TooManyTries(SignInRefused):
    """Blocked for some seconds, whether the password is right or not."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many tries: wait {_words(seconds)}, then try again.")
        self.seconds = seconds


def sign_in(email: str, password: str, *, address: str, now: datetime) -> User:
    """Return the user with this password, for `begin_session`.

    Raises `SignInRefused`, `TooManyTries` or `Busy`.
    """
    email = normal_email(email)
    keys = (account_key(email), address_key(address))
    refuse_blocked(keys, now=now)
    user = _look_up(email)
    is_right = verify_password(user.password_hash if user else None, password)
    known = user if is_right and user and not user.disabled_at else None
    renewed = _renewed(known, password) if known else None
    with transaction():
        verdict = judge(keys, is_right=known is not None, now=now)
        if known and verdict.is_passed:
            _let_in(known, renewed, now=now)
            return known
        _note_failure(user, _cause(user, verdict, is_right=is_right), verdict)
    raise refusal(verdict)


def refuse_blocked(keys: Sequence[Key], *, now: datetime) -> None:
    """Refuse at once, without work, while one of the keys is blocked."""
    seconds = seconds_to_wait(keys, now=now)
    if seconds:
        raise TooManyTries(seconds)


def refusal(verdict: Verdict) -> SignInRefused:
    """Return what to raise once the failure is in the database."""
    return TooManyTries(verdict.wait_seconds) if verdict.is_blocked else SignInRefused()


def _look_up(email: str) -> User | None:
    if not is_email(email):
        return None
    found: User | None = (
        User.select(User, District).join(District).where(User.email == email).first()
    )
    return found


def _renewed(user: User, password: str) -> str | None:
    """Return a hash with today's parameters, where the stored one has others."""
    if not needs_rehash(user.password_hash):
        return None
    try:
        return hash_password(password)
    except Busy:
        return None


def _let_in(user: User, new_hash: str | None, *, now: datetime) -> None:
    forget_old_failures(now)
    if new_hash and _replace(user, new_hash):
        user.password_hash = new_hash
    AuditEntry.note(
        "user.signed_in", actor=actor_of(user), district=user.district_id, user=user.id
    )
    log.info("sign_in.done user=%s", user.id)


def _replace(user: User, new_hash: str) -> bool:
    """Store the hash, unless somebody has set another password meanwhile."""
    is_same = (User.id == user.id) & (User.password_hash == user.password_hash)
    return bool(User.update(password_hash=new_hash).where(is_same).execute())


def _cause(user: User | None, verdict: Verdict, *, is_right: bool) -> str:
    if verdict.is_blocked:
        return "blocked"
    if user is None:
        return "unknown_user"
    return "disabled_user" if is_right else "wrong_password"


def _note_failure(user: User | None, cause: str, verdict: Verdict) -> None:
    user_id = user.id if user else None
    AuditEntry.note(
        "user.sign_in_failed",
        actor=ANONYMOUS,
        district=user.district_id if user else None,
        user=user_id,
        cause=cause,
    )
    wait = verdict.wait_seconds
    level = logging.WARNING if wait else logging.INFO
    log.log(
        level, "sign_in.failed user=%s cause=%s wait_seconds=%s", user_id, cause, wait
    )


def _words(seconds: int) -> str:
    if seconds == 1:
        return "a second"
    if seconds < 2 * 60:
        return f"{seconds} seconds"
    return f"{math.ceil(seconds / 60)} minutes"
