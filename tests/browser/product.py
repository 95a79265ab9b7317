"""The whole product at work in Oakwood: its processes, its PowerSchool, its people."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Browser
from standardwebhooks import Webhook

from tests.browser.visit import Visit
from tests.cast import PASSWORD, SECRET, Cast, make_cast, make_kiosk, make_student
from tests.faults.processes import Installation, pending, wait_until
from vmps import db, secrets
from vmps.config import load_settings
from vmps.db import transaction
from vmps.models import EventType, Reason, School, User, Writeback
from vmps.simulator.control import Simulator
from vmps.simulator.invent import invent_district

KIOSK = "ksk_oakwood"
SETTLE_SECONDS = 30
LATE, EARLY = "student.late_check_in", "student.early_check_out"

#: Nothing here is meant to time out, however busy the machine is.
PATIENT = {
    "LEASE_SECONDS": "20",
    "ATTEMPT_SECONDS": "20",
    "CALL_SECONDS": "10",
    "KIOSK_CACHE_SECONDS": "0",
    "PLAIN_HTTP": "yes",
    "CDN": "no",
}
NO_CODE = "Overslept"


def _invent() -> dict[str, Any]:
    """Return PowerSchool's side; school is on at any time of any day."""
    seed = invent_district(
        schools=3, students_per_school=8, has_weekends_in_session=True
    )
    seed["schools"][1]["name"] = "Oakwood Middle School"
    for school in seed["schools"]:
        school["periods"] = [{"number": 1, "start": "00:00", "end": "24:00"}]
    grades = {"1817": 9, "1818": 6, "1819": 2}
    for place, student in enumerate(seed["students"]):
        student["grade_level"] = grades[student["school_number"]] + place // 3 % 3
    return seed


SEED = _invent()


@dataclass
class Product:
    """One installation on a database of its own, with both districts in it."""

    database_url: str
    installation: Installation
    simulator: Simulator
    cast: Cast

    def __post_init__(self) -> None:
        self._states: dict[str, Any] = {}
        self._numbers = count(1)

    @property
    def url(self) -> str:
        return self.installation.web_url

    def bind(self) -> None:
        """Let this process read and write the product's database."""
        db.configure(self.database_url)

    def visit(self, browser: Browser, user: User | None = None, **more: Any) -> Visit:
        """Open a browser, in which this user is signed in."""
        state = self._state_of(browser, user) if user else None
        return Visit(browser, self.url, state=state, **more)

    def report(self, place: int, reason: str, **more: Any) -> None:
        """Send one signed event of a student of the seed, as a kiosk does."""
        student = SEED["students"][place]
        at = more.get("at", datetime.now(UTC)).isoformat(timespec="seconds")
        data = {
            "student_id": str(student["dcid"]),
            "school_number": student["school_number"],
            "reason": reason,
        }
        event = {"type": more.get("type", LATE), "timestamp": at, "data": data}
        self._post(f"event-{next(self._numbers)}", json.dumps(event))

    def places(self) -> dict[str, int]:
        """Return ids that stand in addresses: a writeback of each status, schools."""
        found = {str(row.status): row.id for row in Writeback.select()}
        return found | {f"school_{n}": s.id for n, s in self.cast.schools.items()}

    def settle(self, *, waiting: int = 0) -> None:
        """Wait until no more than those that must wait are pending."""
        wait_until(lambda: pending() == waiting, SETTLE_SECONDS, "all is settled")

    def _post(self, event_id: str, body: str) -> None:
        now = datetime.now(UTC)
        headers = {
            "content-type": "application/json",
            "webhook-id": event_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(SECRET).sign(event_id, now, body),
        }
        url = f"{self.url}/webhooks/kiosks/{KIOSK}/events"
        answer = requests.post(url, data=body, headers=headers, timeout=10)
        assert answer.status_code == 202, answer.text

    def _state_of(self, browser: Browser, user: User) -> Any:
        if user.email not in self._states:
            visit = Visit(browser, self.url)
            sign_in(visit, user.email)
            self._states[user.email] = visit.context.storage_state()
            visit.close()
        return self._states[user.email]


def make_product(
    folder: Path, database_url: str, redis_url: str, simulator: Simulator, **more: str
) -> Product:
    """Put the cast into the migrated database; nothing is started yet."""
    settings = load_settings({"ENVIRONMENT": "development"}, environ={})
    secrets.configure(settings.encryption_keys)
    db.configure(database_url)
    simulator.seed(SEED)
    with transaction():
        cast = make_cast()
        for row in SEED["schools"]:
            school = cast.schools[row["number"]]
            School.update(name=row["name"]).where(School.id == school.id).execute()
            Reason.create(school=school, type=EventType.LATE_CHECK_IN, label=NO_CODE)
        for row in SEED["students"]:
            make_student(cast.schools[row["school_number"]], **row)
        make_kiosk(cast.oakwood, list(cast.schools.values()), KIOSK)
    installed = Installation(folder, database_url, redis_url, **(PATIENT | more))
    return Product(database_url, installed, simulator, cast)


def sign_in(visit: Visit, email: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in page and send it."""
    if "/sign-in/" not in visit.page.url:
        visit.go("/sign-in/")
    visit.page.get_by_label("E-mail address").fill(email)
    visit.page.get_by_label("Password").fill(password)
    visit.page.get_by_role("button", name="Sign in").click()
