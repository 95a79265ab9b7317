"""A student of the roster, and who that is in PowerSchool once we know."""

from __future__ import annotations

from peewee import (
    AutoField,
    BigIntegerField,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from vmps.db import BaseModel, UTCDateTimeField
from vmps.models.district import District
from vmps.models.school import School


class Student(BaseModel):
    """One student; the `ps_…` columns are what PowerSchool answered."""

    id = AutoField()
    district = ForeignKeyField(District, backref="students", on_delete="RESTRICT")
    school = ForeignKeyField(School, backref="students", on_delete="RESTRICT")
    school_id: int
    sis_id = TextField()
    student_number = TextField(default="")
    first_name = TextField()
    last_name = TextField()
    grade = TextField(default="")
    archived_at = UTCDateTimeField(null=True)
    #: STUDENTS.ID: what attendance is written for. None until compared and agreed.
    ps_id = BigIntegerField(null=True)
    ps_dcid = BigIntegerField(null=True)
    ps_school_number = TextField(null=True)
    ps_enroll_status = IntegerField(null=True)
    ps_entry_date = DateField(null=True)
    ps_exit_date = DateField(null=True)
    ps_checked_at = UTCDateTimeField(null=True)

    class Meta:
        """One SIS ID once in a district; numbers may repeat, and then are refused."""

        indexes = (
            (("district", "sis_id"), True),
            (("district", "student_number"), False),
        )
