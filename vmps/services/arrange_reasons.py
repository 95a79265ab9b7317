"""The order of a school's reasons, and which of them are offered."""

from __future__ import annotations

from enum import StrEnum

from vmps.db import transaction
from vmps.models import AuditEntry, Reason, School
from vmps.services.map_codes import set_hidden
from vmps.services.problems import Missing
from vmps.services.reason_rows import lock_reasons


class Arrangement(StrEnum):
    """What one press does to one reason."""

    UP = "up"
    DOWN = "down"
    HIDE = "hide"
    SHOW = "show"


def arrange_reason(
    school: School, reason_id: int, arrangement: Arrangement, *, actor: str
) -> Reason:
    """Move a reason one place among those beside it, or hide or show it."""
    with transaction():
        known = lock_reasons(school)
        reason = next((row for row in known if row.id == reason_id), None)
        if reason is None:
            raise Missing("There is no such reason at this school any more.")
        if arrangement in {Arrangement.HIDE, Arrangement.SHOW}:
            is_hidden = arrangement is Arrangement.HIDE
            if reason.is_hidden != is_hidden:
                set_hidden(school, reason, is_hidden=is_hidden, actor=actor)
            return reason
        _move(known, reason, is_up=arrangement is Arrangement.UP)
        AuditEntry.note(
            "reason.moved",
            actor=actor,
            district=school.district_id,
            reason=reason.id,
            to=arrangement,
        )
    return reason


def _move(known: list[Reason], reason: Reason, *, is_up: bool) -> None:
    """Change places with the neighbour that is shown beside it; number all anew."""
    rows = [row for row in known if row.type == reason.type]
    beside = [row for row in rows if is_beside(row, reason)]
    place = beside.index(reason) + (-1 if is_up else 1)
    if not 0 <= place < len(beside):
        return
    a, b = rows.index(reason), rows.index(beside[place])
    rows[a], rows[b] = rows[b], rows[a]
    for position, row in enumerate(rows):
        if row.position != position:
            row.position = position
            row.save(only=[Reason.position])


def is_beside(one: Reason, other: Reason) -> bool:
    """Tell whether two reasons of a type stand in one group: with or without a code."""
    return (one.is_hidden, bool(one.code)) == (other.is_hidden, bool(other.code))
