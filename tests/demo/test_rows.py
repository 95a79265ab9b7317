"""What the past wrote, mode by mode: the log's attempts and PowerSchool's rows."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import time
from typing import Any

import pytest

from tests.cast import NOW
from tests.demo.places import Place, attempts_of, writebacks
from vmps.demo.districts import DISTRICTS, DemoDistrict
from vmps.demo.invention import invent
from vmps.demo.school_days import EARLY_HOURS, LATE_HOURS
from vmps.models import (
    Attempt,
    AttendanceMode,
    EventType,
    Outcome,
    School,
    Status,
    StudentEvent,
    Writeback,
)
from vmps.services.planning.day import MINUTES
from vmps.simulator.district import District

Row = dict[str, Any]


def listed(text: str) -> list[Row]:
    """Return what an attempt keeps of its records: one, or one for each class."""
    found = json.loads(text)
    return found if isinstance(found, list) else [found]


def written(*clauses: Any) -> list[tuple[Writeback, Attempt]]:
    """Return what was written, with the attempts that did it."""
    found = writebacks(*clauses)
    attempts = attempts_of(found)
    return [
        (row, attempt)
        for row in found
        for attempt in attempts[row.id]
        if attempt.outcome == Outcome.WRITTEN
    ]


def written_in(
    mode: AttendanceMode, kind: EventType | None = None
) -> list[tuple[Writeback, Attempt]]:
    """Return what was written in a mode, of events that stand by themselves."""
    found = written(School.mode == mode, Writeback.cause.is_null())
    return [pair for pair in found if kind in {None, pair[0].event.type}]


@pytest.fixture(scope="module")
def rows(place: Place) -> dict[int, Row]:
    """PowerSchool's rows as the past left them, by DCID."""
    lines = place.folder.of(place.plan).journal.read_text().splitlines()
    return {line["dcid"]: line for line in map(json.loads, lines)}


def test_a_written_attempt_says_what_was_sent_and_answered(place: Place) -> None:
    by_dcid = {str(s["dcid"]): s for s in place.seed["students"]}
    for row, attempt in written():
        requests, answers = listed(attempt.request), listed(attempt.answer)
        student_id = by_dcid[row.student.sis_id]["id"]
        same = student_id, int(row.school.number), row.school_day.isoformat()
        assert {
            (sent["studentid"], sent["schoolid"], sent["att_date"]) for sent in requests
        } == {same}
        assert len(answers) == len(requests)
        assert answers[0]["dcid"] == attempt.ps_row
        seconds = (attempt.finished_at - attempt.started_at).total_seconds()
        assert 0 < seconds < 1
    assert {a.code for _, a in written()} == {"T", "TE", "ED", "A"}


def test_a_student_s_row_is_inserted_at_most_once(place: Place) -> None:
    inserted, days = Counter[int](), defaultdict(set)
    for row, attempt in written():
        for told in listed(attempt.answer):
            inserted[told["dcid"]] += told["action"] == "INSERT"
            days[told["dcid"]].add((row.student.id, row.school_day))
    assert max(inserted.values()) == 1
    assert {len(same) for same in days.values()} == {1}


def test_powerschool_holds_what_was_written(place: Place, rows: dict[int, Row]) -> None:
    for row, attempt in written_in(AttendanceMode.DAILY):
        if row.covered_by_id is None and row.event.voided_at is None:
            held = rows[attempt.ps_row]
            assert held["att_code"] == attempt.code
            assert held["att_date"] == row.school_day.isoformat()
            assert row.event.reason in held["att_comment"]


def test_time_mode_counts_minutes_and_marks_its_rows(
    place: Place, rows: dict[int, Row]
) -> None:
    found = written_in(AttendanceMode.TIME)
    assert len(found) > 100
    for row, attempt in found:
        held = rows[attempt.ps_row]
        assert [mark[0] for mark in json.loads(attempt.marks)] == [MINUTES]
        assert held["att_mode_code"] == "ATT_ModeTime"
        assert 0 < held["total_minutes"] < 330
        if attempt.prior_code is None:
            mark = int(held["att_comment"].rpartition("[vmps ")[2].rstrip("]"))
            event = StudentEvent.get_by_id(mark)
            assert (event.student_id, event.school_day) == (
                row.student_id,
                row.school_day,
            )


def test_meeting_mode_marks_classes_missed_and_left(place: Place) -> None:
    counts = Counter[int]()
    for row, attempt in written_in(AttendanceMode.MEETING, EventType.LATE_CHECK_IN):
        marks = json.loads(attempt.marks)
        counts[len(marks)] += 1
        *missed, current = [code for _, code, _ in marks]
        assert current in {"T", "TE", "A"}
        assert set(missed) <= {"A", "T", "TE"}, row.id
    assert {1, 2, 3} <= counts.keys()
    early = written_in(AttendanceMode.MEETING, EventType.EARLY_CHECK_OUT)
    assert {len(json.loads(attempt.marks)) for _, attempt in early} >= {1, 2}
    codes = {code for _, a in early for _, code, _ in json.loads(a.marks)}
    assert codes == {"ED"}


def test_classes_follow_the_cycle_day(place: Place) -> None:
    """The first two periods are the same on all days, the others are not."""
    classes = defaultdict(set)
    for _, attempt in written_in(AttendanceMode.MEETING):
        for sent in listed(attempt.request):
            classes[sent["studentid"], sent["periodid"]].add(sent["ccid"])
    counts = defaultdict(set)
    for (_, period_id), found in classes.items():
        counts[period_id % 100].add(len(found))
    assert max(counts[1]) == max(counts[2]) == 1
    assert max(counts[3] | counts[5] | counts[6]) > 1


@pytest.mark.parametrize("plan", DISTRICTS, ids=lambda plan: plan.name)
def test_events_lie_in_every_school_s_hours(plan: DemoDistrict) -> None:
    def clock(seconds: int) -> time:
        return time(seconds // 3600, seconds // 60 % 60)

    schools = District(invent(plan, NOW.date())).schools.values()
    for school in schools:
        bells = school.schedule.bell_schedules[0].bells
        assert min(clock(bell.start) for bell in bells) == LATE_HOURS[0]
        assert max(clock(bell.end) for bell in bells) >= EARLY_HOURS[1]
    modes = [school.schedule.recorded_modes for school in schools]
    assert modes == [{one.recorded_mode.value} for one in plan.schools]


def test_every_mode_has_its_past(place: Place) -> None:
    counts = Counter(
        row.school.mode for row in writebacks(Writeback.status == Status.SUCCESSFUL)
    )
    assert counts.keys() == {*AttendanceMode}
    assert min(counts.values()) > 400
