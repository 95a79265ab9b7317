"""Both districts with something behind every route; one word is Birch's alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tests.cast import (
    NOW,
    OAKWOOD_SEED,
    Cast,
    Oakwood,
    make_cast,
    make_kiosk,
    make_student,
    make_user,
)
from vmps.db import transaction
from vmps.models import (
    Attempt,
    Connection,
    District,
    Kiosk,
    Outcome,
    Reason,
    Role,
    School,
    User,
    Writeback,
)

#: In everything of Birch's that has a name; it must never reach Oakwood.
SENTINEL = "zwickau9"
#: Refuses every call at once.
NOBODY = "http://127.0.0.1:9"
SECRET = "a-client-secret-that-nobody-may-read"  # noqa: S105 a test's


@dataclass(frozen=True)
class Objects:
    """What stands for the ids in a route's address."""

    school: School
    kiosk: Kiosk
    writeback: Writeback
    user: User

    def arguments(self) -> dict[str, Any]:
        """Return a value for every argument that routes have."""
        return {
            "school_id": self.school.id,
            "writeback_id": self.writeback.id,
            "user_id": self.user.id,
            "kiosk_id": self.kiosk.public_id,
            "edition": "from-25.2",
            "filename": "app.css",
        }


@dataclass(frozen=True)
class World:
    """The cast, and objects: of Bob's and Stella's school, of another, of Birch."""

    cast: Cast
    near: Objects
    elsewhere: Objects
    foreign: Objects
    disabled: User = field(repr=False)


@transaction()
def make_world() -> World:
    """Make it all; both districts are connected to nobody."""
    cast = make_cast()
    _connect(cast.oakwood, "Oakwood's client")
    _connect(cast.birch, SENTINEL, base_url=f"https://{SENTINEL}.example")
    make_disabled = partial(make_user, cast.oakwood, "dora@oakwood.example")
    disabled = make_disabled(Role.DISTRICT_ADMIN, disabled_at=NOW)
    return World(
        cast,
        near=_objects(cast.oakwood, cast.schools["1817"], "ksk_near", cast.stella),
        elsewhere=_objects(cast.oakwood, cast.schools["1819"], "ksk_away", cast.alice),
        foreign=_birch(cast),
        disabled=disabled,
    )


def _connect(district: District, client_id: str, **more: Any) -> None:
    given = {"base_url": NOBODY, "client_secret_token": Connection.seal(SECRET)} | more
    Connection.create(district=district, client_id=client_id, **given)


def _birch(cast: Cast) -> Objects:
    """Put the word wherever Birch's people may write something."""
    District.update(name=SENTINEL).where(District.id == cast.birch.id).execute()
    of_birch = School.id == cast.birch_school.id
    School.update(name=SENTINEL, replaceable_codes=f'["{SENTINEL}"]').where(
        of_birch
    ).execute()
    Reason.update(label=SENTINEL, code="Z9").where(
        Reason.school == cast.birch_school
    ).execute()
    make_user(cast.birch, f"{SENTINEL}@birch.example", Role.STAFF, [cast.birch_school])
    User.update(email=f"charlie.{SENTINEL}@birch.example").where(
        User.id == cast.charlie.id
    ).execute()
    school = School.get_by_id(cast.birch_school.id)
    charlie = User.get_by_id(cast.charlie.id)
    return _objects(cast.birch, school, f"ksk_{SENTINEL}", charlie, mark=SENTINEL)


def _objects(  # noqa: PLR0917 a school, with what stands for it
    district: District, school: School, kiosk_id: str, user: User, mark: str = "plain"
) -> Objects:
    """Make a kiosk, a student and a failed writeback of the school."""
    row = dict(OAKWOOD_SEED["students"][0])
    row |= {"dcid": f"{mark}-{school.id}", "student_number": f"{mark}-{school.id}"}
    row |= {"first_name": f"Ada {mark}", "last_name": f"Turing {mark}"}
    student = make_student(school, **row)
    kiosk = make_kiosk(district, [school], kiosk_id)
    Kiosk.update(name=f"Desk {mark}").where(Kiosk.id == kiosk.id).execute()
    texts = {name: f"{name} {mark}" for name in ("reason", "note", "released_to")}
    desk = Oakwood(district, school, [student], kiosk)
    event = desk.report(external_id=f"{mark}-{school.id}", **texts).event
    Writeback.update(
        status="failed", cause="unmapped_reason", detail=f"reason {mark}"
    ).where(Writeback.event == event).execute()
    writeback = Writeback.get(Writeback.event == event)
    Attempt.create(
        writeback=writeback,
        fence=1,
        started_at=NOW,
        finished_at=NOW,
        outcome=Outcome.REFUSED,
        code="T",
        request=mark,
        answer=mark,
    )
    return Objects(school, Kiosk.get_by_id(kiosk.id), writeback, user)
