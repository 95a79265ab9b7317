"""Sessions: begun at sign-in, found by their token, ended by the server."""

# The browser holds the token, the database only its digest. What is a month old is
# deleted when the next session begins.

from __future__ import annotations

import hashlib
import logging
from datetime import datetime, timedelta
from secrets import token_urlsafe

from vmps.db import UNAVAILABLE, transaction
from vmps.models import AuditEntry, District, User, UserSession
from vmps.services.actors import actor_of
from vmps.services.problems import Problem

log = logging.getLogger(__name__)

TOKEN_BYTES = 32
#: A page view costs a write at most this often.
TOUCH_EVERY = timedelta(minutes=1)
#: A view goes on without its write rather than wait longer for other writers.
TOUCH_WAIT_SECONDS = 1.0
KEPT = timedelta(days=30)


def begin_session(user: User, *, now: datetime) -> str:
    """Begin a session of the user, as `sign_in` returned them; return its token.

    Refused when the user was disabled, or got another password, since then.
    """
    token = token_urlsafe(TOKEN_BYTES)
    with transaction():
        if not _may_begin(user):
            raise Problem("Your account was changed meanwhile: sign in again.")
        UserSession.insert(
            user=user.id, token_digest=_digest(token), started_at=now, seen_at=now
        ).execute()
        forget_old_sessions(now)
    return token


def find_session(
    token: str,
    *,
    now: datetime,
    idle_minutes: float,
    absolute_hours: float,
    is_activity: bool = True,
) -> User | None:
    """Return whose session it is, with the district; None when it is over.

    Activity keeps it from being idle; what a page does by itself is none.
    """
    idle = timedelta(minutes=idle_minutes)
    found = (
        UserSession.select(UserSession, User, District)
        .join(User)
        .join(District)
        .where(
            UserSession.token_digest == _digest(token),
            UserSession.ended_at.is_null(),
            UserSession.seen_at > now - idle,
            UserSession.started_at > now - timedelta(hours=absolute_hours),
            User.disabled_at.is_null(),
        )
        .first()
    )
    if found is None:
        return None
    if is_activity:
        # Half of a very short limit, or the busiest user would be idle.
        _touch(found, now, every=min(TOUCH_EVERY, idle / 2))
    user: User = found.user
    return user


def end_session(token: str, *, now: datetime) -> None:
    """End the session of this token, if it is not over."""
    with transaction():
        session = (
            UserSession.select(UserSession, User)
            .join(User)
            .where(UserSession.token_digest == _digest(token))
            .first()
        )
        if session is None or not _end(UserSession.id == session.id, now):
            return
        AuditEntry.note(
            "user.signed_out",
            actor=actor_of(session.user),
            district=session.user.district_id,
            user=session.user.id,
        )


def end_sessions(
    user_id: int, *, now: datetime, except_token: str | None = None
) -> int:
    """End the user's sessions, all or all but one; return how many that were."""
    which = UserSession.user == user_id
    if except_token is not None:
        which &= UserSession.token_digest != _digest(except_token)
    with transaction():
        return _end(which, now)


def forget_old_sessions(now: datetime) -> None:
    """Delete what nobody has used for a month; one that is being ended can wait."""
    old = UserSession.select(UserSession.id).where(UserSession.seen_at <= now - KEPT)
    if UserSession._meta.database.for_update:
        old = old.for_update(skip_locked=True)
    with transaction():
        UserSession.delete().where(UserSession.id.in_(old)).execute()


def _may_begin(user: User) -> bool:
    """Tell whether the user is still the one who signed in; holds until the commit.

    Whoever disables the user or sets a password waits, then ends this session too.
    """
    same = User.select(User.id).where(
        User.id == user.id,
        User.password_hash == user.password_hash,
        User.disabled_at.is_null(),
    )
    if User._meta.database.for_update:
        same = same.for_update()
    return same.first() is not None


def _touch(session: UserSession, now: datetime, *, every: timedelta) -> None:
    if now - session.seen_at < every:
        return
    try:
        with transaction(wait_seconds=TOUCH_WAIT_SECONDS):
            UserSession.update(seen_at=now).where(
                UserSession.id == session.id
            ).execute()
    except UNAVAILABLE as error:
        log.warning("session.not_touched error=%s", type(error).__name__)


def _end(which: object, now: datetime) -> int:
    ending = UserSession.update(ended_at=now).where(
        which, UserSession.ended_at.is_null()
    )
    return int(ending.execute())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
