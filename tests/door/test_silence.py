"""What the door keeps to itself: no line it writes holds a name, reason or secret."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests.servers import free_port
from vmps import db
from vmps.jobs.doorbell import Doorbell
from vmps.models import Kiosk, Student
from vmps.services import bell, store

from .desk import Desk, batch, late, sign

PRIVATE = ("Maria", "Lopez", "Appendicitis", "Grandmother", "Nosebleed", "MfKQ9r8GKY")


class Lines(logging.Handler):
    """Every line of every logger, formatted with its traceback."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.text = ""
        self.setFormatter(logging.Formatter("%(levelname)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        if record.name != "peewee":
            self.text += self.format(record) + "\n"


@pytest.fixture
def lines(desk: Desk) -> Iterator[Lines]:
    """All that is logged at DEBUG, except the statements of the ORM's own logger."""
    heard = Lines()
    ours = logging.getLogger("vmps")
    ours.setLevel(logging.DEBUG)
    others = logging.getLogger()
    level = others.level
    others.setLevel(logging.DEBUG)
    for logger in (ours, others, desk.app.logger):
        logger.addHandler(heard)
    yield heard
    for logger in (ours, others, desk.app.logger):
        logger.removeHandler(heard)
    others.setLevel(level)


def private(**more: object) -> dict[str, object]:
    words = {"reason": "Appendicitis", "released_to": "Grandmother"}
    return late(**{**words, "note": "Nosebleed", **more})


def told(text: str) -> list[str]:
    return [word for word in PRIVATE if word in text]


def test_no_answer_tells_a_name_a_reason_or_a_secret(desk: Desk, lines: Lines) -> None:
    answers = [
        desk.send(private(), "evt_a"),
        desk.send(private(), "evt_a"),
        desk.send(private(), "evt_b"),
        desk.send(private(note="other"), "evt_a"),
        desk.send(private(student_id="nobody")),
        desk.send(private(school_number="9")),
        desk.send(batch(private(id="evt_a"), private(id="evt_c", type="x"))),
        desk.send(private(), headers={"webhook-signature": "v1,x"}),
        desk.send(private(reason="Appendicitis" * 200)),
    ]
    assert [told(answer.text) for answer in answers] == [[]] * len(answers)
    assert told(lines.text) == []


def test_an_archived_student_is_not_named(desk: Desk, lines: Lines) -> None:
    Student.update(archived_at=desk.clock[0]).execute()
    assert told(desk.send(private()).text) == []
    assert told(lines.text) == []


def test_a_broken_bell_names_the_district_only(desk: Desk, lines: Lines) -> None:
    bell.bind(Doorbell(f"redis://127.0.0.1:{free_port()}/0").ring)
    desk.result(private())
    bell.bind(Doorbell("").ring)
    assert "doorbell.broken" in lines.text
    assert told(lines.text) == []


def test_a_database_that_fails_is_not_quoted(
    desk: Desk, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_ADD_EVENTS", store._ADD_EVENTS.replace("note", "x"))
    answer = desk.send(private())
    assert answer.status_code >= 500
    assert told(answer.text) == []
    assert "student_event" not in answer.text
    assert told(lines.text) == []


def test_a_row_that_the_database_refuses_is_not_quoted(
    desk: Desk, lines: Lines
) -> None:
    db.database.execute_sql(
        "CREATE UNIQUE INDEX refuses ON student_event (first_name, note)"
    )
    try:
        desk.send(private(), "evt_a")
        refused = desk.send(private(type="student.early_check_out"), "evt_b")
    finally:
        db.database.execute_sql("DROP INDEX refuses")
    assert refused.status_code == 500
    assert "web.database_error" in lines.text
    assert told(refused.text) == []
    assert told(lines.text) == []


def test_a_kiosks_view_never_shows_its_secrets(desk: Desk) -> None:
    door = desk.app.extensions["vmps.door"]
    view = door.kiosks.find("ksk_oakwood")
    assert told(f"{view} {view!r}") == []
    assert told(repr(Kiosk.get().__data__)) == []


def test_a_wrong_signature_does_not_tell_the_right_one(desk: Desk) -> None:
    right = sign(b"{}", "evt_a")
    answer = desk.post(b"{}", {**right, "webhook-signature": "v1,AAAA"})
    assert right["webhook-signature"].removeprefix("v1,") not in answer.text
