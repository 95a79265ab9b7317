"""Actors: who did something, as stored with it, and as people read it."""

from __future__ import annotations

from collections.abc import Iterable

from vmps.models import User

#: Who tried to sign in and did not.
ANONYMOUS = "anonymous"

_NAMES = {
    "operator": "the operator",
    "system": "vmps",
    "demo": "the demo",
    ANONYMOUS: "somebody not signed in",
}


def actor_of(user: User) -> str:
    """Return what stands for the user in the audit trail: `user:12`."""
    return f"user:{user.id}"


def name_actors(actors: Iterable[str]) -> dict[str, str]:
    """Return what people read for each actor: an e-mail address, or a word."""
    wanted = set(actors)
    ids = [int(actor.removeprefix("user:")) for actor in wanted if _is_user(actor)]
    users = User.select(User.id, User.email).where(User.id.in_(ids)) if ids else ()
    emails = {actor_of(user): user.email for user in users}
    return {actor: emails.get(actor) or _NAMES.get(actor, actor) for actor in wanted}


def _is_user(actor: str) -> bool:
    return actor.startswith("user:")
