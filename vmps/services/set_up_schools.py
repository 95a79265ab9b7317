"""Setting schools up together: all of the changed ones are saved, or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from vmps.db import transaction
from vmps.models import AttendanceMode, AuditEntry, District, School, User
from vmps.services.actors import actor_of, name_actors
from vmps.services.districts import lock_district
from vmps.services.meeting_rules import code_fault, find_known_codes
from vmps.services.overtaken import say_overtaken
from vmps.services.problems import Problem
from vmps.services.schools import (
    find_own_schools,
    mode_is_missing,
    send_waiting,
    stop_sending,
)

#: A school and how it is to be set up.
Wanted = tuple[School, "SetUp"]


@dataclass(frozen=True, slots=True)
class SetUp:
    """What the list sets of one school."""

    is_enabled: bool
    mode: AttendanceMode | None
    keeps_first: bool
    #: Meeting mode's rules, as the school has them.
    missed_code: str = ""
    marks_remaining: bool = True
    remaining_code: str = ""

    @classmethod
    def of(cls, school: School) -> SetUp:
        """Return how the school is set up."""
        return cls(
            school.is_enabled,
            school.attendance_mode,
            school.keeps_first_code,
            school.missed_code,
            school.marks_remaining,
            school.remaining_code,
        )

    def columns(self) -> dict[str, object]:
        """Return the school's columns."""
        return {
            "is_enabled": self.is_enabled,
            "mode": self.mode and self.mode.value,
            "keeps_first_code": self.keeps_first,
            "missed_code": self.missed_code,
            "marks_remaining": self.marks_remaining,
            "remaining_code": self.remaining_code,
        }

    def words(self) -> list[str]:
        """Return what people read for each value."""
        own = "the code of the event"
        return [
            "Enabled" if self.is_enabled else "Disabled",
            self.mode.label if self.mode else "no mode",
            "the first code stays" if self.keeps_first else "the later code counts",
            f"missed classes get {self.missed_code or 'no code'}",
            "all remaining classes are marked"
            if self.marks_remaining
            else "only the current class is marked",
            f"remaining classes get {self.remaining_code or own}",
        ]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person wants for one school, who saw it set up as `loaded`."""

    school_id: int
    loaded: SetUp
    wanted: SetUp

    @property
    def is_changed(self) -> bool:
        """Tell whether the person changed anything."""
        return self.wanted != self.loaded


@dataclass(frozen=True, slots=True)
class SetUpSaved:
    """How many schools were changed, and what became of their writebacks."""

    schools: int
    requeued: int
    not_sent: int


class NotSaved(Problem):
    """Nothing was saved; one sentence for each school that is in the way."""

    def __init__(self, rows: Mapping[int, str], found: Mapping[int, SetUp]) -> None:
        super().__init__("Nothing was saved.", details=tuple(rows.values()))
        self.rows = rows
        #: How each school that was to change is set up now, also those without fault.
        self.found = found


def save_set_up(user: User, choices: Iterable[Choice], *, now: datetime) -> SetUpSaved:
    """Save the changed ones, all or none; the others are not even looked at.

    What somebody else changed after it was loaded is overwritten only by a person
    who was told.
    """
    changed = [choice for choice in choices if choice.is_changed]
    with transaction():
        district = lock_district(user.district_id)
        refuse_overriding(user, district)
        mine = find_own_schools(user, [choice.school_id for choice in changed])
        rows = [(mine[choice.school_id], choice) for choice in changed]
        _refuse_faulty(rows, district, now)
        wanted = [(school, choice.wanted) for school, choice in rows]
        return apply_set_up(wanted, actor=actor_of(user), now=now)


def refuse_overriding(user: User, district: District) -> None:
    """Refuse a building admin's changes while the district prevents them."""
    if district.prevents_overrides and not user.is_district_admin:
        raise Problem(
            f"{district.name} has Prevent School Overrides on: only a District Admin"
            " changes this page. Nothing was changed."
        )


def _refuse_faulty(
    rows: Sequence[tuple[School, Choice]], district: District, now: datetime
) -> None:
    found = {school.id: SetUp.of(school) for school, _ in rows}
    names = name_actors(school.setup_saved_by for school, _ in rows)
    known = find_known_codes(found)
    problems: dict[int, str] = {}
    for school, choice in rows:
        if choice.wanted == found[school.id]:
            continue  # it is so already: sent twice, or two admins of one mind
        said = _overtaken(school, choice, names.get(school.setup_saved_by, ""), now)
        said += _fault(school, choice.wanted, district)
        codes = _new_codes(found[school.id], choice.wanted)
        said += filter(None, [code_fault(school, codes, known)])
        if said:
            problems[school.id] = " ".join(said)
    if problems:
        raise NotSaved(problems, found)


def _fault(school: School, wanted: SetUp, district: District) -> list[str]:
    if not wanted.is_enabled and district.prevents_overrides:
        return [f"{school.name} stays enabled: Prevent School Overrides is on."]
    if wanted.is_enabled and wanted.mode is None:
        return [mode_is_missing(school)]
    return []


def _new_codes(old: SetUp, new: SetUp) -> list[str]:
    """Return the codes that a rule is to name and did not yet."""
    pairs = (
        (old.missed_code, new.missed_code),
        (old.remaining_code, new.remaining_code),
    )
    return [wanted for was, wanted in pairs if wanted != was]


def _overtaken(school: School, choice: Choice, name: str, now: datetime) -> list[str]:
    """Say what somebody else changed while the person had the page open."""
    current = SetUp.of(school)
    if current == choice.loaded:
        return []
    pairs = list(zip(choice.loaded.words(), current.words(), strict=True))
    at = school.setup_saved_at
    return [say_overtaken(school, pairs, by=name, at=at, now=now)]


def apply_set_up(rows: Iterable[Wanted], *, actor: str, now: datetime) -> SetUpSaved:
    """Set these schools up, in the caller's transaction; one audit entry each."""
    changed = [(school, new) for school, new in rows if SetUp.of(school) != new]
    before = {school.id: SetUp.of(school) for school, _ in changed}
    _store(changed, actor, now)
    schools = [school for school, _ in changed]
    sending = [school for school in schools if _may_send_more(school, before)]
    stopped = [s for s in schools if before[s.id].is_enabled and not s.is_enabled]
    requeued = send_waiting(sending, now=now)
    not_sent = stop_sending(stopped, now=now)
    for school, new in changed:
        AuditEntry.note(
            "school.set",
            actor=actor,
            district=school.district_id,
            school=school.id,
            requeued=requeued[school.id],
            not_sent=not_sent[school.id],
            **dict(new.columns().items() - before[school.id].columns().items()),
        )
    return SetUpSaved(len(changed), requeued.total(), not_sent.total())


def _store(changed: Sequence[Wanted], actor: str, now: datetime) -> None:
    """Write the columns, with one statement for all schools that become alike."""
    alike: dict[SetUp, list[School]] = {}
    for school, new in changed:
        alike.setdefault(new, []).append(school)
    for new, schools in alike.items():
        saved = {"setup_saved_at": now, "setup_saved_by": actor}
        ids = [school.id for school in schools]
        School.update(new.columns() | saved).where(School.id.in_(ids)).execute()
        for school in schools:
            for name, value in new.columns().items():
                setattr(school, name, value)


def _may_send_more(school: School, before: Mapping[int, SetUp]) -> bool:
    """Tell whether it has another mode now, or was enabled."""
    old = before[school.id]
    is_enabled_now = school.is_enabled and not old.is_enabled
    return bool(school.mode) and (school.attendance_mode != old.mode or is_enabled_now)
