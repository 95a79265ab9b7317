"""Users: adding them, switching them off and on, and their passwords."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from peewee import IntegrityError

from vmps.db import transaction
from vmps.models import AuditEntry, District, Role, School, User, UserSchool
from vmps.services.actors import actor_of
from vmps.services.emails import check_email, is_email, normal_email
from vmps.services.failures import account_key, clear_failures, judge
from vmps.services.passwords import (
    check_new_password,
    hash_password,
    verify_password,
)
from vmps.services.problems import Missing, Problem
from vmps.services.sessions import end_sessions
from vmps.services.sign_in import TooManyTries, refuse_blocked

_IN_USE = "This e-mail address is in use already: every address has one account."


@dataclass(frozen=True, slots=True)
class Disabled:
    """What disabling a user did."""

    ended_sessions: int
    #: Not empty: the district has nobody left who can do what it says.
    warning: str = ""


def add_user(
    district: District,
    email: str,
    role: Role,
    *,
    schools: Sequence[School],
    password: str,
    actor: str,
    now: datetime,
) -> int:
    """Add a user who signs in with this address and password; return the id."""
    email = check_email(email)
    _check_schools(district, role, schools)
    check_new_password(password, email)
    _check_free(email)
    columns: dict[str, object] = {
        "district": district.id,
        "email": email,
        "role": role.value,
        "password_hash": hash_password(password),
        "created_at": now,
    }
    school_ids = sorted({school.id for school in schools})
    with transaction():
        user_id = _insert(columns)
        for school_id in school_ids:
            UserSchool.insert(user=user_id, school=school_id).execute()
        AuditEntry.note(
            "user.added",
            actor=actor,
            district=district.id,
            user=user_id,
            role=role.value,
            schools=school_ids,
        )
    return user_id


def find_user(email: str) -> User:
    """Return the user with this e-mail address."""
    email = normal_email(email)
    user = User.get_or_none(User.email == email) if is_email(email) else None
    if user is None:
        raise Missing("No user has this e-mail address: `users list` shows them.")
    return user


def disable_user(email: str, *, actor: str, now: datetime) -> Disabled:
    """Let the user sign in no more; every session ends at once."""
    user = find_user(email)
    with transaction():
        enabled = (User.id == user.id) & User.disabled_at.is_null()
        if not User.update(disabled_at=now).where(enabled).execute():
            return Disabled(0)
        ended = end_sessions(user.id, now=now)
        _note("user.disabled", user, actor=actor, ended_sessions=ended)
        return Disabled(ended, _warning(user))


def enable_user(email: str, *, actor: str, now: datetime) -> None:
    """Let the user sign in again; no session from before comes back."""
    user = find_user(email)
    with transaction():
        disabled = (User.id == user.id) & User.disabled_at.is_null(False)
        if User.update(disabled_at=None).where(disabled).execute():
            end_sessions(user.id, now=now)
            _note("user.enabled", user, actor=actor)


def set_password(email: str, password: str, *, actor: str, now: datetime) -> int:
    """Give the user a new password; return how many sessions that ended.

    Whoever had to wait after wrong tries may sign in with it at once.
    """
    user = find_user(email)
    check_new_password(password, user.email)
    password_hash = hash_password(password)
    with transaction():
        clear_failures(account_key(user.email))
        User.update(password_hash=password_hash).where(User.id == user.id).execute()
        ended = end_sessions(user.id, now=now)
        _note("user.password_set", user, actor=actor, ended_sessions=ended)
    return ended


def change_own_password(
    user: User, current: str, new: str, *, keep_token: str, now: datetime
) -> int:
    """Change it for who knows the current one; return how many sessions that ended.

    The session of `keep_token` goes on. A wrong current password counts as a failed
    sign-in of the account: raises `TooManyTries` when there were too many.
    """
    keys = (account_key(user.email),)
    refuse_blocked(keys, now=now)
    if new == current:
        raise Problem("The new password must differ from the current one.")
    check_new_password(new, user.email)
    stored = User.get_by_id(user.id).password_hash
    is_right = verify_password(stored, current)
    new_hash = hash_password(new) if is_right else ""
    ended = 0
    with transaction():
        verdict = judge(keys, is_right=is_right, now=now)
        if verdict.is_passed:
            _replace_hash(user, stored, new_hash)
            ended = end_sessions(user.id, now=now, except_token=keep_token)
            action = "user.password_changed"
        else:
            action = "user.password_refused"
        _note(action, user, actor=actor_of(user), ended_sessions=ended)
    if verdict.is_blocked:
        raise TooManyTries(verdict.wait_seconds)
    if not is_right:
        raise Problem("The current password is wrong.")
    user.password_hash = new_hash
    return ended


def _check_schools(district: District, role: Role, schools: Sequence[School]) -> None:
    if role is Role.DISTRICT_ADMIN:
        if schools:
            raise Problem("A district admin has every school: name none.")
        return
    if not schools:
        raise Problem(f"{role.label} needs at least one school.")
    if any(school.district_id != district.id for school in schools):
        raise Problem("Every school must be one of the user's own district.")


def _check_free(email: str) -> None:
    if User.select(User.id).where(User.email == email).exists():
        raise Problem(_IN_USE)


def _insert(columns: dict[str, object]) -> int:
    try:
        return int(User.create(**columns).id)
    except IntegrityError as error:
        # Somebody added it since we looked.
        raise Problem(_IN_USE) from error


def _replace_hash(user: User, stored: str, new_hash: str) -> None:
    """Store the new hash, unless somebody has set another password meanwhile."""
    same = (User.id == user.id) & (User.password_hash == stored)
    if not User.update(password_hash=new_hash).where(same).execute():
        raise Problem("Your password was changed meanwhile: sign in again.")


def _warning(user: User) -> str:
    """Say so when the district has no district admin left who may sign in."""
    others = User.select(User.id).where(
        User.district == user.district_id,
        User.role == Role.DISTRICT_ADMIN,
        User.disabled_at.is_null(),
    )
    if not user.is_district_admin or others.exists():
        return ""
    return (
        f"{user.district.name} has no district admin left who can sign in: add one"
        " with `users add`, or enable one with `users enable`."
    )


def _note(action: str, user: User, *, actor: str, **detail: object) -> None:
    AuditEntry.note(
        action, actor=actor, district=user.district_id, user=user.id, **detail
    )
