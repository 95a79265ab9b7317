"""Student tracking: the reasons picked at check-in, mapped to attendance codes."""

from __future__ import annotations

from typing import Self

from peewee import (
    AutoField,
    BigIntegerField,
    BooleanField,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    TextField,
)

from vmps.db import BaseModel
from vmps.models.event import EventType
from vmps.models.school import School
from vmps.models.user import User

#: What every disabled school may pick from, beside its own; none needs a code.
DEFAULT_REASONS = {
    EventType.LATE_CHECK_IN: (
        "Overslept",
        "Transport",
        "Medical",
        "Family",
        "Weather",
        "Other",
    ),
    EventType.EARLY_CHECK_OUT: (
        "Unwell",
        "Appointment",
        "Medical",
        "Family",
        "Weather",
        "Other",
    ),
}


def label_key(label: str) -> str:
    """Return what the labels of one reason share: spaces and case are no difference."""
    return label.strip().casefold()


class Reason(BaseModel):
    """One reason of one school; `code` is the attendance code's text, or unmapped."""

    id = AutoField()
    school = ForeignKeyField(School, backref="reasons", on_delete="CASCADE")
    school_id: int
    type = TextField()
    label = TextField()
    code = TextField(null=True)
    position = IntegerField(default=0)
    #: Offered no more; events that carry it are still understood.
    is_hidden = BooleanField(default=False)

    class Meta:
        """One label once in a school and type."""

        indexes = ((("school", "type", "label"), True),)

    @classmethod
    def of_school(cls, school: School) -> ModelSelect[Self]:
        """Return the school's reasons in its order."""
        mine = cls.select().where(cls.school == school.id)
        return mine.order_by(cls.position, cls.id)

    @classmethod
    def visible_to(cls, user: User) -> ModelSelect[Self]:
        """Return the reasons of the schools the user may see."""
        return cls.select().where(cls.school.in_(School.ids_visible_to(user)))


class AttendanceCode(BaseModel):
    """One attendance code of a school and school year, as imported from PowerSchool."""

    id = AutoField()
    school = ForeignKeyField(
        School, backref="attendance_codes", on_delete="CASCADE", index=False
    )
    school_id: int
    #: TERMS.YEARID: the school year's start year minus 1990.
    year_id = IntegerField()
    #: ATTENDANCE_CODE.ID: another one every year.
    ps_id = BigIntegerField()
    #: Its text; "" is the blank Present code.
    code = TextField()
    description = TextField(default="")
    #: `Present` or `Absent`; None where the plugin may not read it.
    presence = TextField(null=True)
    position = IntegerField(default=0)

    class Meta:
        """One id once in a school and year."""

        indexes = ((("school", "year_id", "ps_id"), True),)

    @classmethod
    def visible_to(cls, user: User) -> ModelSelect[Self]:
        """Return the codes of the schools the user may see."""
        return cls.select().where(cls.school.in_(School.ids_visible_to(user)))
