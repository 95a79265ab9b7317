"""A user: who signs in, in which role, and the sessions the server can end."""

from __future__ import annotations

from enum import StrEnum

from peewee import AutoField, ForeignKeyField, IntegerField, TextField

from vmps.clock import utcnow
from vmps.db import BaseModel, UTCDateTimeField
from vmps.models.district import District


class Role(StrEnum):
    """What a user may do; design section 3 has the table."""

    DISTRICT_ADMIN = "district_admin"
    BUILDING_ADMIN = "building_admin"
    STAFF = "staff"

    @property
    def label(self) -> str:
        """Return the words people read."""
        return {
            Role.DISTRICT_ADMIN: "District Admin",
            Role.BUILDING_ADMIN: "Building Admin",
            Role.STAFF: "Staff",
        }[self]


class User(BaseModel):
    """One person's account in one district; the schools are in `UserSchool`."""

    id = AutoField()
    district = ForeignKeyField(District, backref="users", on_delete="RESTRICT")
    district_id: int
    #: Lower case, trimmed: one account an address.
    email = TextField(unique=True)
    role = TextField()
    password_hash = TextField()
    disabled_at = UTCDateTimeField(null=True)
    created_at = UTCDateTimeField(default=utcnow)

    @property
    def is_district_admin(self) -> bool:
        """Tell whether all of the district's schools are theirs."""
        return self.role == Role.DISTRICT_ADMIN


class UserSession(BaseModel):
    """One signed-in browser; the cookie holds the token, this only its digest."""

    id = AutoField()
    user = ForeignKeyField(User, backref="sessions", on_delete="CASCADE")
    token_digest = TextField(unique=True)
    started_at = UTCDateTimeField()
    seen_at = UTCDateTimeField()
    ended_at = UTCDateTimeField(null=True)


class SignInFailures(BaseModel):
    """Failed sign-ins in a row, of one account or of one address."""

    #: `account:` or `address:` and a digest: nobody reads here who tried.
    key = TextField(primary_key=True)
    failures = IntegerField(default=0)
    failed_at = UTCDateTimeField()
    blocked_until = UTCDateTimeField()
