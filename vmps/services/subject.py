"""A unit on its way to a plan: its student, and all that had to be read for it."""

from __future__ import annotations

from dataclasses import dataclass

from vmps.services.identify import Resolution
from vmps.services.identity import Enrollment
from vmps.services.link import Facts
from vmps.services.modes.mode import Held, Mode
from vmps.services.workload import Unit


@dataclass(frozen=True, slots=True)
class Subject:
    """A unit whose student is known, or known not to be."""

    unit: Unit
    resolution: Resolution | None

    @property
    def ps_id(self) -> int | None:
        """Return STUDENTS.ID, None where the student was not agreed on."""
        if self.resolution is None:
            return self.unit.student.ps_id
        return self.resolution.record.id if self.resolution.record else None

    @property
    def enrollment(self) -> Enrollment | None:
        """Return where PowerSchool has the student."""
        if self.resolution is None:
            return self.unit.student.enrollment
        record = self.resolution.record
        if record is None:
            return None
        return Enrollment(
            str(record.school_number),
            record.enroll_status,
            record.entry_date,
            record.exit_date,
        )


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A subject ready to be planned: everything that had to be read."""

    subject: Subject
    mode: Mode
    facts: Facts
    held: Held
