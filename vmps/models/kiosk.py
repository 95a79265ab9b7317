"""A kiosk: a device or partner system with its own webhook credential."""

from __future__ import annotations

from peewee import (
    AutoField,
    BooleanField,
    CompositeKey,
    ForeignKeyField,
    TextField,
)

from vmps import secrets
from vmps.clock import utcnow
from vmps.db import BaseModel, UTCDateTimeField
from vmps.models.district import District
from vmps.models.school import School

_SECRET_PLACE = "kiosk.secret"  # noqa: S105 a column's name


class Kiosk(BaseModel):
    """One kiosk; while a rotation lasts, two secrets are good."""

    id = AutoField()
    district = ForeignKeyField(District, backref="kiosks", on_delete="RESTRICT")
    district_id: int
    public_id = TextField(unique=True)
    name = TextField()
    #: `sis_id` or `student_number`; fixed when the kiosk is added.
    id_kind = TextField()
    secret_token = TextField()
    previous_secret_token = TextField(null=True)
    previous_until = UTCDateTimeField(null=True)
    is_disabled = BooleanField(default=False)
    created_at = UTCDateTimeField(default=utcnow)

    @staticmethod
    def seal(secret: str) -> str:
        """Return the encrypted form of a webhook secret."""
        return secrets.encrypt(secret, place=_SECRET_PLACE)

    @staticmethod
    def reveal(token: str) -> str:
        """Return the webhook secret of `token`; never show or log it."""
        return secrets.decrypt(token, place=_SECRET_PLACE)


class KioskSchool(BaseModel):
    """A school that a kiosk may report for."""

    kiosk = ForeignKeyField(Kiosk, backref="kiosk_schools", on_delete="CASCADE")
    school = ForeignKeyField(School, backref="kiosk_schools", on_delete="CASCADE")

    class Meta:
        """The pair is the key."""

        primary_key = CompositeKey("kiosk", "school")
