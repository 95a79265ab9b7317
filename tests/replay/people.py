"""Whose day is replayed: each person has a story, which says how it must end."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

#: Far above any id that was invented: nobody has it.
NOBODY = 900_000_000


class Story(StrEnum):
    """What happens to one person on this day."""

    LATE = "comes late"
    EARLY = "leaves early"
    LATE_AND_EARLY = "comes late and leaves early"
    BACK = "leaves and comes back"
    THRICE = "comes late, leaves, comes back"
    AT_NIGHT = "checks in and out in the hour that comes twice or never"
    VOIDED = "comes late, and the event is voided"
    LATER_VOIDED = "comes late and leaves early, which is voided"
    TIME_CORRECTED = "comes late, at another time than reported"
    REASON_CORRECTED = "comes late, for another reason than reported"
    ABSENT = "was marked absent by a clerk and comes late"
    ABSENT_VOIDED = "was marked absent by a clerk, and a late check-in is voided"
    SAME = "was marked tardy by a clerk and comes late"
    PROTECTED = "was suspended, and comes late"
    PROTECTED_MEANWHILE = "comes late, and a clerk marks a field trip before it is sent"
    STRANGER = "has another student's id in the roster"
    UNKNOWN = "has an id in the roster that nobody has"
    MOVED = "moved to another school"
    LEFT = "left"
    UNMAPPED = "comes late for a reason without a code"
    OUTDATED = "comes late for a reason whose code the school has no more"


#: How often each comes, in a hundred and some people.
SHARES = {
    Story.LATE: 34,
    Story.EARLY: 14,
    Story.LATE_AND_EARLY: 16,
    Story.BACK: 6,
    Story.THRICE: 4,
    Story.AT_NIGHT: 1,
    Story.VOIDED: 4,
    Story.LATER_VOIDED: 3,
    Story.TIME_CORRECTED: 4,
    Story.REASON_CORRECTED: 3,
    Story.ABSENT: 5,
    Story.ABSENT_VOIDED: 1,
    Story.SAME: 3,
    Story.PROTECTED: 3,
    Story.PROTECTED_MEANWHILE: 2,
    Story.STRANGER: 2,
    Story.UNKNOWN: 1,
    Story.MOVED: 1,
    Story.LEFT: 1,
    Story.UNMAPPED: 2,
    Story.OUTDATED: 1,
}
EVENTS = {
    Story.LATE_AND_EARLY: 2,
    Story.BACK: 2,
    Story.THRICE: 3,
    Story.AT_NIGHT: 2,
    Story.LATER_VOIDED: 2,
}


@dataclass(frozen=True, slots=True)
class Person:
    """One student with a story; `row` is the seed's."""

    row: dict[str, Any]
    story: Story

    @property
    def ps_id(self) -> int:
        """Return STUDENTS.ID of whoever has the person's DCID in PowerSchool."""
        found: int = self.row["id"]
        return found

    @property
    def sis_id(self) -> str:
        """Return the roster's id, a DCID."""
        is_unknown = self.story is Story.UNKNOWN
        return str(self.row["dcid"] + (NOBODY if is_unknown else 0))

    @property
    def roster_name(self) -> dict[str, str]:
        """Return the number and name that our roster has."""
        if self.story is Story.STRANGER:
            number = str(NOBODY + self.row["dcid"])
            name = {"first_name": "Nemo", "last_name": "Nadie"}
            return {"student_number": number, **name}
        names = ("student_number", "first_name", "last_name")
        return {name: str(self.row[name]) for name in names}


def cast_of(
    place: int, rows: Sequence[dict[str, Any]], events: int, mode: str
) -> list[Person]:
    """Give stories to a school's students until they make so many events."""
    chance = random.Random(place)
    stories = [story for story, share in SHARES.items() for _ in range(share)]
    if mode != "daily":
        stories = [story for story in stories if story is not Story.AT_NIGHT]
    chance.shuffle(stories)
    people: list[Person] = []
    count = 0
    while count < events:
        story = stories[len(people) % len(stories)]
        people.append(Person(rows[len(people)], story))
        count += EVENTS.get(story, 1)
    return people
