"""Re-encrypting every stored secret with the newest key."""

from __future__ import annotations

from typing import Any

from vmps import secrets
from vmps.db import transaction
from vmps.models import AuditEntry, Connection, Kiosk


def rotate_secrets(*, actor: str) -> dict[str, int]:
    """Encrypt every stored secret with the first key; count them by column.

    Harmless to repeat; one unreadable secret leaves all as they were.
    """
    with transaction():
        counts = {
            "connection.client_secret": _rotate(
                Connection, Connection.client_secret_token
            ),
            "kiosk.secret": _rotate(Kiosk, Kiosk.secret_token),
            "kiosk.previous_secret": _rotate(Kiosk, Kiosk.previous_secret_token),
        }
        AuditEntry.note("secrets.rotated", actor=actor, district=None, **counts)
    return counts


def _rotate(model: type[Connection] | type[Kiosk], column: Any) -> int:
    rows: Any = model.select(model.id, column).where(column.is_null(False)).tuples()
    stored = list(rows)
    for row_id, token in stored:
        (
            model.update({column: secrets.reencrypt(token)})
            .where(model.id == row_id, column == token)
            .execute()
        )
    return len(stored)
