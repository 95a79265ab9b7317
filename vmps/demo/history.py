"""Some weeks of past events for a district of the demo, all of them settled."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from peewee import chunked, fn

from vmps.db import transaction
from vmps.demo.districts import DemoDistrict
from vmps.demo.folder import write_whole
from vmps.demo.past.events import PastEvent
from vmps.demo.past.powerschool import PastPowerSchool
from vmps.demo.past.replay import Replay
from vmps.demo.past.story import PastSchool, Story, find_outage
from vmps.demo.school_days import school_days_before
from vmps.models import (
    Attempt,
    District,
    EventType,
    Intervention,
    Kiosk,
    Lane,
    Reason,
    Role,
    School,
    Student,
    StudentEvent,
    User,
    Writeback,
)
from vmps.services.accept import ReportedEvent
from vmps.services.actors import actor_of
from vmps.services.kiosk_view import SchoolZone
from vmps.services.record import keep_resolutions
from vmps.services.workload import view_schools
from vmps.simulator.journal import number_lines

_CHUNK = 500  # rows in one INSERT

Row = dict[str, Any]


def write_history(
    district: District,
    seed: dict[str, Any],
    plan: DemoDistrict,
    journal: Path,
    *,
    now: datetime,
) -> int:
    """Write the last weeks' events, where the district has none; return how many.

    `seed` is what the district's simulator was seeded with, `journal` where it keeps
    its attendance: it starts with what the past wrote.
    """
    if StudentEvent.select().where(StudentEvent.district == district).exists():
        return 0
    events, replay = imagine(district, seed, plan, now=now)
    # First: without events this is done again, and the journal written anew.
    write_whole(journal, number_lines(replay.powerschool.changes))
    with transaction():
        _store(district, events)
        for resolution, at in replay.resolutions.values():
            keep_resolutions([resolution], now=at)
        lane = {"fence": replay.fence, "last_success_at": replay.last_success_at}
        Lane.update(lane).where(Lane.district == district).execute()
    return len(events)


def imagine(
    district: District, seed: dict[str, Any], plan: DemoDistrict, *, now: datetime
) -> tuple[list[PastEvent], Replay]:
    """Return past events and their lane: the same for the same district and day."""
    chance = random.Random(plan.random_seed)
    powerschool = PastPowerSchool(seed)
    schools = _schools(district)
    days = school_days_before(now.astimezone(ZoneInfo(district.timezone)).date())
    outage = find_outage(schools[0], days) if plan.had_outage else None
    first_number = int(StudentEvent.select(fn.MAX(StudentEvent.id)).scalar() or 0) + 1
    story = Story(powerschool, days, chance, outage)
    events = story.tell(schools, plan.late_share, first_number)
    replay = Replay(powerschool, chance, outage)
    replay.run(events)
    return events, replay


def _schools(district: District) -> list[PastSchool]:
    ids = [row.id for row in School.select().where(School.district == district)]
    views = view_schools(district.id, set(ids))
    students, reasons = defaultdict(list), defaultdict(list)
    for student in (
        Student.select().where(Student.district == district).order_by(Student.id)
    ):
        students[student.school_id].append(student)
    for reason in (
        Reason.select().where(Reason.school.in_(ids)).order_by(Reason.position)
    ):
        key = reason.school_id, EventType(reason.type)
        reasons[key].append((reason.label, reason.code))
    return [
        PastSchool(
            view=views[school_id],
            students=students[school_id],
            reasons={kind: reasons[school_id, kind] for kind in EventType},
        )
        for school_id in sorted(ids)
    ]


def _store(district: District, events: Sequence[PastEvent]) -> None:
    kiosk = Kiosk.get(Kiosk.district == district)
    ids = _insert(
        StudentEvent,
        [_event_row(district, kiosk, event) for event in events],
        StudentEvent.external_id,
    )
    if any(ids[event.external_id] != event.number for event in events):
        raise RuntimeError("Other events came first: start the demo again.")
    writeback_ids = _insert(
        Writeback, [_writeback_row(district, e) for e in events], Writeback.event
    )
    attempts = [
        {"writeback": writeback_ids[event.number], **row}
        for event in events
        for row in _attempt_rows(event)
    ]
    attempts.sort(key=lambda row: (row["started_at"], row["writeback"]))
    _insert(Attempt, attempts, Attempt.id)
    actor = _admin(district)
    _insert(
        Intervention,
        [
            {"writeback": writeback_ids[e.number], "at": at, "action": action}
            | {"actor": actor}
            for e in events
            for at, action in e.interventions
        ],
        Intervention.id,
    )


def _insert(model: Any, rows: Sequence[Row], key: Any) -> dict[Any, int]:
    """Insert the rows, some hundreds at a time; return their ids by a column."""
    found: dict[Any, int] = {}
    for chunk in chunked(rows, _CHUNK):
        query = model.insert_many(chunk).returning(key, model.id)
        found |= dict(query.tuples().execute())
    return found


def _event_row(district: District, kiosk: Kiosk, event: PastEvent) -> Row:
    student, school = event.student, event.school
    reported = ReportedEvent(
        external_id=event.external_id,
        type=event.type,
        occurred_at=event.occurred_at,
        student_id=student.sis_id,
        school=SchoolZone(school.id, school.number, school.rules.zone),
        reason=event.reason,
        released_to=event.released_to,
    )
    return {
        "district": district.id,
        "school": school.id,
        "student": student.id,
        "kiosk": kiosk.id,
        "external_id": event.external_id,
        "fingerprint": reported.fingerprint,
        "type": event.type,
        "occurred_at": event.occurred_at,
        "school_day": event.school_day,
        "first_name": student.first_name,
        "last_name": student.last_name,
        "grade": student.grade,
        "reason": event.reason,
        "released_to": event.released_to,
        "accepted_at": event.accepted_at,
        "voided_at": event.voided_at,
    }


def _writeback_row(district: District, event: PastEvent) -> Row:
    return {
        "event": event.number,
        "district": district.id,
        "school": event.school.id,
        "student": event.student.id,
        "school_day": event.school_day,
        "status": event.status,
        "due_at": event.due_at,
        "give_up_at": event.give_up_at,
        "tries": event.tries,
        "revision": event.revision,
        "is_ambiguous": event.is_ambiguous,
        "cause": event.cause,
        "detail": event.detail,
        "covered_by": event.covered_by,
        "settled_at": event.settled_at,
    }


def _attempt_rows(event: PastEvent) -> Iterator[Row]:
    for attempt in event.attempts:
        yield {name: getattr(attempt, name) for name in attempt.__slots__}


def _admin(district: District) -> str:
    """Return the actor who looks at the log in the afternoon."""
    admin = User.get_or_none(
        User.district == district, User.role == Role.DISTRICT_ADMIN
    )
    return actor_of(admin) if admin else "demo"
