"""What of a day's events is a retry's or a person's, whatever else is planned."""

from __future__ import annotations

from vmps.models import Cause, Status


def is_held_back(status: str, cause: str | None, *, is_void: bool) -> bool:
    """Tell whether only an event's own retry sends it; see `Writeback`.

    Another event's write carries neither its code nor its line.
    """
    is_by_hand = cause == Cause.ENTERED_BY_HAND
    return status == Status.NOT_SENT and not is_by_hand and not is_void


def is_undone_by_hand(cause: str | None, *, is_void: bool) -> bool:
    """Tell whether an event was entered by hand and voided since: a person undoes it.

    The day is planned without it.
    """
    return is_void and cause == Cause.ENTERED_BY_HAND
