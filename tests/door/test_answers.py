"""What a kiosk is told about one event, as published."""

from __future__ import annotations

from tests.cast import Oakwood, make_kiosk, make_school
from vmps.models import StudentEvent, Writeback

from .desk import Desk, early, late


def test_an_accepted_event_is_answered_as_published(desk: Desk) -> None:
    answer = desk.send(late(), "evt_a")
    assert answer.status_code == 202
    assert answer.content_type == "application/json"
    event = StudentEvent.get()
    assert answer.get_json() == {
        "results": [{"id": "evt_a", "status": "accepted", "event": event.id}]
    }


def test_an_accepted_event_is_kept_as_it_was_reported(
    desk: Desk, oakwood: Oakwood
) -> None:
    desk.send(early(note=" Dr. Lee ", released_to="Grandmother"), "evt_a")
    event = StudentEvent.get()
    assert (event.external_id, event.type) == ("evt_a", "early_check_out")
    assert (event.reason, event.note) == ("Bus late", "Dr. Lee")
    assert event.released_to == "Grandmother"
    assert (event.first_name, event.last_name, event.grade) == ("Maria0", "Lopez0", "9")


def test_an_accepted_event_owes_one_writeback_due_now(desk: Desk) -> None:
    desk.send(late())
    owed = Writeback.get()
    assert (owed.status, owed.due_at) == ("pending", desk.clock[0])
    assert (owed.give_up_at - owed.due_at).total_seconds() == 72 * 3600
    assert owed.event_id == StudentEvent.get().id


def test_a_duplicate_is_answered_with_the_first_event(desk: Desk) -> None:
    first = desk.result(late(), "evt_a")
    again = desk.send(late(), "evt_a")
    assert again.status_code == 202
    assert again.get_json()["results"] == [
        {"id": "evt_a", "status": "duplicate", "event": first["event"]}
    ]
    assert StudentEvent.select().count() == Writeback.select().count() == 1


def test_already_recorded_names_the_first_event_and_its_local_time(desk: Desk) -> None:
    first = desk.result(late(), "evt_a")
    again = desk.result(late(timestamp="2026-11-23T08:15:00-06:00"), "evt_b")
    assert again == {
        "id": "evt_b",
        "status": "already_recorded",
        "event": first["event"],
        "detail": "Late Check-in was recorded at 8:14 AM.",
    }


def test_a_single_conflict_is_409_and_names_the_first_event(desk: Desk) -> None:
    first = desk.result(late(), "evt_a")
    answer = desk.send(late("901"), "evt_a")
    assert answer.status_code == 409
    assert answer.get_json()["results"] == [
        {
            "id": "evt_a",
            "status": "conflict",
            "event": first["event"],
            "detail": "This id was used before for an event with other content.",
            "field": "id",
        }
    ]


def test_a_single_rejected_event_is_a_problem_that_names_the_field(desk: Desk) -> None:
    answer = desk.send(late("nobody"))
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.get_json() == {
        "type": "about:blank",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "No student of the district has this id.",
        "field": "data.student_id",
    }


def test_two_kiosks_may_use_the_same_ids(desk: Desk, oakwood: Oakwood) -> None:
    make_kiosk(oakwood.district, [oakwood.school], "ksk_back_door")
    back_door = Desk(desk.app, "ksk_back_door")
    assert desk.result(late("900"), "evt_a")["status"] == "accepted"
    assert back_door.result(late("901"), "evt_a")["status"] == "accepted"


def test_a_kiosk_may_send_student_numbers(desk: Desk, oakwood: Oakwood) -> None:
    oakwood.kiosk.id_kind = "student_number"
    oakwood.kiosk.save()
    assert desk.result(late("104802"))["status"] == "accepted"
    assert StudentEvent.get().student_id == oakwood.students[2].id


def test_an_event_is_of_the_school_that_the_kiosk_named(
    desk: Desk, oakwood: Oakwood
) -> None:
    north = make_school(oakwood.district, "1820")
    make_kiosk(oakwood.district, [oakwood.school, north], "ksk_two")
    Desk(desk.app, "ksk_two").result(late(school_number=1820))
    assert StudentEvent.get().school_id == north.id
