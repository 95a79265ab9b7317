"""Test connection reads a student's classes, as each event of a Meeting school does."""

from __future__ import annotations

import pytest

from tests.cast import NOW, Oakwood
from tests.delivery.meetings.conftest import QUERY
from tests.delivery.meetings.school import MEETING_SEED
from vmps.config import Settings
from vmps.models import School
from vmps.services.check_connection import check_connection
from vmps.services.steps import Step, StepName, StepStatus
from vmps.simulator.control import Simulator


@pytest.fixture
def config(config: dict[str, object]) -> dict[str, object]:
    """Time enough for a test of all tables."""
    return config | {"ATTEMPT_SECONDS": 20, "CALL_SECONDS": 5}


def classes(oakwood: Oakwood, settings: Settings) -> list[Step]:
    """Return what Test connection tells of classes."""
    steps = check_connection(oakwood.district, settings, actor="test", now=NOW)
    return [step for step in steps if step.name is StepName.CLASSES]


def test_classes_are_read_and_unknown_intervals_are_told(
    oakwood: Oakwood, settings: Settings, simulator: Simulator
) -> None:
    is_missing = QUERY in simulator.settings()["missing_queries"]
    (step,) = classes(oakwood, settings)
    assert step.status is (StepStatus.WARNING if is_missing else StepStatus.OK)
    assert ("intervals last at school 1817:" in step.message) is is_missing


def test_a_missing_query_alone_is_no_harm(
    oakwood: Oakwood, settings: Settings, simulator: Simulator
) -> None:
    school = MEETING_SEED["schools"][0]
    sections = [s for s in school["sections"] if s.get("mode") != "interval"]
    simulator.seed(MEETING_SEED | {"schools": [school | {"sections": sections}]})
    simulator.settings(missing_queries=[QUERY])
    (step,) = classes(oakwood, settings)
    assert step.status is StepStatus.WARNING
    assert "a call more for each event" in step.message


def test_a_field_of_classes_that_is_not_granted_is_named(
    oakwood: Oakwood, settings: Settings, simulator: Simulator
) -> None:
    simulator.settings(missing_queries=[QUERY])
    simulator.withdraw("CC", "DATEENROLLED")
    (step,) = classes(oakwood, settings)
    simulator.restore_grants()
    assert step.status is StepStatus.FAILED
    assert 'field="DateEnrolled"' in step.plugin_lines


def test_without_a_meeting_school_nobody_s_classes_are_read(
    oakwood: Oakwood, settings: Settings
) -> None:
    School.update(mode="daily").execute()
    assert classes(oakwood, settings) == []
