"""The oracle: PowerSchool's journal and our log, judged without our own planning."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
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
    key_of,
    told,
)
from tests.replay.script import Change
from tests.replay.town import Place
from vmps.models import Attempt, Outcome, StudentEvent, Writeback

Row = Mapping[str, Any]
PROTECTED = {"S", "F"}


@dataclass(frozen=True, slots=True)
class Findings:
    """What the day was made of; what is wrong with it is raised."""

    events: int
    changes: int
    rows: int
    statuses: Mapping[str, int]
    ambiguous: int
    faults: int


def judge(day: Day) -> Findings:
    """Raise AssertionError where PowerSchool or the log is not as it must be."""
    journal = day.simulator.journal()
    _judge_journal(day, journal)
    _judge_rows(day, journal)
    statuses = _judge_log(day)
    ambiguous = Attempt.select().where(Attempt.outcome == Outcome.AMBIGUOUS).count()
    return Findings(
        events=len(day.accepted),
        changes=len(day.script.changes),
        rows=sum(row["by"] == "plugin" for row in journal),
        statuses=statuses,
        ambiguous=ambiguous,
        faults=day.faults_fired,
    )


def _judge_journal(day: Day, journal: Sequence[Row]) -> None:
    """Write for nobody else, on no other day, and over no protected code."""
    wrong = {Story.STRANGER, Story.UNKNOWN, Story.MOVED, Story.LEFT}
    home = {
        person.ps_id: place.number
        for place in day.town.places
        for person in place.people
        if person.story not in wrong and not place.is_disabled
    }
    standing: dict[int, str | None] = {}
    for row in journal:
        if row["by"] == "plugin":
            assert home.get(row["studentid"]) == row["schoolid"], row
            assert row["att_date"] == day.script.day.isoformat(), row
            assert standing.get(row["dcid"]) not in PROTECTED, row
        standing[row["dcid"]] = row["att_code"]


def _judge_rows(day: Day, journal: Sequence[Row]) -> None:
    """One row for each day or meeting, with the code that must stand there."""
    held: dict[int, dict[int, Row]] = defaultdict(dict)
    for row in journal:
        held[row["studentid"]][row["dcid"]] = row
    events = _events_of(day)
    for place in day.town.places:
        for person in place.people:
            rows = list(held[person.ps_id].values())
            _judge_person(day, place, person, rows, events.get(person.sis_id, []))


def _judge_person(
    day: Day, place: Place, person: Person, rows: Sequence[Row], events: list[Told]
) -> None:
    who = (place.number, place.mode, person.story.value, person.ps_id, events)
    if place.our_mode == "meeting":
        found = Counter(key_of(row) for row in rows)
        assert not found or max(found.values()) == 1, ("doubled", who, rows)
        meetings = day.meetings_of(person.ps_id)
        expected = expect_meetings(place, person, events, meetings)
        codes = {key_of(row): row["att_code"] or PRESENT for row in rows}
        blank = dict.fromkeys(expected, PRESENT)
        assert blank | codes == expected, (who, codes, expected)
        return
    standing = [row for row in rows if place.mode == "daily" or row["total_minutes"]]
    assert len(standing) <= 1, ("doubled", who, rows)
    code = (standing[0]["att_code"] or PRESENT) if standing else PRESENT
    assert code == expect_day(place, person, events), (who, rows)
    if place.mode == "time" and code and standing[0]["by"] == "plugin":
        assert standing[0]["total_minutes"] == expect_minutes(events), (who, rows)


def _events_of(day: Day) -> dict[str, list[Told]]:
    """Return what happened in the end, by the student's id in the roster."""
    changed: dict[str, Change] = {c.report.id: c for c in day.script.changes}
    found: dict[str, list[Told]] = defaultdict(list)
    for report in day.script.reports:
        change = changed.get(report.id)
        if change and change.is_void:
            continue
        at = change.at if change and change.at else report.at
        reason = change.reason if change and change.reason else report.reason
        found[report.person.sis_id].append(
            told(at, is_late=report.is_late, reason=reason)
        )
    return found


def _judge_log(day: Day) -> Mapping[str, int]:
    """Each event is owed once and settled, failed for the right cause or not at all."""
    rows = (
        Writeback.select(StudentEvent.external_id, Writeback.status, Writeback.cause)
        .join(StudentEvent, on=Writeback.event)
        .tuples()
    )
    log = {row[0]: row[1:] for row in rows}
    assert len(rows) == len(log)
    assert set(log) == {report.id for report in day.script.reports}
    for report in day.script.reports:
        status, cause = log[report.id]
        causes = UNTOUCHABLE.get(report.person.story)
        is_failed = causes is not None and cause in causes and status == "failed"
        is_void = (status, cause) == ("successful", "voided")
        if report.place.is_disabled:
            is_not_sent = (status, cause) == ("not_sent", "school_disabled")
            assert is_not_sent or is_void, (report, status, cause)
        elif causes is None:
            assert status == "successful", (report, status, cause)
        else:
            assert is_failed, (report, status, cause)
    assert not Attempt.select().where(Attempt.outcome == Outcome.STARTED).exists()
    return Counter(status for status, _ in log.values())
