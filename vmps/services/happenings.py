"""What people did about one event and its writeback, in words, with who and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from vmps.models import Action, EventChange, Intervention
from vmps.services.actors import name_actors
from vmps.words import say_time

_ACTIONS = {
    Action.RETRIED: "{who} pressed Retry",
    Action.ENTERED_BY_HAND: "{who} noted that it was entered in PowerSchool by hand",
    Action.RESENT: "{who} sent it again after a reconciliation",
}
_TAKEN_BACK = "{who} noted that it was taken back in PowerSchool by hand"


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened at one moment that was no attempt."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """What an event says, or said until then."""

    at: datetime
    reason: str

    def clock(self, zone: ZoneInfo, *, has_seconds: bool = False) -> str:
        """Return its time on the school's clock."""
        return say_time(self.at.astimezone(zone), has_seconds=has_seconds)


def list_changes(event_id: int) -> list[EventChange]:
    """Return an event's voids, restores and corrections, oldest first."""
    found = EventChange.select().where(EventChange.event == event_id)
    return list(found.order_by(EventChange.id))


def was_void(event: Any, changes: Sequence[EventChange], moment: datetime) -> bool:
    """Tell whether the event was void at a moment."""
    spans = [(c.was_voided_at, c.at) for c in changes if c.was_voided_at]
    is_void = event.voided_at is not None and event.voided_at <= moment
    return is_void or any(begin <= moment < end for begin, end in spans)


def tell_changes(
    event: Any, changes: Sequence[EventChange], zone: ZoneInfo
) -> list[Happening]:
    """Return what was changed of the event, each time from what to what."""
    names = name_actors(change.actor for change in changes)
    said = [Said(c.was_occurred_at, c.was_reason) for c in changes]
    said.append(Said(event.occurred_at, event.reason))
    told = [
        Happening(
            change.at,
            f"{_begin(names[change.actor])} {_changed(change, was, now, zone)}",
        )
        for change, (was, now) in zip(changes, pairwise(said), strict=True)
    ]
    if event.voided_at and not any(change.is_void for change in changes):
        told.append(Happening(event.voided_at, "The event was voided"))
    return told


def reason_then(event: Any, changes: Sequence[EventChange], moment: datetime) -> str:
    """Return the reason that the event had at a moment."""
    later = (change.was_reason for change in changes if change.at > moment)
    return str(next(later, event.reason))


def tell_deeds(
    writeback_id: int, event: Any, changes: Sequence[EventChange]
) -> list[Happening]:
    """Return what people did about the event's writeback."""
    deeds = list(Intervention.select().where(Intervention.writeback == writeback_id))
    names = name_actors(deed.actor for deed in deeds)
    return [
        Happening(
            deed.at,
            _said(deed, is_void=was_void(event, changes, deed.at)).format(
                who=_begin(names[deed.actor])
            ),
        )
        for deed in deeds
    ]


def differences(was: Said, now: Said, zone: ZoneInfo) -> list[str]:
    """Return what is another: `the time from 8:14 AM to 8:20 AM`."""
    found = []
    if was.at != now.at:
        is_close = was.clock(zone) == now.clock(zone)
        old, new = (said.clock(zone, has_seconds=is_close) for said in (was, now))
        found.append(f"the time from {old} to {new}")
    if was.reason != now.reason:
        found.append(f"the reason from {_quoted(was)} to {_quoted(now)}")
    return found


def _changed(change: EventChange, was: Said, now: Said, zone: ZoneInfo) -> str:
    if change.is_void:
        return "voided the event"
    if change.was_voided_at:
        return "took the void back: the event counts again"
    return f"corrected {' and '.join(differences(was, now, zone))}"


def _quoted(said: Said) -> str:
    return f"“{said.reason}”" if said.reason else "none"


def _said(deed: Any, *, is_void: bool) -> str:
    action = Action(deed.action)
    is_back = action is Action.ENTERED_BY_HAND and is_void
    return _TAKEN_BACK if is_back else _ACTIONS[action]


def _begin(who: str) -> str:
    """Return a word or an address as a sentence begins with it."""
    return who[:1].upper() + who[1:] if " " in who else who
