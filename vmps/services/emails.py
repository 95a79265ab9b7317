"""E-mail addresses: one spelling each, and what looks like one."""

from __future__ import annotations

import re

from vmps.services.problems import Problem

LONGEST = 254

#: As HTML defines it for its e-mail fields, but with a dot in the domain.
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_FORM = re.compile(rf"[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+")


def normal_email(text: str) -> str:
    """Return the address as it is stored: trimmed, lower case."""
    return text.strip().lower()


def is_email(text: str) -> bool:
    """Tell whether a normal address looks like one."""
    return len(text) <= LONGEST and bool(_FORM.fullmatch(text))


def check_email(text: str) -> str:
    """Return the normal address of what was typed, or refuse it."""
    email = normal_email(text)
    if not is_email(email):
        raise Problem("This is not an e-mail address. Example: alice@oakwood.example.")
    return email
