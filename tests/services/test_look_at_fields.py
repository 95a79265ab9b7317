"""What a test says of the plugin's fields: which are missing, and what that stops."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.cast import NOW, OAKWOOD_SEED, make_district, make_school
from tests.cli.stand_in import StandIn
from vmps.config import Settings
from vmps.models import AttendanceMode, Connection, District, School
from vmps.powerschool import ConnectionLost, FieldGrant, NotFound
from vmps.powerschool.plugin import ACCESS_REQUEST, Use
from vmps.services.check_connection import check_connection
from vmps.services.lacks import group_lacks, join_words, request_text
from vmps.services.look_at_fields import TableLook, judge, lacks
from vmps.services.steps import Step, StepName, StepStatus, is_good_for, sum_up
from vmps.simulator.control import Simulator

DAILY, TIME, MEETING = AttendanceMode.DAILY, AttendanceMode.TIME, AttendanceMode.MEETING
FAILED, WARNING, OK = StepStatus.FAILED, StepStatus.WARNING, StepStatus.OK
BELLS = ("BELL_SCHEDULE_ITEMS", "END_TIME")


def requested(table: str, *fields: str) -> TableLook:
    """A table of which these fields are missing."""
    return TableLook(
        tuple(
            r
            for r in ACCESS_REQUEST
            if r.grant.table == table and r.grant.field in fields
        )
    )


@pytest.mark.parametrize(
    ("told", "wanted", "is_lacking"),
    [
        ("FullAccess", "FullAccess", False),
        ("FullAccess", "ViewOnly", False),
        ("ViewOnly", "ViewOnly", False),
        ("ViewOnly", "FullAccess", True),
        ("NoAccess", "ViewOnly", True),
        ("BlackListNoAccess", "ViewOnly", True),
        ("SomethingNew", "FullAccess", False),
        ("", "ViewOnly", False),
    ],
)
def test_a_field_is_missing_where_less_is_granted_than_is_needed(
    told: str, wanted: str, is_lacking: bool
) -> None:
    access = {"att_comment": told} if told else {}
    assert lacks(access, FieldGrant("ATTENDANCE", "ATT_COMMENT", wanted)) is is_lacking


@pytest.mark.parametrize(
    ("table", "field", "modes", "status", "stops"),
    [
        ("STUDENTS", "EXITDATE", {DAILY}, FAILED, "for all attendance modes"),
        ("ATTENDANCE", "CCID", {DAILY}, WARNING, "for Meeting mode; no enabled"),
        ("ATTENDANCE", "CCID", {DAILY, MEETING}, FAILED, "for Meeting mode"),
        ("ATTENDANCE", "TOTAL_MINUTES", {TIME}, FAILED, "for Time mode"),
        ("ATTENDANCE", "ATT_COMMENT", {DAILY}, WARNING, "for comments"),
        ("PREFS", "VALUE", {DAILY}, WARNING, "for checking the attendance mode"),
        (*BELLS, {DAILY}, WARNING, "Meeting mode and half days in Daily mode"),
        (*BELLS, {TIME}, FAILED, "for Time mode, Meeting mode and"),
        (*BELLS, set(), WARNING, "Daily mode; no enabled"),
    ],
)
def test_a_missing_field_fails_only_what_a_school_has(  # noqa: PLR0917 a case
    table: str,
    field: str,
    modes: set[AttendanceMode],
    status: StepStatus,
    stops: str,
) -> None:
    (step,) = judge({table: requested(table, field)}, modes)
    assert (step.name, step.status) == (StepName.FIELDS, status)
    assert step.message.startswith("1 field is missing, needed for ")
    assert stops in step.message
    assert f'field="{field}"' in step.plugin_lines


def test_all_granted_is_one_line() -> None:
    tables = {r.grant.table: TableLook() for r in ACCESS_REQUEST}
    (step,) = judge(tables, {DAILY})
    assert step.status is OK
    assert step.message == f"all {len(ACCESS_REQUEST)} fields of {len(tables)} tables"


def test_a_mode_that_lacks_nothing_is_good_although_another_is_not() -> None:
    chain = [Step(n, OK, "") for n in (StepName.REACH, StepName.TOKEN, StepName.PLUGIN)]
    steps = [*chain, *judge({"CC": requested("CC", "DATELEFT")}, {DAILY, MEETING})]
    assert is_good_for("daily", steps)
    assert not is_good_for("meeting", steps)
    assert "does not work yet: 1 step failed" in sum_up(steps)


def test_a_table_that_is_not_there_is_told_where_a_school_needs_it() -> None:
    looks = {
        "PERIOD": TableLook(error=NotFound("no such resource")),
        "CC": TableLook(error=NotFound("no such resource")),
    }
    (quiet,) = judge(looks, {DAILY})
    assert quiet.status is OK
    (step,) = judge(looks, {MEETING})
    assert step.status is FAILED
    assert "no tables PERIOD and CC, needed for Meeting mode" in step.message


def test_a_table_that_only_half_days_need_is_a_warning() -> None:
    looks = {"BELL_SCHEDULE_ITEMS": TableLook(error=NotFound("no such resource"))}
    (step,) = judge(looks, {DAILY})
    assert step.status is WARNING
    assert step.message.endswith("Meeting mode and half days in Daily mode")


def test_what_could_not_be_asked_is_a_warning() -> None:
    looks = {"CC": TableLook(error=ConnectionLost("The connection broke."))}
    (step,) = judge(looks, {DAILY})
    assert step.status is WARNING
    assert step.fix == "Test again in a minute."


def test_the_lines_are_grouped_by_what_waits_for_them() -> None:
    looks = {
        "CC": requested("CC", "DATELEFT", "ID"),
        "ATTENDANCE": requested("ATTENDANCE", "DCID", "ATT_COMMENT"),
    }
    steps = judge(looks, {DAILY})
    assert request_text(group_lacks(steps)).splitlines() == [
        "<!-- Needed for all attendance modes: -->",
        '<field table="ATTENDANCE" field="DCID" access="ViewOnly"/>',
        "<!-- Needed for Meeting mode: -->",
        '<field table="CC" field="ID" access="ViewOnly"/>',
        '<field table="CC" field="DATELEFT" access="ViewOnly"/>',
        "<!-- Needed for comments: -->",
        '<field table="ATTENDANCE" field="ATT_COMMENT" access="FullAccess"/>',
    ]


@pytest.mark.parametrize(
    ("words", "joined"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_words_are_joined_as_people_do(words: list[str], joined: str) -> None:
    assert join_words(words) == joined


@pytest.fixture
def district(settings: Settings) -> District:
    """Oakwood with one school in Daily mode."""
    district = make_district()
    make_school(district)
    return district


def connect(district: District, url: str) -> None:
    Connection.create(
        district=district,
        base_url=url,
        client_id=OAKWOOD_SEED["client_id"],
        client_secret_token=Connection.seal(OAKWOOD_SEED["client_secret"]),
    )


@pytest.fixture
def fields(district: District, settings: Settings) -> Callable[[], tuple[Step, ...]]:
    """Test the connection; return its steps about fields."""

    def found() -> tuple[Step, ...]:
        steps = check_connection(district, settings, actor="user:1", now=NOW)
        return tuple(step for step in steps if step.name is StepName.FIELDS)

    return found


@pytest.fixture
def simulator(shared_simulator: Simulator, district: District) -> Iterator[Simulator]:
    """A healthy PowerSchool that is Oakwood's."""
    shared_simulator.seed(OAKWOOD_SEED)
    connect(district, shared_simulator.url)
    yield shared_simulator
    shared_simulator.restore_grants()


