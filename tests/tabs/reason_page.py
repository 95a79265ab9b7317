"""Student Tracking as a clerk uses it, and events that failed for want of a code."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from tests.cast import NOW, OAKWOOD_SEED, Cast, Oakwood, make_kiosk, make_student
from vmps.models import Reason, School, Writeback

from .visitor import Page, Visitor

URL = "/admin/tracking/"


class Desk:
    """A kiosk at a school whose events fail."""

    def __init__(self, cast: Cast, school: School) -> None:
        students = [make_student(school, **row) for row in OAKWOOD_SEED["students"]]
        kiosk = make_kiosk(cast.oakwood, [school])
        self._oakwood = Oakwood(cast.oakwood, school, students, kiosk)
        self._numbers = count()

    def fail(self, reason: str, *, days_ago: int = 0, **columns: Any) -> int:
        """Report an event that then failed; return its writeback's id."""
        at = NOW - timedelta(days=days_ago)
        more = {"type": columns.pop("type")} if "type" in columns else {}
        number = next(self._numbers)
        report = self._oakwood.report(number, reason=reason, occurred_at=at, **more)
        given = {"status": "failed", "cause": "unmapped_reason"} | columns
        Writeback.update(given).where(Writeback.event == report.event).execute()
        return int(Writeback.get(Writeback.event == report.event).id)


def show(visitor: Visitor, school: School) -> Page:
    """Load the school's reasons."""
    return visitor.get(f"{URL}?school={school.id}")


def save(visitor: Visitor, school: School, page: Page, **fields: str) -> Page:
    """Send the page's form with these fields typed; `__` stands for a hyphen."""
    typed = {name.replace("__", "-"): text for name, text in fields.items()}
    return visitor.post(f"{URL}{school.id}", page.form("#tracking-form") | typed)


def find_reason(school: School, label: str = "Bus late") -> Reason:
    """Return the school's reason with this label."""
    found: Reason = Reason.get(Reason.school == school, Reason.label == label)
    return found


def status_of(writeback: int) -> str:
    """Return where the writeback stands now."""
    return str(Writeback.get_by_id(writeback).status)
