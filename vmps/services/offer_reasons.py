"""Which reasons of a school can be given to an event now."""

from __future__ import annotations

from collections.abc import Mapping

from vmps.models import DEFAULT_REASONS, EventType, Reason, School, label_key


def offer_reasons(school: School, kind: EventType) -> list[str]:
    """Return the labels, in the school's order; hidden ones are left out.

    An enabled school's have an attendance code. A disabled one has the default
    reasons, too.
    """
    return list(offer_codes(school, kind))


def offer_codes(school: School, kind: EventType) -> Mapping[str, str | None]:
    """Return the code of each such label; None where there is none yet."""
    known = list(Reason.of_school(school).where(Reason.type == kind))
    offered = {
        reason.label: reason.code
        for reason in known
        if not reason.is_hidden and (reason.code or not school.is_enabled)
    }
    if school.is_enabled:
        return offered
    keys = {label_key(reason.label) for reason in known}
    more = [label for label in DEFAULT_REASONS[kind] if label_key(label) not in keys]
    return offered | dict.fromkeys(more)
