"""Passwords: hashed by argon2id, few at a time; which new ones are taken."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from vmps.services.plain_passwords import is_plain
from vmps.services.problems import Problem

SHORTEST, LONGEST = 12, 256
#: The part of an address before the @ counts as "within" from this length on.
SHORTEST_NAME = 3
#: One form of a text may be longer than another: no right password is longer.
LONGEST_TYPED = 4 * LONGEST

#: Each takes 19 MiB and some 25 ms of a core: more at once would be a lever.
HASHES_AT_ONCE = 2
WAIT_SECONDS = 5.0

#: OWASP's parameters for argon2id.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_turns = threading.BoundedSemaphore(HASHES_AT_ONCE)


class Busy(Problem):
    """Too many passwords are being hashed; nothing was decided."""

    def __init__(self) -> None:
        super().__init__("The server is busy: try again in a moment.")


def hash_password(text: str) -> str:
    """Return what to store for the password."""
    with _turn():
        return _HASHER.hash(_bytes(text))


def verify_password(stored: str | None, text: str) -> bool:
    """Tell whether the password is right; for nobody (None) it takes the same work."""
    if len(text) > LONGEST_TYPED:
        return False
    with _turn():
        if stored is None:
            _HASHER.hash(_bytes(text))
            return False
        try:
            return _HASHER.verify(stored, _bytes(text))
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(stored: str) -> bool:
    """Tell whether the password was hashed with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def check_new_password(text: str, email: str) -> None:
    """Refuse a password that is too short, too long, or that others would guess."""
    # Before the text is normalised: that is work, too.
    if len(text) > LONGEST_TYPED or len(_normal(text)) > LONGEST:
        raise Problem(f"The password is too long: use at most {LONGEST} characters.")
    text = _normal(text)
    if len(text) < SHORTEST:
        raise Problem(f"The password is too short: use at least {SHORTEST} characters.")
    if _holds_name(text, email):
        raise Problem("The password must not hold your e-mail address or its name.")
    if is_plain(text):
        raise Problem(
            "This password is easy to guess: use several words that do not belong"
            " together."
        )


def _holds_name(text: str, email: str) -> bool:
    """Tell whether the address, or its part before the @, stands in the password."""
    address = _normal(email).strip().casefold()
    name = address.partition("@")[0]
    names = {address} | ({name} if len(name) >= SHORTEST_NAME else set())
    return any(part and part in text.casefold() for part in names)


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _bytes(text: str) -> bytes:
    """Return one spelling of what was typed, on whatever keyboard."""
    return _normal(text).encode(errors="surrogatepass")


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=WAIT_SECONDS):
        raise Busy
    try:
        yield
    finally:
        _turns.release()
