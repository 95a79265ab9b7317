"""The attendance codes that schools' reasons are mapped to, by their texts."""

from __future__ import annotations

from collections.abc import Iterable

from vmps.db import tuples
from vmps.models import Reason, label_key


def reason_codes(schools: Iterable[int]) -> dict[tuple[int, str, str], str]:
    """Return the codes of these schools' reasons, by school, type and label key."""
    rows = tuples(
        Reason.select(Reason.school, Reason.type, Reason.label, Reason.code).where(
            Reason.school.in_(list(schools)), Reason.code.is_null(False)
        )
    )
    return {(row[0], row[1], label_key(row[2])): row[3] for row in rows}
