"""Real threads at the door: one effect, whatever arrives at the same moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.threads import at_once as start_together
from vmps.models import StudentEvent, Writeback

from .desk import Desk, batch, early, late

THREADS = 16


def at_once(send: Callable[[int], Any], times: int = THREADS) -> list[Any]:
    """Call `send` in so many threads, all starting together."""
    return start_together(send, times)


def tally(results: list[Any]) -> Counter[str]:
    return Counter(result["status"] for result in results)


def test_the_same_event_16_times_at_once_is_accepted_once(desk: Desk) -> None:
    results = at_once(lambda number: desk.result(late(), "evt_a"))
    assert tally(results) == {"accepted": 1, "duplicate": 15}
    assert {result["event"] for result in results} == {StudentEvent.get().id}
    assert StudentEvent.select().count() == Writeback.select().count() == 1


def test_two_reports_of_one_student_at_once_are_one_event(desk: Desk) -> None:
    results = at_once(lambda number: desk.result(late(), f"evt_{number}"), 2)
    assert tally(results) == {"accepted": 1, "already_recorded": 1}
    assert results[0]["event"] == results[1]["event"]


def test_16_reports_of_one_student_at_once_are_one_event(desk: Desk) -> None:
    results = at_once(lambda number: desk.result(late(), f"evt_{number}"))
    assert tally(results) == {"accepted": 1, "already_recorded": 15}
    assert len({result["event"] for result in results}) == 1


def test_one_id_for_two_students_at_once_is_a_conflict(desk: Desk) -> None:
    answers = at_once(lambda number: desk.send(late(900 + number), "evt_a"), 2)
    assert sorted(answer.status_code for answer in answers) == [202, 409]
    events = {answer.get_json()["results"][0]["event"] for answer in answers}
    assert events == {StudentEvent.get().id}


def test_in_and_out_at_once_are_both_accepted(desk: Desk) -> None:
    kinds = (late, early)
    results = at_once(lambda number: desk.result(kinds[number](), f"evt_{number}"), 2)
    assert tally(results) == {"accepted": 2}


def test_the_same_batch_in_other_orders_at_once_is_stored_once(desk: Desk) -> None:
    events = [late(str(n), id=f"e{n}") for n in range(900, 904)]

    def send(number: int) -> Any:
        turn = number % 4
        ordered = events[turn:] + events[:turn]
        return desk.results(batch(*(reversed(ordered) if number % 2 else ordered)))

    results = [row for rows in at_once(send) for row in rows]
    assert tally(results) == {"accepted": 4, "duplicate": 60}
    assert Writeback.select().count() == 4