@pytest.mark.parametrize(
    "grant",
    [r.grant for r in ACCESS_REQUEST if r.grant.table in {"ATTENDANCE", "PREFS"}],
)
def test_each_withdrawn_field_is_found_by_its_line(
    simulator: Simulator, fields: Callable[[], tuple[Step, ...]], grant: FieldGrant
) -> None:
    simulator.withdraw(grant.table, grant.field)
    (step,) = fields()
    assert step.plugin_lines == grant.plugin_line()


def test_a_test_makes_few_calls(
    simulator: Simulator, fields: Callable[[], tuple[Step, ...]]
) -> None:
    simulator.reset_calls()
    fields()
    tables = {r.grant.table for r in ACCESS_REQUEST}
    assert sum(simulator.calls().values()) <= len(tables) * 2 + 8


@pytest.fixture
def old(district: District) -> Iterator[StandIn]:
    """A PowerSchool that tells nobody's access."""
    with StandIn() as server:
        connect(district, server.url)
        yield server
        server.shutdown()


def test_an_old_powerschool_is_read_instead(
    old: StandIn, fields: Callable[[], tuple[Step, ...]]
) -> None:
    (step,) = fields()
    assert step.status is OK
    assert "does not tell whether they can be written" in step.message


def test_an_old_powerschool_names_what_it_refuses(
    old: StandIn, fields: Callable[[], tuple[Step, ...]]
) -> None:
    old.refused = {"cc": ["dateleft"], "students": ["exitdate"]}
    School.update(mode="meeting").execute()
    steps = fields()
    assert {use for step in steps for lack in step.lacks for use in lack.uses} == {
        Use.DAILY, Use.TIME, Use.MEETING,
    }  # fmt: skip
    assert {step.status for step in steps} == {FAILED}
