"""Testing a connection: one at a time, inside its deadline, in people's words."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from tests.cast import NOW, make_district, make_school
from tests.cli.stand_in import StandIn
from vmps import db
from vmps.config import Settings
from vmps.models import Connection, District
from vmps.services.check_connection import check_connection
from vmps.services.page_calls import place_for_call
from vmps.services.problems import Missing, Problem
from vmps.services.steps import Step, StepName, StepStatus


class Slow(StandIn):
    """Answers when it is let, or after so many seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.go = threading.Event(), threading.Event()
        self.seconds = 20.0

    def answer(self, path: str) -> tuple[int, object]:
        self.asked.set()
        self.go.wait(self.seconds)
        status, payload = super().answer(path)
        return status, payload


@pytest.fixture
def slow() -> Iterator[Slow]:
    """A PowerSchool that takes its time."""
    with Slow() as server:
        yield server
        server.go.set()
        server.shutdown()


@pytest.fixture
def district(settings: Settings) -> District:
    """Oakwood with one school."""
    district = make_district()
    make_school(district)
    return district


def connect(district: District, url: str, **more: object) -> None:
    given = {
        "base_url": url,
        "client_id": "id",
        "client_secret_token": Connection.seal("first-secret"),
    }
    Connection.create(district=district, **(given | more))


def check(district: District, settings: Settings) -> list[Step]:
    return check_connection(district, settings, actor="user:1", now=NOW)


def test_a_second_test_of_a_district_is_told_of_the_first(
    district: District, settings: Settings, slow: Slow
) -> None:
    connect(district, slow.url)
    ends: list[list[Step]] = []

    def first() -> None:
        ends.append(check(district, settings))
        db.drop_connection()

    thread = threading.Thread(target=first)
    thread.start()
    assert slow.asked.wait(10)
    with pytest.raises(Problem, match="running already"):
        check(district, settings)
    slow.go.set()
    thread.join(10)
    assert ends[0][0].status is StepStatus.OK


def test_tests_of_many_districts_leave_threads_for_kiosks(
    district: District, settings: Settings, slow: Slow
) -> None:
    connect(district, slow.url)
    with (
        place_for_call(),
        place_for_call(),
        pytest.raises(Problem, match="Others are asking PowerSchool"),
    ):
        check(district, settings)
    assert not slow.asked.is_set()
    slow.go.set()
    assert check(district, settings)[0].status is StepStatus.OK


def test_the_next_test_may_begin_when_one_broke(
    district: District, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(district, "http://127.0.0.1:1")
    monkeypatch.setattr(settings, "attempt_seconds", "broken")
    with pytest.raises(TypeError):
        check(district, settings)
    monkeypatch.undo()
    assert check(district, settings)[0].status is StepStatus.FAILED


def test_all_calls_together_keep_the_deadline(
    district: District, settings: Settings, slow: Slow
) -> None:
    connect(district, slow.url)
    slow.seconds = 0.3
    settings.attempt_seconds, settings.call_seconds = 1.0, 0.8
    began = time.monotonic()
    steps = check(district, settings)
    assert time.monotonic() - began < 3
    assert steps[0].status is StepStatus.OK
    assert any(step.status is StepStatus.FAILED for step in steps)


def test_a_district_without_schools_is_told(settings: Settings) -> None:
    with StandIn() as server:
        district = make_district("Elm")
        connect(district, server.url)
        steps = check(district, settings)
        server.shutdown()
    fields = next(step for step in steps if step.name is StepName.FIELDS)
    assert (fields.status, fields.label) == (
        StepStatus.FAILED,
        "What the plugin may use",
    )


def test_a_secret_that_cannot_be_read_is_a_step(
    district: District, settings: Settings
) -> None:
    connect(district, "https://oakwood.example", client_secret_token="damaged")
    (step,) = check(district, settings)
    assert (step.name, step.status) == (StepName.TOKEN, StepStatus.FAILED)
    assert "Save the Client Secret" in step.fix


def test_nothing_saved_is_one_sentence_without_a_command(
    district: District, settings: Settings
) -> None:
    with pytest.raises(Missing) as caught:
        check(district, settings)
    assert "`" not in caught.value.message


@pytest.mark.parametrize("name", list(StepName))
def test_every_step_has_words_for_people(name: StepName) -> None:
    assert name.label[0].isupper()
    assert "_" not in name.label
