"""A connection: how a district's PowerSchool is reached and how students are told."""

from __future__ import annotations

from enum import StrEnum

from peewee import AutoField, ForeignKeyField, TextField

from vmps import secrets
from vmps.clock import utcnow
from vmps.db import BaseModel, UTCDateTimeField
from vmps.models.district import District

_SECRET_PLACE = "connection.client_secret"  # noqa: S105 a column's name


class RosterId(StrEnum):
    """What the roster's SIS ID holds; the three number ranges overlap."""

    DCID = "dcid"
    ID = "id"
    STUDENT_NUMBER = "student_number"

    @property
    def label(self) -> str:
        """Return the words people read."""
        return _ROSTER_IDS[self]


_ROSTER_IDS = {
    RosterId.DCID: "DCID",
    RosterId.ID: "STUDENTS.ID",
    RosterId.STUDENT_NUMBER: "Student Number",
}


class VisibleId(StrEnum):
    """Which id people see and scan; decides a new kiosk's id kind."""

    SIS_ID = "sis_id"
    STUDENT_NUMBER = "student_number"


class Connection(BaseModel):
    """One district's PowerSchool, its credentials encrypted at rest."""

    id = AutoField()
    district = ForeignKeyField(
        District, backref="connections", unique=True, on_delete="RESTRICT"
    )
    district_id: int
    base_url = TextField()
    client_id = TextField()
    client_secret_token = TextField()
    roster_id = TextField(default=RosterId.DCID)
    #: When and by whom (an actor) the roster id's kind was confirmed; None: assumed.
    roster_id_confirmed_at = UTCDateTimeField(null=True)
    roster_id_confirmed_by = TextField(default="")
    visible_id = TextField(default=VisibleId.SIS_ID)
    powerschool_version = TextField(null=True)
    saved_at = UTCDateTimeField(default=utcnow)
    #: When and by whom (an actor) the client secret was last given.
    secret_saved_at = UTCDateTimeField(null=True)
    secret_saved_by = TextField(default="")
    #: JSON, the steps of the last Test connection; "" until there was one.
    health = TextField(default="")
    health_at = UTCDateTimeField(null=True)

    @staticmethod
    def seal(client_secret: str) -> str:
        """Return the encrypted form of a client secret."""
        return secrets.encrypt(client_secret, place=_SECRET_PLACE)

    def reveal_client_secret(self) -> str:
        """Return the client secret; never show or log it."""
        return secrets.decrypt(self.client_secret_token, place=_SECRET_PLACE)
