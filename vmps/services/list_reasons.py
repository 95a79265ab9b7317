"""Reading a school's reasons, and what kiosks sent that fits none of them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from peewee import Case, fn

from vmps.models import (
    DEFAULT_REASONS,
    Cause,
    EventType,
    Reason,
    School,
    Status,
    StudentEvent,
    Writeback,
    label_key,
)
from vmps.services.schools import today_at

#: Failures older than this are in the log only.
DAYS = 7
#: So many unknown reasons are shown, those sent most often first.
MOST_UNKNOWN = 20
_MOST_GROUPS = 500


@dataclass(frozen=True, slots=True)
class Unmapped:
    """Failed events of one reason without a code; `event_id` stands for them."""

    event_id: int
    kind: EventType
    label: str
    count: int
    today: int

    @property
    def key(self) -> tuple[EventType, str]:
        """Return what makes two reasons the same one."""
        return self.kind, label_key(self.label)


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One reason, and how many of today's events failed for want of its code."""

    id: int
    kind: EventType
    label: str
    code: str | None
    failed_today: int
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class SchoolReasons:
    """A school's reasons in order, and what kiosks sent beside them."""

    known: Sequence[ReasonView]
    unknown: Sequence[Unmapped]
    #: Events of the last days that came with no reason at all.
    without_reason: int
    #: The default reasons that apply too, by type: a disabled school's only.
    defaults: Mapping[EventType, Sequence[str]]
    is_enabled: bool

    def applying(self, kind: EventType) -> list[ReasonView]:
        """Return what is offered: with a code while enabled, without while disabled."""
        return [view for view in self._shown(kind) if self._applies(view)]

    def kept(self, kind: EventType) -> list[ReasonView]:
        """Return the other set, which applies again when the status is switched."""
        return [view for view in self._shown(kind) if not self._applies(view)]

    def hidden(self, kind: EventType) -> list[ReasonView]:
        """Return what is offered no more."""
        return [view for view in self.known if view.kind is kind and view.is_hidden]

    def _shown(self, kind: EventType) -> list[ReasonView]:
        return [v for v in self.known if v.kind is kind and not v.is_hidden]

    def _applies(self, view: ReasonView) -> bool:
        return bool(view.code) is self.is_enabled


def list_reasons(school: School, *, now: datetime) -> SchoolReasons:
    """Return what the page shows; two queries."""
    failed = {found.key: found for found in _failed(school, now)}
    known = [_view(reason, failed) for reason in Reason.of_school(school)]
    keys = {(view.kind, label_key(view.label)) for view in known}
    unknown = [found for key, found in failed.items() if key not in keys]
    named = [found for found in unknown if found.label]
    without = sum(found.count for found in unknown if not found.label)
    defaults = {} if school.is_enabled else _defaults(keys)
    return SchoolReasons(
        known, named[:MOST_UNKNOWN], without, defaults, school.is_enabled
    )


def _defaults(known: Container[tuple[EventType, str]]) -> dict[EventType, list[str]]:
    """Return the default reasons that the school has none of its own for."""
    return {
        kind: [label for label in labels if (kind, label_key(label)) not in known]
        for kind, labels in DEFAULT_REASONS.items()
    }


def find_unknown(school: School, event_ids: Iterable[int]) -> dict[int, Unmapped]:
    """Return the reasons of these events of the school, by event."""
    events = StudentEvent.select().where(
        StudentEvent.school == school.id, StudentEvent.id.in_(list(event_ids))
    )
    return {
        event.id: Unmapped(event.id, EventType(event.type), event.reason.strip(), 0, 0)
        for event in events
    }


def _view(reason: Reason, failed: dict[tuple[EventType, str], Unmapped]) -> ReasonView:
    kind = EventType(reason.type)
    found = failed.get((kind, label_key(reason.label)))
    today = found.today if found else 0
    return ReasonView(
        reason.id, kind, reason.label, reason.code, today, reason.is_hidden
    )


def _failed(school: School, now: datetime) -> list[Unmapped]:
    """Return the reasons that events failed for, the most frequent first.

    The clause on `occurred_at` is the index's; `school_day` decides.
    """
    today = today_at(school, now)
    is_today = Case(None, [(Writeback.school_day == today, 1)], 0)
    count = fn.COUNT(Writeback.id)
    rows: Any = (
        Writeback.select(
            fn.MAX(StudentEvent.id),
            StudentEvent.type,
            StudentEvent.reason,
            count,
            fn.SUM(is_today),
        )
        .join(StudentEvent, on=(StudentEvent.id == Writeback.event))
        .where(
            StudentEvent.district == school.district_id,
            StudentEvent.occurred_at >= now - timedelta(days=DAYS + 1),
            StudentEvent.voided_at.is_null(),
            Writeback.school == school.id,
            Writeback.school_day > today - timedelta(days=DAYS),
            Writeback.status == Status.FAILED,
            Writeback.cause == Cause.UNMAPPED_REASON,
        )
        .group_by(StudentEvent.type, StudentEvent.reason)
        .order_by(count.desc(), fn.MAX(StudentEvent.id).desc())
        .limit(_MOST_GROUPS)
        .tuples()
    )
    merged: dict[tuple[EventType, str], Unmapped] = {}
    for event_id, kind, label, sent, sent_today in rows:
        row = Unmapped(event_id, EventType(kind), label.strip(), sent, sent_today)
        merged[row.key] = _together(merged.get(row.key), row)
    return list(merged.values())


def _together(first: Unmapped | None, more: Unmapped) -> Unmapped:
    """Count two spellings of one reason together, under the more frequent one."""
    if first is None:
        return more
    return replace(
        first, count=first.count + more.count, today=first.today + more.today
    )
