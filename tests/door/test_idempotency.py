"""The same id and content is a duplicate, however it is spelled."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cast import NOW
from vmps.models import EventType, StudentEvent
from vmps.services.accept import ReportedEvent

from .desk import Desk, early, late


def shuffled(payload: dict[str, Any]) -> bytes:
    turned = {name: payload[name] for name in reversed(payload)}
    turned["data"] = {name: payload["data"][name] for name in reversed(payload["data"])}
    return json.dumps(turned, indent=4).encode()


@pytest.mark.parametrize(
    "again",
    [
        shuffled(late()),
        json.dumps(late(), separators=(",", ":")).encode(),
        late(900),
        late(" 900"),
        late(school_number=1817),
        late(school_number=None),
        late(reason=" Bus late "),
        late(note=None),
        late(note=""),
        late(timestamp="2026-11-23T14:14:05Z"),
        late(timestamp="2026-11-23T14:14:05.000000+00:00"),
        late(timestamp="2026-11-23T19:59:05+05:45"),
        {**late(), "id": "ignored", "extra": [1]},
    ],
)
def test_the_same_event_spelled_otherwise_is_a_duplicate(
    desk: Desk, again: object
) -> None:
    first = desk.result(late(), "evt_a")
    second = desk.result(again, "evt_a")
    assert (second["status"], second["event"]) == ("duplicate", first["event"])


@pytest.mark.parametrize(
    "again",
    [
        early(),
        late("901"),
        late(reason="Overslept"),
        late(note="x"),
        late(released_to="x"),
        late(timestamp="2026-11-23T08:14:05.000001-06:00"),
    ],
)
def test_other_content_under_the_same_id_is_a_conflict(
    desk: Desk, again: object
) -> None:
    desk.result(late(), "evt_a")
    assert desk.send(again, "evt_a").status_code == 409
    assert StudentEvent.select().count() == 1


def test_text_does_not_move_between_fields_unseen(desk: Desk) -> None:
    desk.result(late(note="a", released_to=""), "evt_a")
    assert desk.send(late(note="", released_to="a"), "evt_a").status_code == 409


def test_an_archived_students_event_sent_again_is_still_a_duplicate(
    desk: Desk,
) -> None:
    first = desk.result(late(), "evt_a")
    student = StudentEvent.get().student
    student.archived_at = NOW
    student.save()
    again = desk.result(late(), "evt_a")
    assert (again["status"], again["event"]) == ("duplicate", first["event"])


def test_a_rejected_events_id_may_be_used_again(desk: Desk) -> None:
    assert desk.send(late("nobody"), "evt_a").status_code == 422
    assert desk.result(late("900"), "evt_a")["status"] == "accepted"


def test_an_already_recorded_events_id_was_not_stored(desk: Desk) -> None:
    desk.result(late(), "evt_a")
    assert desk.result(late(), "evt_b")["status"] == "already_recorded"
    assert desk.result(early(), "evt_b")["status"] == "accepted"


def test_the_fingerprint_never_changes_between_releases(desk: Desk) -> None:
    desk.send(late(note="é"), "evt_a")
    assert StudentEvent.get().fingerprint == (
        "3e79d0c32fef6c2ce1f0157c70a872676861c9aa2b0b6bf31b9161501b03d5e7"
    )


def test_an_events_type_is_part_of_its_fingerprint(desk: Desk, oakwood: Any) -> None:
    school = oakwood.view().schools["1817"]
    both = {
        ReportedEvent("a", kind, NOW, "900", school).fingerprint for kind in EventType
    }
    assert len(both) == 2
