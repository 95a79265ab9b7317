"""Many events in one request: each is answered alone, in order."""

from __future__ import annotations

import pytest

from vmps.models import StudentEvent, Writeback
from vmps.services.void import void_event

from .desk import Desk, batch, early, late


def test_neighbours_of_a_bad_event_are_accepted_in_order(desk: Desk) -> None:
    results = desk.results(
        batch(
            late("900", id="a"),
            late("nobody", id="b"),
            late("901", id="c", school_number="9999"),
            late("902", id="d", timestamp="yesterday"),
            late("903", id="e"),
        )
    )
    assert [row["status"] for row in results] == [
        "accepted", "rejected", "rejected", "rejected", "accepted",
    ]  # fmt: skip
    assert [row["id"] for row in results] == ["a", "b", "c", "d", "e"]
    assert [row.get("field") for row in results] == [
        None, "data.student_id", "data.school_number", "timestamp", None,
    ]  # fmt: skip
    assert {event.external_id for event in StudentEvent} == {"a", "e"}


def test_a_rejected_event_of_a_batch_is_answered_as_published(desk: Desk) -> None:
    assert desk.results(batch(late("nobody", id="a"))) == [
        {
            "id": "a",
            "status": "rejected",
            "detail": "No student of the district has this id.",
            "field": "data.student_id",
        }
    ]


def test_each_accepted_event_is_answered_with_its_own_id(desk: Desk) -> None:
    results = desk.results(batch(*[late(str(n), id=f"e{n}") for n in range(900, 904)]))
    stored = {event.external_id: event.id for event in StudentEvent}
    assert {row["id"]: row["event"] for row in results} == stored
    assert Writeback.select().count() == 4


@pytest.mark.parametrize(
    "event_id", [None, "", 5, True, [], "x" * 257, "\x00", "\ud800"]
)
def test_an_event_without_a_usable_id_is_rejected(desk: Desk, event_id: object) -> None:
    bad, good = desk.results(batch(late("900", id=event_id), late("901", id="b")))
    assert (bad["id"], bad["status"], bad["field"]) == (None, "rejected", "id")
    assert good["status"] == "accepted"


@pytest.mark.parametrize("event", [None, "text", 5, [], [late()]])
def test_an_event_that_is_no_object_is_rejected(desk: Desk, event: object) -> None:
    bad, good = desk.results(batch(event, late("901", id="b")))
    assert (bad["id"], bad["status"], bad["field"]) == (None, "rejected", "event")
    assert good["status"] == "accepted"


def test_the_same_event_twice_is_accepted_once(desk: Desk) -> None:
    first, second = desk.results(batch(late(id="a"), late(id="a")))
    assert (first["status"], second["status"]) == ("accepted", "duplicate")
    assert first["event"] == second["event"] == StudentEvent.get().id


def test_one_id_for_two_contents_is_a_conflict_with_the_first(desk: Desk) -> None:
    first, second = desk.results(batch(late("900", id="a"), late("901", id="a")))
    assert (first["status"], second["status"]) == ("accepted", "conflict")
    assert first["event"] == second["event"]
    assert second["field"] == "id"


def test_a_repeated_report_names_the_first_of_the_batch(desk: Desk) -> None:
    other, first, second = desk.results(
        batch(late("901", id="o"), late("900", id="a"), late("900", id="b"))
    )
    assert second["status"] == "already_recorded"
    assert second["event"] == first["event"] != other["event"]
    assert second["detail"] == "Late Check-in was recorded at 8:14 AM."


def test_a_repeated_report_names_the_stored_event(desk: Desk) -> None:
    stored = desk.result(late("900"))
    again, new = desk.results(batch(late("900", id="a"), late("901", id="b")))
    assert (again["status"], again["event"]) == ("already_recorded", stored["event"])
    assert new["status"] == "accepted"
    assert new["event"] != stored["event"]


def test_a_rejected_event_names_no_event_even_if_its_id_is_used_after(
    desk: Desk,
) -> None:
    bad, good = desk.results(batch(late("nobody", id="a"), late("900", id="a")))
    assert (bad["status"], good["status"]) == ("rejected", "accepted")
    assert "event" not in bad


def test_out_and_in_again_in_one_batch_are_three_events(desk: Desk) -> None:
    results = desk.results(
        batch(
            late(id="a", timestamp="2026-11-23T08:00:00-06:00"),
            early(id="b", timestamp="2026-11-23T08:05:00-06:00"),
            late(id="c", timestamp="2026-11-23T08:10:00-06:00"),
        )
    )
    assert [row["status"] for row in results] == ["accepted"] * 3


def test_single_and_batched_events_share_one_namespace(desk: Desk) -> None:
    alone = desk.result(late("900"), "evt_a")
    same, other = desk.results(batch(late("900", id="evt_a"), late("901", id="evt_b")))
    assert (same["status"], same["event"]) == ("duplicate", alone["event"])
    assert desk.result(late("901"), "evt_b")["event"] == other["event"]
    assert desk.send(late("902"), "evt_b").status_code == 409


def test_the_id_of_the_batch_itself_is_no_events_id(desk: Desk) -> None:
    desk.results(batch(late("900", id="a")), "evt_batch")
    assert desk.result(late("901"), "evt_batch")["status"] == "accepted"


def test_a_batch_sent_again_is_all_duplicates(desk: Desk) -> None:
    payload = batch(*[late(str(n), id=f"e{n}") for n in range(900, 904)])
    first = desk.results(payload)
    again = desk.results(payload)
    assert [row["status"] for row in again] == ["duplicate"] * 4
    assert [row["event"] for row in again] == [row["event"] for row in first]


def test_500_events_are_stored_at_once(desk: Desk) -> None:
    events = [
        late("900" if n % 2 else "901", id=f"e{n}", timestamp=moment(n),
             type="student.late_check_in" if n % 4 < 2 else "student.early_check_out")
        for n in range(500)
    ]  # fmt: skip
    results = desk.results(batch(*events))
    assert [row["status"] for row in results] == ["accepted"] * 500
    assert StudentEvent.select().count() == Writeback.select().count() == 500


def moment(number: int) -> str:
    return f"2026-11-23T{number // 60:02}:{number % 60:02}:00Z"


def test_a_duplicate_of_a_voided_event_stays_a_duplicate(desk: Desk) -> None:
    first = desk.result(late(), "evt_a")
    void_event(first["event"], actor="test", now=desk.clock[0])
    (again,) = desk.results(batch(late(id="evt_a")))
    assert (again["status"], again["event"]) == ("duplicate", first["event"])
