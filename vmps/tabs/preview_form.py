"""The form of Preview: a student, a reason and a time; and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self

from vmps.models import EventType, School, Student
from vmps.services.find_students import MOST, find_students
from vmps.services.offer_reasons import offer_reasons
from vmps.services.preview import Trial

#: Between type and reason in the value of an option.
_BETWEEN = "|"
#: Of what is typed for a student: databases search for no more.
LONGEST = 200


@dataclass(slots=True)
class PreviewForm:
    """What was typed; `read` adds the errors."""

    school: School
    student: str = ""
    student_id: str = ""
    reason: str = ""
    at: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    #: Students to choose from, where what was typed fits several.
    found: Sequence[Student] = ()

    @classmethod
    def fresh(cls, school: School, now: datetime) -> Self:
        """Return the form as it is first shown: now, on the school's clock."""
        return cls(school, at=now.astimezone(school.zone).strftime("%Y-%m-%dT%H:%M"))

    @classmethod
    def typed(cls, school: School, form: Mapping[str, str]) -> Self:
        """Return the form with what came back."""
        return cls(
            school,
            student=form.get("student", "").replace("\0", "").strip()[:LONGEST],
            student_id=form.get("student_id", ""),
            reason=form.get("reason", "").strip(),
            at=form.get("at", "").strip(),
        )

    def choices(self) -> Sequence[tuple[EventType, Sequence[str]]]:
        """Return the reasons that the school offers, by type."""
        return [(kind, offer_reasons(self.school, kind)) for kind in EventType]

    def read(self, now: datetime) -> Trial | None:
        """Return the event to try out, or None with what to correct."""
        student, at = self._find_student(), self._read_time()
        kind, _, label = self.reason.partition(_BETWEEN)
        if kind not in list(EventType):
            self.errors["reason"] = "Choose a reason."
        if self.errors or student is None or at is None:
            return None
        return Trial(self.school, student, EventType(kind), at, label)

    def _find_student(self) -> Student | None:
        self.found = find_students(self.school, self.student)
        if len(self.found) == 1:
            return self.found[0]
        chosen = [one for one in self.found if str(one.id) == self.student_id]
        if chosen:
            return chosen[0]
        if len(self.found) == MOST:
            self.errors["student"] = f"More than {MOST - 1} students fit: type more."
        elif self.found:
            self.errors["student"] = "Several students fit: choose one."
        elif self.student:
            self.errors["student"] = f"No student of {self.school.name} fits."
        else:
            self.errors["student"] = "Type a student's id or name."
        return None

    def _read_time(self) -> datetime | None:
        try:
            local = datetime.fromisoformat(self.at)
            moment = local.replace(tzinfo=self.school.zone).astimezone(UTC)
        except (ValueError, OverflowError):
            self.errors["at"] = "Give a date and time, such as 2026-11-23 08:14."
            return None
        if moment.astimezone(self.school.zone).replace(tzinfo=None) != local:
            self.errors["at"] = "The clocks skip that time on that day: give another."
            return None
        return moment
