"""The oracle: PowerSchool's journal and our log, judged without our own planning."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.replay.day import Day
from tests.replay.people import Person, Story
from tests.replay.rules import (
    PRESENT,
    UNTOUCHABLE,
    Told,
    expect_day,
    expect_meetings,
    expect_minutes,
    is_after_school,
    key_of,
    told,
)
from tests.replay.script import Report
from tests.replay.town import Place
from vmps.models import Attempt, Outcome, StudentEvent, Writeback

Row = Mapping[str, Any]
PROTECTED = {"S", "F"}
#: In PowerSchool these ids are other people's, or of nobody who is at this school.
NOT_THEIRS = {Story.STRANGER, Story.UNKNOWN, Story.MOVED, Story.LEFT}


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is not as it must be; `ps_id` is whose, 0 of nobody alone."""

    ps_id: int
    what: str


def judge(day: Day) -> list[Complaint]:
    """Return what is wrong in PowerSchool or in the log."""
    journal = day.simulator.journal()
    return [
        *_judge_journal(day, journal),
        *_judge_rows(day, journal),
        *_judge_log(day),
    ]


def _judge_journal(day: Day, journal: Sequence[Row]) -> Iterator[Complaint]:
    """Write for nobody else, on no other day, and over no protected code."""
    home = {
        person.ps_id: place.number
        for place in day.town.places
        for person in place.people
        if person.story not in NOT_THEIRS and not place.is_disabled
    }
    standing: dict[int, str | None] = {}
    for row in journal:
        if row["by"] == "plugin":
            is_theirs = home.get(row["studentid"]) == row["schoolid"]
            is_today = row["att_date"] == day.script.day.isoformat()
            if not is_theirs or not is_today:
                yield Complaint(row["studentid"], f"written for the wrong one: {row}")
            if standing.get(row["dcid"]) in PROTECTED:
                yield Complaint(row["studentid"], f"a protected code is gone: {row}")
        standing[row["dcid"]] = row["att_code"]


def _judge_rows(day: Day, journal: Sequence[Row]) -> Iterator[Complaint]:
    """One row for each day or meeting, with the code that must stand there."""
    held: dict[int, dict[int, Row]] = defaultdict(dict)
    for row in journal:
        held[row["studentid"]][row["dcid"]] = row
    events = _events_of(day)
    for place in day.town.places:
        for person in place.people:
            rows = list(held[person.ps_id].values())
            theirs = events.get(person.sis_id, [])
            judge_them = _judge_classes if place.our_mode == "meeting" else _judge_day
            for what in judge_them(day, place, person, rows, theirs):
                who = f"{place.number} {place.mode}: {person.story}, {theirs}"
                yield Complaint(person.ps_id, f"{what}; {who}; {rows}")


def _judge_classes(  # noqa: PLR0917 one person's day
    day: Day, place: Place, person: Person, rows: Sequence[Row], events: list[Told]
) -> Iterator[str]:
    found = Counter(key_of(row) for row in rows)
    if found and max(found.values()) > 1:
        yield "doubled"
    meetings = day.meetings_of(person.ps_id)
    expected = expect_meetings(place, person, events, meetings)
    codes = {key_of(row): row["att_code"] or PRESENT for row in rows}
    if dict.fromkeys(expected, PRESENT) | codes != expected:
        yield f"expected {expected}"


def _judge_day(  # noqa: PLR0917 one person's day
    day: Day, place: Place, person: Person, rows: Sequence[Row], events: list[Told]
) -> Iterator[str]:
    is_daily = place.mode == "daily"
    standing = [row for row in rows if is_daily or row["total_minutes"]]
    if len(standing) > 1:
        yield "doubled"
    code = (standing[0]["att_code"] or PRESENT) if standing else PRESENT
    expected = expect_day(place, person, events)
    if code != expected:
        yield f"expected {expected!r}"
    is_kept = person.story in UNTOUCHABLE or person.story is Story.SAME
    if is_daily or not code or is_kept or place.is_disabled:
        return
    minutes = expect_minutes(events)
    if standing[0]["total_minutes"] != minutes:
        yield f"expected {minutes} minutes"


def _events_of(day: Day) -> dict[str, list[Told]]:
    """Return what happened in the end, by the student's id in the roster."""
    found: dict[str, list[Told]] = defaultdict(list)
    for report, event in _ends_of(day):
        if event:
            found[report.person.sis_id].append(event)
    return found


def _ends_of(day: Day) -> Iterator[tuple[Report, Told | None]]:
    """Yield each report with what it says in the end, None where it was voided."""
    changed = {change.report.id: change for change in day.script.changes}
    for report in day.script.reports:
        change = changed.get(report.id)
        if change and change.is_void:
            yield report, None
            continue
        at = change.at if change and change.at else report.at
        reason = change.reason if change and change.reason else report.reason
        yield report, told(at, is_late=report.is_late, reason=reason)


def _judge_log(day: Day) -> Iterator[Complaint]:
    """Each event is owed once and settled, failed for the right cause or not at all."""
    rows = (
        Writeback.select(StudentEvent.external_id, Writeback.status, Writeback.cause)
        .join(StudentEvent, on=Writeback.event)
        .tuples()
    )
    log = {row[0]: row[1:] for row in rows}
    for report, event in _ends_of(day):
        status, cause = log.get(report.id, ("lost", None))
        if not _is_explained(report, event, status, cause):
            yield Complaint(report.person.ps_id, f"{report}: {status}, {cause}")
    if len(rows) != len(day.script.reports):
        yield Complaint(0, f"{len(rows)} are owed, not {len(day.script.reports)}")
    begun = Attempt.select().where(Attempt.outcome == Outcome.STARTED).count()
    if begun:
        yield Complaint(0, f"{begun} attempts never ended")


def _is_explained(
    report: Report, event: Told | None, status: str, cause: str | None
) -> bool:
    if report.place.is_disabled:
        is_void = (status, cause) == ("successful", "voided")
        return is_void or (status, cause) == ("not_sent", "school_disabled")
    causes = UNTOUCHABLE.get(report.person.story)
    if causes is None and event and is_after_school(report.place, event):
        causes = {"outside_day"}
    if causes is None:
        return status == "successful"
    return status == "failed" and cause in causes
