"""Which of a day's events it is planned with."""

from __future__ import annotations

from vmps.models import Cause, Status


def counts(status: str, cause: str | None, *, is_void: bool) -> bool:
    """Tell whether another event's plan takes one into account; see `Writeback`.

    What was not sent goes only by its own retry, never with another's write; and what
    was entered by hand and voided since is a person's to undo.
    """
    if cause == Cause.ENTERED_BY_HAND:
        return not is_void
    return is_void or status != Status.NOT_SENT
