"""What people did about writebacks: written down in the transaction of the deed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from peewee import chunked

from vmps.models import Action, Intervention

_AT_ONCE = 1000  # rows of one statement: engines limit its parameters


def note_interventions(
    ids: Sequence[int], action: Action, *, actor: str, now: datetime
) -> None:
    """Note the same action for each of these writebacks."""
    rows = [
        {"writeback": writeback_id, "at": now, "actor": actor, "action": action}
        for writeback_id in sorted(ids)
    ]
    for chunk in chunked(rows, _AT_ONCE):
        Intervention.insert_many(chunk).execute()
