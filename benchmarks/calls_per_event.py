"""Calls to PowerSchool for each event, every one of them counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.counted import CountedLane, zone_of_ten_o_clock
from benchmarks.district import seed_of
from benchmarks.figures import Aim, Figure
from benchmarks.stage import Stage
from vmps.clock import Clock, utcnow
from vmps.config import Settings
from vmps.models import MODELS
from vmps.powerschool.plugin import STUDENTS_LISTED
from vmps.simulator.control import Simulator

BATCH, SINGLE = "25.3.0.0", "25.1.0.0"
DUE, STUDENTS = 200, 500
MEETING_TEMPLATE = "meeting_interval_attendance_template"
#: So many single events one after the other on a quiet lane.
QUIET = 20
#: A school day of a quiet lane: an event every ten minutes for seven hours.
EVERY_SECONDS, EVENTS_A_DAY = 600, 42
NIGHT_SECONDS = 17 * 3600


@dataclass(frozen=True, slots=True)
class Case:
    """A lane: its mode, how many schools share what is due, what is known before."""

    mode: str
    due: int = DUE
    schools: int = 1
    version: str = BATCH
    is_known: bool = False
    has_template: bool = True
    has_query: bool = True
    at_most: float | None = None

    @property
    def name(self) -> str:
        """Return what the figure is called."""
        where = f" in {self.schools} schools" if self.schools > 1 else ""
        who = "students known" if self.is_known else "cold"
        version = "" if self.version == BATCH else ", 25.1"
        tables = "" if self.has_template else ", from tables"
        tables += "" if self.has_query else ", older plugin"
        return f"{self.mode}{version}{tables}: {self.due} due{where}, {who}"


def storms() -> Iterable[Case]:
    """Yield the lanes with much due."""
    for mode in ("daily", "time"):
        for is_known in (False, True):
            yield Case(mode, is_known=is_known, at_most=0.1)
            yield Case(mode, due=2000, schools=10, is_known=is_known, at_most=0.1)
            yield Case(mode, schools=10, is_known=is_known, at_most=0.1)
            yield Case(mode, is_known=is_known, version=SINGLE)
        # Who 200 of 5,000 are is then found in 50 pages: filters know no "or".
        yield Case(mode, schools=10, has_query=False)
    for is_known in (False, True):
        yield Case("meeting", is_known=is_known, at_most=2.2)
        yield Case("meeting", is_known=is_known, has_template=False)


def calls_per_event(*, rounds: int, is_quick: bool, is_full: bool) -> list[Figure]:
    """Count the calls of storms and of single events, with all that comes with them."""
    figures = []
    with Stage() as stage:
        simulator = stage.start_simulator(0)
        for case in storms():
            found = count_storm(case, simulator, stage.settings, utcnow)
            aim = Aim.SHOWN if case.at_most is None else Aim.AT_MOST
            figures.append(Figure(case.name, [found], aim, case.at_most or 0.0))
        for mode in ("daily", "time", "meeting"):
            cold, quiet = count_singles(mode, simulator, stage.settings, utcnow)
            name = f"{mode}: a single event"
            figures.append(Figure(f"{name}, quiet lane", quiet, Aim.AT_MOST, 3))
            figures.append(Figure(f"{name}, everything cold", [cold]))
            day = count_quiet_day(mode, simulator, stage.settings, utcnow)
            name = f"{mode}: an event every 10 min"
            average = sum(day) / len(day)
            figures.append(Figure(f"{name}, the day's first", [day[0]]))
            figures.append(Figure(f"{name}, all day", [average], Aim.AT_MOST, 3.6))
    return figures


def count_storm(
    case: Case, simulator: Simulator, settings: Settings, clock: Clock
) -> float:
    """Return the calls for each event of a lane with much due."""
    size = max(STUDENTS, case.due // case.schools)
    lane = _lane(case.mode, case.schools, size, simulator, settings, clock)
    changes: dict[str, Any] = {"version": case.version}
    changes["missing_queries"] = [
        *([] if case.has_template else [MEETING_TEMPLATE]),
        *([] if case.has_query else [STUDENTS_LISTED]),
    ]
    simulator.settings(**changes)
    students = _spread(lane, case)
    if case.is_known:
        lane.know(students)
    return sum(lane.deliver(students).values()) / len(students)


def count_singles(
    mode: str, simulator: Simulator, settings: Settings, clock: Clock
) -> tuple[float, list[float]]:
    """Return the calls of the first event that anybody sends, and of those after."""
    lane = _lane(mode, 1, STUDENTS, simulator, settings, clock)
    first, *others = lane.district.students[: QUIET + 1]
    cold = sum(lane.deliver([first]).values())
    lane.know(others)
    return cold, [sum(lane.deliver([one]).values()) for one in others]


def count_quiet_day(
    mode: str, simulator: Simulator, settings: Settings, clock: Clock
) -> list[float]:
    """Return the calls of a day's single events; the process ran yesterday already."""
    lane = _lane(mode, 1, STUDENTS, simulator, settings, clock)
    yesterday, *today = lane.district.students[: EVENTS_A_DAY + 1]
    lane.know([yesterday, *today])
    lane.deliver([yesterday])
    lane.pass_time(NIGHT_SECONDS)
    calls = []
    for student in today:
        calls.append(float(sum(lane.deliver([student]).values())))
        lane.pass_time(EVERY_SECONDS)
    return calls


def _lane(  # noqa: PLR0917 what a lane is made of
    mode: str,
    schools: int,
    size: int,
    simulator: Simulator,
    settings: Settings,
    clock: Clock,
) -> CountedLane:
    for model in reversed(MODELS):
        model.delete().execute()
    zone = {"timezone": zone_of_ten_o_clock(clock())}
    seed = seed_of(schools, size, BATCH, mode) | zone
    return CountedLane(seed, simulator, settings, clock)


def _spread(lane: CountedLane, case: Case) -> Sequence[dict[str, Any]]:
    """Return students from all over each school: no range of ids is short."""
    share = case.due // case.schools
    return [
        student
        for school in lane.district.schools()
        for student in school[:: len(school) // share][:share]
    ]
