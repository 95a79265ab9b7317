"""Year rollover: a new school year's codes are imported once PowerSchool has them."""

# Delivery needs none of this: it resolves each code's id for the day of the event. What
# is imported here is what people see and map.

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from vmps.models import Lane, School
from vmps.powerschool import Deadline, PowerSchoolError, year_id_of
from vmps.services.fetch_codes import fetch_codes
from vmps.services.lanes import SYSTEM
from vmps.services.link import Link
from vmps.services.problems import Problem
from vmps.services.reaction import LaneEffect, react
from vmps.services.school_years import year_at
from vmps.services.schools import today_at, with_district
from vmps.services.store_codes import Imported, store_codes

log = logging.getLogger(__name__)

#: So many schools of a district are asked for in one go; deliveries come first.
AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class RolledOver:
    """What one go did; `is_refused` where PowerSchool answered with an error."""

    imported: Sequence[Imported]
    #: Schools whose new year PowerSchool does not have yet.
    not_yet: Sequence[School]
    is_refused: bool = False
    is_throttled: bool = False


def schools_behind(now: datetime) -> list[School]:
    """Return the schools whose codes are of a year that is over, of all districts.

    Where nothing was ever imported, a person begins; where deliveries are held up,
    PowerSchool is not asked for this either.
    """
    held_up = Lane.select(Lane.district).where(Lane.blocked_until > now)
    latest = year_id_of((now + timedelta(days=1)).date())
    found = School.select().where(
        School.codes_year_id.is_null(False),
        School.codes_year_id <= latest - 1,
        School.district.not_in(held_up),
    )
    ordered = with_district(found).order_by(School.codes_imported_at, School.id)
    return [one for one in ordered if (one.codes_year_id or 0) < year_at(one, now)]


def roll_over(
    link: Link, schools: Sequence[School], *, call_seconds: float, now: datetime
) -> RolledOver:
    """Import these schools' codes of the new year, through their district's link."""
    imported: list[Imported] = []
    not_yet: list[School] = []
    for school in schools[:AT_ONCE]:
        try:
            deadline = Deadline.after(call_seconds)
            day = today_at(school, now)
            fetched = fetch_codes(link.client, school, day, deadline=deadline)
        except PowerSchoolError as error:
            reaction = react(error, is_write=False)
            log.warning(
                "codes.not_rolled_over school=%s cause=%s", school.id, reaction.cause
            )
            is_throttled = reaction.lane is LaneEffect.THROTTLE
            return RolledOver(imported, not_yet, True, is_throttled)
        except Problem:
            not_yet.append(school)
            continue
        if fetched.year_id <= (school.codes_year_id or 0):
            not_yet.append(school)
            continue
        done = store_codes(school, fetched, actor=SYSTEM, now=now)
        log.info(
            "codes.rolled_over school=%s year=%s codes=%s unmatched=%s",
            school.id,
            done.year_id,
            done.count,
            len(done.unmatched),
        )
        imported.append(done)
    return RolledOver(imported, not_yet)
