"""Secrets at rest: encrypted with the operator's keys, bound to where they belong."""

from __future__ import annotations

import json
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from vmps.config import ConfigurationError

_keyring: MultiFernet | None = None


class SecretUnreadable(Exception):
    """A stored secret cannot be decrypted with the keys at hand."""


def configure(keys: Sequence[str]) -> None:
    """Use these Fernet keys; the first encrypts, all decrypt."""
    global _keyring  # noqa: PLW0603 one keyring a process, bound at start
    try:
        _keyring = MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise ConfigurationError(
            "ENCRYPTION_KEYS must be Fernet keys (32 bytes, base64), comma separated: "
            "`flask --app app secrets generate` makes one."
        ) from None


def generate_key() -> str:
    """Return a new random key for ENCRYPTION_KEYS."""
    return Fernet.generate_key().decode()


def encrypt(value: str, *, place: str) -> str:
    """Return `value` encrypted and bound to `place` (a column's name)."""
    plain = json.dumps({"place": place, "value": value})
    return _keys().encrypt(plain.encode()).decode()


def decrypt(token: str, *, place: str, seconds: int | None = None) -> str:
    """Return the value of `token`; one from elsewhere, or older, is refused."""
    try:
        plain = json.loads(_keys().decrypt(token.encode(), ttl=seconds))
    except InvalidToken:
        raise SecretUnreadable(
            f"The stored {place} cannot be read with ENCRYPTION_KEYS."
        ) from None
    if plain["place"] != place:
        raise SecretUnreadable(f"The stored {place} belongs to {plain['place']}.")
    return str(plain["value"])


def reencrypt(token: str) -> str:
    """Return the same secret encrypted with the first key."""
    try:
        return _keys().rotate(token.encode()).decode()
    except InvalidToken:
        raise SecretUnreadable(
            "A stored secret cannot be read with ENCRYPTION_KEYS."
        ) from None


def _keys() -> MultiFernet:
    if _keyring is None:
        raise ConfigurationError("ENCRYPTION_KEYS were not loaded.")
    return _keyring
