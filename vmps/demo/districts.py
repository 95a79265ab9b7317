"""Who is in the demo: two districts with their schools, reasons and people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vmps.models import AttendanceMode, EventType, Role

LATE, EARLY = EventType.LATE_CHECK_IN, EventType.EARLY_CHECK_OUT

#: Every school's reasons with their codes.
REASONS: Mapping[EventType, Mapping[str, str]] = {
    LATE: {"Bus late": "T", "Overslept": "T", "Doctor": "TE"},
    EARLY: {"Dentist": "ED", "Unwell": "ED"},
}


@dataclass(frozen=True)
class DemoSchool:
    """One school: its name, its grades (0 is Kindergarten) and how it is set up."""

    name: str
    grades: range
    mode: AttendanceMode | None = AttendanceMode.DAILY
    is_enabled: bool = True
    #: Meeting mode: the code for classes missed before a late check-in, if any, and
    #: whether an early check-out marks the classes that follow.
    missed_code: str = ""
    marks_remaining: bool = True
    #: (type, label, code) beside everybody's; without a code it is not mapped yet.
    more_reasons: tuple[tuple[EventType, str, str | None], ...] = ()

    @property
    def recorded_mode(self) -> AttendanceMode:
        """Return the mode that PowerSchool has, also where none is chosen here yet."""
        return self.mode or AttendanceMode.DAILY


@dataclass(frozen=True)
class DemoUser:
    """One person; `schools` are places in the district's list."""

    email: str
    role: Role
    schools: tuple[int, ...] = ()

    @property
    def password_name(self) -> str:
        """Return what the password is kept under: `DEMO_PASSWORD_ALICE`."""
        return f"DEMO_PASSWORD_{self.email.partition('@')[0].upper()}"


@dataclass(frozen=True)
class DemoDistrict:
    """One district; `prefix` begins its names in the demo's environment file."""

    name: str
    timezone: str
    prefix: str
    simulator_port: int
    random_seed: int
    first_school_number: int
    students_per_school: int
    #: Which share of a school's students comes late on a day, on average.
    late_share: float
    #: Whether its PowerSchool was away for a weekend.
    had_outage: bool
    schools: tuple[DemoSchool, ...]
    users: tuple[DemoUser, ...] = field(repr=False)

    @property
    def port_name(self) -> str:
        """Return what the simulator's port is kept under."""
        return f"{self.prefix}SIMULATOR_PORT"

    @property
    def kiosk_id_name(self) -> str:
        """Return what the kiosk's id is kept under."""
        return f"{self.prefix}KIOSK_ID"

    @property
    def kiosk_secret_name(self) -> str:
        """Return what the kiosk's secret is kept under."""
        return f"{self.prefix}KIOSK_SECRET"


OAKWOOD = DemoDistrict(
    name="Oakwood",
    timezone="America/Chicago",
    prefix="DEMO_",
    simulator_port=8001,
    random_seed=1,
    first_school_number=1817,
    students_per_school=500,
    late_share=0.06,
    had_outage=True,
    schools=(
        DemoSchool(
            "Oakwood High School",
            range(9, 13),
            mode=AttendanceMode.MEETING,
            missed_code="A",
        ),
        DemoSchool(
            "Maple Middle School",
            range(6, 9),
            mode=AttendanceMode.TIME,
            more_reasons=((LATE, "Weather", None),),
        ),
        DemoSchool(
            "Cedar Elementary School",
            range(6),
            # PowerSchool has no such code: the fix is another code.
            more_reasons=((EARLY, "Speech therapy", "ST"),),
        ),
        DemoSchool("Willow Elementary School", range(6), is_enabled=False),
        DemoSchool("Linden Academy", range(13), mode=None),
    ),
    users=(
        DemoUser("alice@oakwood.example", Role.DISTRICT_ADMIN),
        DemoUser("bob@oakwood.example", Role.BUILDING_ADMIN, (0, 1)),
        DemoUser("stella@oakwood.example", Role.STAFF, (0,)),
    ),
)

BIRCH = DemoDistrict(
    name="Birch",
    timezone="America/New_York",
    prefix="DEMO_BIRCH_",
    simulator_port=8002,
    random_seed=2,
    first_school_number=2301,
    students_per_school=400,
    late_share=0.025,
    had_outage=False,
    schools=(
        DemoSchool(
            "Birch High School",
            range(9, 13),
            mode=AttendanceMode.MEETING,
            marks_remaining=False,
        ),
        DemoSchool("Birch Grove School", range(9)),
    ),
    users=(
        DemoUser("charlie@birch.example", Role.DISTRICT_ADMIN),
        DemoUser("dana@birch.example", Role.BUILDING_ADMIN, (1,)),
    ),
)

DISTRICTS = (OAKWOOD, BIRCH)
