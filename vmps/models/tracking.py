"""Student tracking: the reasons picked at check-in, mapped to attendance codes."""

from __future__ import annotations

from typing import Self

from peewee import AutoField, ForeignKeyField, IntegerField, ModelSelect, TextField

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


class Reason(BaseModel):
    """One reason of one school; `code` is the attendance code's text, or unmapped."""

    id = AutoField()
    school = ForeignKeyField(School, backref="reasons", on_delete="CASCADE")
    school_id: int
    type = TextField()
    label = TextField()
    code = TextField(null=True)
    position = IntegerField(default=0)

    class Meta:
        """One label once in a school and type."""

        indexes = ((("school", "type", "label"), True),)

    @classmethod
    def visible_to(cls, user: User) -> ModelSelect[Self]:
        """Return the reasons of the schools the user may see."""
        return cls.select().where(cls.school.in_(School.ids_visible_to(user)))
