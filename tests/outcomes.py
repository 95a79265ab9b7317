"""What each kind of visitor gets, in words: the rows of the table of access."""

from __future__ import annotations

SIGN_IN = "sign-in"
Outcome = int | str
Row = dict[str, Outcome]


def everybody(outcome: Outcome) -> Row:
    """Also who is not signed in."""
    return row(outcome, outcome, outcome, outcome, outcome)


def signed_in(outcome: Outcome, *, admins: Outcome | None = None) -> Row:
    """Every role; admins may get something else than staff."""
    of_admins = admins or outcome
    return row(SIGN_IN, outcome, of_admins, of_admins, of_admins)


def admins(outcome: Outcome) -> Row:
    """Admins of schools and districts, each for their own."""
    return row(SIGN_IN, 403, outcome, outcome, outcome)


def admins_of_school(outcome: Outcome) -> Row:
    """Admins who may see the school of the object; a stranger's is not found."""
    return row(SIGN_IN, 403, outcome, outcome, 404)


def district_admins(outcome: Outcome) -> Row:
    """District admins, each for their own district."""
    return row(SIGN_IN, 403, 403, outcome, outcome)


def row(
    anonymous: Outcome,
    stella: Outcome,
    bob: Outcome,
    alice: Outcome,
    charlie: Outcome,
) -> Row:
    """Whoever is disabled or whose session expired is nobody."""
    return {
        "anonymous": anonymous,
        "stella": stella,
        "bob": bob,
        "alice": alice,
        "charlie": charlie,
        "disabled": anonymous,
        "expired": anonymous,
    }
