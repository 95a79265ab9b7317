"""A school: a building of the district, with its attendance mode and its rules."""

from __future__ import annotations

import json
from collections.abc import Collection
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from peewee import (
    AutoField,
    BooleanField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    TextField,
)

from vmps.db import BaseModel, UTCDateTimeField
from vmps.models.district import District
from vmps.models.user import User


class AttendanceMode(StrEnum):
    """How the school keeps attendance in PowerSchool; ours must match it."""

    DAILY = "daily"
    TIME = "time"
    MEETING = "meeting"

    @property
    def label(self) -> str:
        """Return the word people read."""
        return self.value.capitalize()


class School(BaseModel):
    """One building; `number` is SCHOOLS.SCHOOL_NUMBER."""

    id = AutoField()
    district = ForeignKeyField(District, backref="schools", on_delete="RESTRICT")
    district_id: int
    number = TextField()
    name = TextField()
    timezone = TextField(null=True)
    is_enabled = BooleanField(default=True)
    mode = TextField(null=True)
    #: JSON list of code texts that may be overwritten, e.g. `["A"]`.
    replaceable_codes = TextField(default="[]")
    #: JSON list of code texts that never are, whatever else is said.
    protected_codes = TextField(default="[]")
    #: Daily mode: of two events on one day, the first one's code stays.
    keeps_first_code = BooleanField(default=False)
    #: Meeting mode: the code for meetings missed before a late check-in; "" for none.
    missed_code = TextField(default="")
    #: Meeting mode: an early check-out marks the meetings that follow, too.
    marks_remaining = BooleanField(default=True)
    #: Meeting mode: the code for those; "" for the event's own.
    remaining_code = TextField(default="")
    #: The school's clock, `08:10`: who comes later is late; None while not set.
    late_check_in_time = TextField(null=True)
    #: So many late check-ins of a student in a school year call for attention.
    tardy_alert_threshold = IntegerField(null=True)
    #: When and by whom (an actor) the tardy settings were last set.
    tardy_saved_at = UTCDateTimeField(null=True)
    tardy_saved_by = TextField(default="")
    #: Which school year's attendance codes were imported last, when and by whom.
    codes_year_id = IntegerField(null=True)
    codes_imported_at = UTCDateTimeField(null=True)
    codes_imported_by = TextField(default="")
    #: JSON, what PowerSchool's recent rows and preferences say of the mode; see
    #: `services/check_mode.py`. "" until it was looked at.
    observed_modes = TextField(default="")
    observed_at = UTCDateTimeField(null=True)
    #: When and by whom (an actor) Status, Attendance Mode or its rule were last set.
    setup_saved_at = UTCDateTimeField(null=True)
    setup_saved_by = TextField(default="")

    class Meta:
        """One number once in a district."""

        indexes = ((("district", "number"), True),)

    @classmethod
    def visible_to(cls, user: User) -> ModelSelect[Self]:
        """Return the schools the user may see: the district's, or the assigned."""
        mine = cls.select().where(cls.district == user.district_id)
        if user.is_district_admin:
            return mine
        return mine.where(cls.id.in_(UserSchool.of(user)))

    @classmethod
    def ids_visible_to(cls, user: User) -> ModelSelect[Self]:
        """Return the ids of the schools the user may see, for a subquery."""
        return cls.visible_to(user).select(cls.id)

    @classmethod
    def in_modes(cls, modes: Collection[str]) -> ModelSelect[Self]:
        """Return the ids of the schools in any of these modes."""
        return cls.select(cls.id).where(cls.mode.in_(list(modes)))

    @property
    def attendance_mode(self) -> AttendanceMode | None:
        """Return the mode, or None while nobody has chosen one."""
        return AttendanceMode(self.mode) if self.mode else None

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone of the school's clock: its own or its district's."""
        return ZoneInfo(self.timezone or self.district.timezone)

    @property
    def replaceable(self) -> frozenset[str]:
        """Return the codes that a writeback may overwrite."""
        return frozenset(json.loads(self.replaceable_codes))

    @property
    def protected(self) -> frozenset[str]:
        """Return the codes that a writeback must leave alone."""
        return frozenset(json.loads(self.protected_codes))


class UserSchool(BaseModel):
    """A school that a building admin or staff member is assigned to."""

    user = ForeignKeyField(User, backref="user_schools", on_delete="CASCADE")
    school = ForeignKeyField(School, backref="user_schools", on_delete="CASCADE")

    class Meta:
        """The pair is the key."""

        primary_key = CompositeKey("user", "school")

    @classmethod
    def of(cls, user: User) -> ModelSelect[Self]:
        """Return the ids of the schools assigned to the user."""
        return cls.select(cls.school).where(cls.user == user.id)
