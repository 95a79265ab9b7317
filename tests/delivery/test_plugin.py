"""What the plugin asks for is what deliveries need, and each field is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from tests.cast import OAKWOOD_SEED, Oakwood, make_oakwood
from tests.delivery.conftest import Deliver, codes_written, end_of
from vmps.config import Settings
from vmps.models import Writeback
from vmps.powerschool import FieldGrant
from vmps.powerschool.plugin import ACCESS_REQUEST, Edition, Use, pack, plugin_xml
from vmps.services.across import FEW
from vmps.services.drain import Dispatcher, drain
from vmps.simulator.control import Simulator

Install = Callable[[Iterable[FieldGrant]], tuple[Oakwood, Simulator]]

ALL = [requested.grant for requested in ACCESS_REQUEST]
OF_DAILY = [r.grant for r in ACCESS_REQUEST if Use.DAILY in r.uses]


@pytest.fixture
def install(settings: Settings, tmp_path: Path) -> Iterator[Install]:
    """Connect Oakwood to a PowerSchool whose administrator installed such a plugin."""
    running: list[Simulator] = []

    def start(fields: Iterable[FieldGrant]) -> tuple[Oakwood, Simulator]:
        file = tmp_path / "plugin.zip"
        xml = plugin_xml(
            Edition.FROM_25_2, version="1.0", contact="a@b.c", fields=list(fields)
        )
        file.write_bytes(pack(xml))
        simulator = Simulator.start(tmp_path / "ps", seed=OAKWOOD_SEED, plugin=file)
        running.append(simulator)
        return make_oakwood(simulator.url), simulator

    yield start
    for simulator in running:
        simulator.stop()


def test_a_field_missing_from_the_plugin_stops_the_delivery_and_is_named(
    install: Install, dispatcher: Dispatcher
) -> None:
    missing = FieldGrant("ATTENDANCE", "ATT_DATE", "FullAccess")
    oakwood, simulator = install(grant for grant in ALL if grant != missing)
    oakwood.report()
    drain(oakwood.district.id, dispatcher)
    assert end_of() == ("pending", "fields_not_granted")
    assert missing.field in Writeback.get().detail.upper()
    assert codes_written(simulator) == []


def test_daily_mode_needs_no_field_of_anything_else(
    install: Install, dispatcher: Dispatcher
) -> None:
    oakwood, simulator = install(OF_DAILY)
    oakwood.report()
    drain(oakwood.district.id, dispatcher)
    assert end_of() == ("successful", None)
    assert codes_written(simulator) == ["T"]


@pytest.mark.parametrize("field", OF_DAILY, ids=lambda f: f"{f.table}.{f.field}")
def test_daily_mode_needs_each_of_its_own_fields(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, field: FieldGrant
) -> None:
    simulator.withdraw(field.table, field.field)
    # So many that they are read back as a batch.
    events = [oakwood.report(student).event for student in range(FEW + 1)]
    deliver()
    assert {end_of(event) for event in events} == {("pending", "fields_not_granted")}
