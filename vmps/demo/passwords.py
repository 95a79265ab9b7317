"""Passwords that can be read aloud, made on the spot for the demo's people."""

from __future__ import annotations

import secrets
from math import log2

from vmps.services.passwords import check_new_password
from vmps.services.problems import Problem

CONSONANTS = "bdfghjklmnprstvz"
VOWELS = "aeiou"
WORDS, DIGITS = 3, 4
#: 63: no dictionary of the world has these words.
BITS = WORDS * (3 * log2(len(CONSONANTS)) + 2 * log2(len(VOWELS))) + DIGITS * log2(10)


def make_password(email: str) -> str:
    """Return a password such as `tovak-rimel-sudon-4821` that the product takes."""
    while True:
        digits = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
        password = "-".join([*(_word() for _ in range(WORDS)), digits])
        try:
            check_new_password(password, email)
        except Problem:  # such as bobas-… for Bob
            continue
        return password


def _word() -> str:
    kinds = (CONSONANTS, VOWELS, CONSONANTS, VOWELS, CONSONANTS)
    return "".join(secrets.choice(letters) for letters in kinds)
