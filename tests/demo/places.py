"""Small districts of the demo in the bound database, and their PowerSchool."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.cast import NOW
from tests.servers import free_port
from vmps.demo.districts import OAKWOOD, DemoDistrict
from vmps.demo.folder import DemoFolder
from vmps.demo.history import write_history
from vmps.demo.invention import keep_seed
from vmps.demo.passwords import make_password
from vmps.demo.set_up import set_up
from vmps.models import (
    Attempt,
    District,
    School,
    Student,
    StudentEvent,
    Writeback,
)
from vmps.simulator.control import Simulator

#: As many events a day as in the demo, of fewer students.
SMALL = replace(OAKWOOD, students_per_school=150, late_share=0.2)


@dataclass(frozen=True)
class Place:
    """A district with its past, and the seed of its PowerSchool."""

    district: District
    seed: dict[str, Any]
    plan: DemoDistrict
    written: int
    folder: DemoFolder

    def start_powerschool(self) -> Simulator:
        """Start the simulator with what the past left, where the district is connected.

        The demo starts it so, too.
        """
        mine = self.folder.of(self.plan)
        shutil.copy(mine.seed, mine.simulator / "district.json")
        port = self.folder.simulator_url(self.plan).rpartition(":")[2]
        return Simulator.start(mine.simulator, port=int(port))


def make_place(path: Path, database_url: str, plan: DemoDistrict = SMALL) -> Place:
    """Set a district up as the demo does, and write its past."""
    folder = DemoFolder(path)
    folder.create()
    folder.write(
        {
            "ENVIRONMENT": "development",
            "DATABASE_URL": database_url,
            "ALLOWED_NETWORKS": "127.0.0.0/8",
            plan.port_name: str(free_port()),
            **{user.password_name: make_password(user.email) for user in plan.users},
        }
    )
    seed = keep_seed(plan, folder.of(plan), NOW.date())
    district = set_up(plan, folder, seed)
    written = write_history(district, seed, plan, folder.of(plan).journal, now=NOW)
    return Place(district, seed, plan, written, folder)


def writebacks(*clauses: Any) -> list[Writeback]:
    """Return writebacks with their events, students and schools, in one query."""
    query = (
        Writeback.select(Writeback, StudentEvent, Student, School)
        .join_from(Writeback, StudentEvent, on=(Writeback.event == StudentEvent.id))
        .join_from(Writeback, Student)
        .join_from(Writeback, School)
        .order_by(Writeback.id)
    )
    return list(query.where(*clauses) if clauses else query)


def attempts_of(found: list[Writeback]) -> dict[int, list[Attempt]]:
    """Return the attempts of these writebacks, by their ids."""
    attempts: dict[int, list[Attempt]] = {row.id: [] for row in found}
    for attempt in Attempt.select().order_by(Attempt.id):
        if attempt.writeback_id in attempts:
            attempts[attempt.writeback_id].append(attempt)
    return attempts
