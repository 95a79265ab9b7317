"""A secret that was typed into a form which came back: kept in the form, sealed."""

# A password field cannot be sent back filled in. So that nobody has to look the secret
# up again because of another field, the form carries it encrypted with our keys, bound
# to the user who typed it, for half an hour; nobody reads it there, nor can use it.

from __future__ import annotations

from vmps.models import User
from vmps.secrets import SecretUnreadable, decrypt, encrypt
from vmps.services.problems import Invalid

KEPT_SECONDS = 30 * 60


def seal_typed(secret: str, user: User) -> str:
    """Return the secret as the form of this user may carry it."""
    return encrypt(secret, place=_place(user))


def open_typed(sealed: str, user: User, *, field: str) -> str:
    """Return the secret that the user typed before, or ask for it again."""
    try:
        return decrypt(sealed, place=_place(user), seconds=KEPT_SECONDS)
    except SecretUnreadable:
        raise Invalid({field: "Enter the secret again: it was not kept."}) from None


def _place(user: User) -> str:
    return f"form of user {user.id}"
