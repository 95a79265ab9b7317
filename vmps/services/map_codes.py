"""Mapping imported codes as reasons, and saying which of them may be overwritten."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count

from vmps.db import transaction
from vmps.models import AuditEntry, EventType, Reason, School, label_key
from vmps.services.districts import lock_district
from vmps.services.problems import Problem
from vmps.services.reason_rows import add_reason, lock_reasons
from vmps.services.reasons import give_code
from vmps.services.schools import freed_codes, send_overwritable

_BLANK = "The blank code means present: it can be no reason."


@dataclass(frozen=True, slots=True)
class CodeUse:
    """What a school does with one code."""

    reasons: frozenset[EventType] = frozenset()
    is_replaceable: bool = False
    is_protected: bool = False


@dataclass(frozen=True, slots=True)
class CodeChoice:
    """What a person wants with one code, who saw it used as `loaded`."""

    row: str
    code: str
    loaded: CodeUse
    wanted: CodeUse

    @property
    def is_changed(self) -> bool:
        """Tell whether the person changed anything."""
        return self.wanted != self.loaded


@dataclass(frozen=True, slots=True)
class CodesSaved:
    """How many codes were changed, and how many of today's events go on."""

    codes: int
    requeued: int


class CodesRefused(Problem):
    """Nothing was saved; `errors` says why, by row."""

    def __init__(self, errors: Mapping[str, str], found: Mapping[str, CodeUse]) -> None:
        super().__init__("Nothing was saved: correct what is marked.")
        self.errors = dict(errors)
        #: How each code is used by now.
        self.found = dict(found)


def uses_of(school: School, known: Sequence[Reason]) -> dict[str, CodeUse]:
    """Return how the school's codes are used; hidden reasons are not offered."""
    kinds: dict[str, set[EventType]] = {}
    for reason in known:
        if reason.code and not reason.is_hidden:
            kinds.setdefault(reason.code, set()).add(EventType(reason.type))
    return {
        code: CodeUse(
            frozenset(kinds.get(code, ())),
            code in school.replaceable,
            code in school.protected,
        )
        for code in kinds.keys() | school.replaceable | school.protected
    }


def save_codes(
    school: School,
    choices: Sequence[CodeChoice],
    descriptions: Mapping[str, str],
    *,
    actor: str,
    now: datetime,
) -> CodesSaved:
    """Save the changed ones, all or none.

    A new reason is named by its code's description. What somebody else changed after
    it was loaded is overwritten only by a person who was told. The district is locked
    before its school's row, and that before the lane.
    """
    changed = [choice for choice in choices if choice.is_changed]
    with transaction():
        lock_district(school.district_id)
        current = School.get_by_id(school.id)
        known = lock_reasons(school)
        found = uses_of(current, known)
        errors = {c.row: said for c in changed if (said := _objection(c, found))}
        if errors:
            raise CodesRefused(errors, found)
        requeued = _save_overwriting(current, changed, actor, now)
        for choice in changed:
            requeued += _map(
                current,
                choice,
                descriptions.get(choice.code, ""),
                known=known,
                actor=actor,
                now=now,
            )
    return CodesSaved(len(changed), requeued)


def _objection(choice: CodeChoice, found: Mapping[str, CodeUse]) -> str:
    wanted = choice.wanted
    if wanted.is_replaceable and wanted.is_protected:
        return "A code is either replaced or never overwritten: tick one of the two."
    if not choice.code and wanted.reasons:
        return _BLANK
    current = found.get(choice.code, CodeUse())
    if current in {choice.loaded, wanted}:
        return ""
    return "Somebody changed this code while you were here. Save again to use yours."


def _save_overwriting(
    school: School, changed: Sequence[CodeChoice], actor: str, now: datetime
) -> int:
    replaceable, protected = set(school.replaceable), set(school.protected)
    for choice in changed:
        _keep(replaceable, choice.code, is_in=choice.wanted.is_replaceable)
        _keep(protected, choice.code, is_in=choice.wanted.is_protected)
    before = School.get_by_id(school.id)
    if replaceable == before.replaceable and protected == before.protected:
        return 0
    school.replaceable_codes = json.dumps(sorted(replaceable))
    school.protected_codes = json.dumps(sorted(protected))
    columns = {
        "replaceable_codes": school.replaceable_codes,
        "protected_codes": school.protected_codes,
    }
    School.update(columns).where(School.id == school.id).execute()
    requeued = send_overwritable(school, freed_codes(before, school), now=now)
    AuditEntry.note(
        "school.set",
        actor=actor,
        district=school.district_id,
        school=school.id,
        requeued=requeued,
        **columns,
    )
    return requeued


def _keep(codes: set[str], code: str, *, is_in: bool) -> None:
    if is_in:
        codes.add(code)
    else:
        codes.discard(code)


def _map(
    school: School,
    choice: CodeChoice,
    description: str,
    *,
    known: list[Reason],
    actor: str,
    now: datetime,
) -> int:
    requeued = 0
    for kind in EventType:
        is_wanted = kind in choice.wanted.reasons
        if is_wanted == (kind in choice.loaded.reasons):
            continue
        rows = [r for r in known if r.type == kind and r.code == choice.code]
        if not is_wanted:
            _hide(school, [row for row in rows if not row.is_hidden], actor)
        elif rows:
            _show(school, rows, actor)
        else:
            reason = _add(school, kind, choice.code, description, known)
            requeued += give_code(school, reason, choice.code, actor, now)
    return requeued


def _hide(school: School, reasons: Sequence[Reason], actor: str) -> None:
    """Offer them no more; events that carry one keep its name and code."""
    for reason in reasons:
        set_hidden(school, reason, is_hidden=True, actor=actor)


def _show(school: School, reasons: Sequence[Reason], actor: str) -> None:
    """Offer the first one again, unless one is offered already."""
    if all(reason.is_hidden for reason in reasons):
        set_hidden(school, reasons[0], is_hidden=False, actor=actor)


def set_hidden(school: School, reason: Reason, *, is_hidden: bool, actor: str) -> None:
    """Hide or show one reason, in the caller's transaction."""
    reason.is_hidden = is_hidden
    reason.save(only=[Reason.is_hidden])
    AuditEntry.note(
        "reason.hidden" if is_hidden else "reason.shown",
        actor=actor,
        district=school.district_id,
        reason=reason.id,
    )


def _add(
    school: School,
    kind: EventType,
    code: str,
    description: str,
    known: list[Reason],
) -> Reason:
    """Name it by the description; with the code beside it where that is taken."""
    taken = {label_key(reason.label) for reason in known if reason.type == kind}
    name = description.strip() or code
    numbered = (f"{name} ({code}) {number}" for number in count(2))
    names = chain([name, f"{name} ({code})"], numbered)
    label = next(one for one in names if label_key(one) not in taken)
    reason = add_reason(school, kind, label, known)
    known.append(reason)
    return reason
