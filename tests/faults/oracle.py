"""The oracle: what every accepted event must have become in PowerSchool's journal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tests.faults.days import codes_of, minutes_of, place_of
from tests.faults.homes import ZONE, school_morning
from tests.faults.kiosk import FrontDesk
from vmps.models import Attempt, Outcome, Status, StudentEvent, Writeback

#: Student, day and place (the day, or one of its classes).
Key = tuple[int, str, str]


@dataclass(frozen=True)
class Findings:
    """What exactly once had to stand up to."""

    events: int
    ambiguous_attempts: int
    #: Of these, the ones that ended with their process.
    interrupted_attempts: int
    #: Writes that changed no code: a second try of what was already there.
    repeated_writes: int


def judge(desk: FrontDesk) -> Findings:
    """Compare what one district's kiosk was promised with what PowerSchool took."""
    assert desk.accepted, "the kiosk reported nothing"
    _judge_writebacks(desk)
    repeated = _judge_journal(desk)
    if desk.home.mode == "time":
        _judge_minutes(desk)
    attempts = list(Attempt.select(Attempt.outcome, Attempt.cause).tuples())
    return Findings(
        events=len(desk.accepted),
        ambiguous_attempts=sum(row[0] == Outcome.AMBIGUOUS for row in attempts),
        interrupted_attempts=attempts.count((Outcome.AMBIGUOUS, "interrupted")),
        repeated_writes=repeated,
    )


def _judge_writebacks(desk: FrontDesk) -> None:
    """Every accepted event is owed once, and settled; nothing is in limbo."""
    rows = (
        Writeback.select(StudentEvent.external_id, Writeback.status, Writeback.cause)
        .join(StudentEvent, on=Writeback.event)
        .where(Writeback.district == desk.home.district_id)
        .tuples()
    )
    found = {row[0]: row[1:] for row in rows}
    promised = {sent.id for sent in desk.accepted}
    assert len(promised) == len(desk.accepted), "the kiosk used an id twice"
    assert set(found) == promised, "events lost, or stored without a promise"
    unsettled = {i: row for i, row in found.items() if row[0] != Status.SUCCESSFUL}
    assert not unsettled
    begun = Attempt.select().where(Attempt.outcome == Outcome.STARTED)
    assert not begun.exists(), "an attempt never ended"


def _judge_journal(desk: FrontDesk) -> int:
    """One INSERT a student and place, the codes in order, nobody else's row."""
    expected = _expected(desk)
    written: dict[Key, list[dict[str, Any]]] = defaultdict(list)
    for change in desk.home.simulator.journal():
        place = place_of(desk.home.simulator, change)
        written[change["studentid"], change["att_date"], place].append(change)
    assert set(written) == set(expected), "rows are missing, or somebody else's"
    repeated = 0
    for key, changes in written.items():
        actions = [change["action"] for change in changes]
        assert actions == ["INSERT"] + ["UPDATE"] * (len(changes) - 1), key
        assert len({change["dcid"] for change in changes}) == 1, key
        codes = [change["att_code"] for change in changes]
        different = _without_repeats(codes)
        repeated += len(codes) - len(different)
        assert different[-1] == expected[key][-1], (key, codes)
        assert _is_in_order(different, expected[key]), (key, codes)
    return repeated


def _judge_minutes(desk: FrontDesk) -> None:
    """Time mode: the minutes of each student's only event."""
    journal = desk.home.simulator.journal()
    held = {change["studentid"]: change["total_minutes"] for change in journal}
    assert held == {
        desk.home.ps_ids[sent.sis_id]: minutes_of(
            sent.code, (sent.occurred_at - school_morning()).seconds
        )
        for sent in desk.accepted
    }


def _expected(desk: FrontDesk) -> dict[Key, list[str]]:
    """Return the codes of each student and place, in the order of the events."""
    found: dict[Key, list[str]] = defaultdict(list)
    for sent in sorted(desk.accepted, key=lambda sent: sent.occurred_at):
        day = sent.occurred_at.astimezone(ZoneInfo(ZONE)).date().isoformat()
        for place, code in codes_of(desk.home.mode, sent.code).items():
            found[desk.home.ps_ids[sent.sis_id], day, place].append(code)
    return found


def _without_repeats(codes: Sequence[str]) -> list[str]:
    return [
        code
        for place, code in enumerate(codes)
        if place == 0 or code != codes[place - 1]
    ]


def _is_in_order(codes: Sequence[str], expected: Sequence[str]) -> bool:
    """Tell whether `codes` are some of the expected ones, none taken back."""
    rest = iter(expected)
    return all(code in rest for code in codes)
