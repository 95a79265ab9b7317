"""The link to one district's PowerSchool: its client, and what is true all day.

Links live as long as the process: keep-alive connections, the token, the day's codes
and calendar are kept between drains. A saved connection gets a new link.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from vmps.config import Settings
from vmps.models import Connection, RosterId
from vmps.powerschool import (
    AttendanceCode,
    Credentials,
    Deadline,
    NetworkPolicy,
    PowerSchool,
)

FACTS_SECONDS = 300.0
VERSION_SECONDS = 3600.0
#: A code that is missing from facts older than this is looked for once more.
STALE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Facts:
    """A school's codes by text and whether it is in session, for one day."""

    codes: Mapping[str, AttendanceCode]
    texts: Mapping[int, str]
    presence: Mapping[str, str | None]
    year_id: int | None
    calendar_day_id: int | None
    is_in_session: bool
    read_at: float = field(default_factory=time.monotonic)

    @property
    def age(self) -> float:
        """Return the seconds since this was read."""
        return time.monotonic() - self.read_at


class Link:
    """One district's client with its facts; shared by the threads of a drain."""

    def __init__(self, connection: Connection, settings: Settings) -> None:
        self.roster_id = RosterId(connection.roster_id)
        self.client = PowerSchool(
            connection.base_url,
            Credentials(connection.client_id, connection.reveal_client_secret()),
            network=NetworkPolicy(
                allowed_networks=settings.allowed_networks,
                allow_plain_http=bool(settings.allowed_networks),
            ),
            pool_size=settings.lane_concurrency,
        )
        #: How many rows a school's day held when last read in bulk.
        self.row_counts: dict[tuple[str, date], int] = {}
        self._facts: dict[tuple[str, date], Facts] = {}
        self._supports_batch: tuple[bool, float] | None = None
        self._lock = threading.Lock()

    def facts(
        self, school_number: str, day: date, *, deadline: Deadline, at_most: float
    ) -> Facts:
        """Return the school's facts, read again when older than `at_most` seconds."""
        key = (school_number, day)
        with self._lock:
            known = self._facts.get(key)
        if known and known.age <= at_most:
            return known
        number = int(school_number)
        codes = self.client.attendance_codes(number, day, deadline=deadline)
        calendar = self.client.calendar_day(number, day, deadline=deadline)
        facts = Facts(
            codes={code.code: code for code in codes},
            texts={code.id: code.code for code in codes},
            presence={code.code: code.presence for code in codes},
            year_id=codes[0].year_id if codes else None,
            calendar_day_id=calendar.id if calendar else None,
            is_in_session=bool(calendar and calendar.in_session),
        )
        with self._lock:
            self._facts[key] = facts
        return facts

    def supports_batch(self, *, deadline: Deadline) -> bool:
        """Tell whether this PowerSchool takes batches; asked once an hour."""
        with self._lock:
            known = self._supports_batch
        if known and time.monotonic() - known[1] < VERSION_SECONDS:
            return known[0]
        answer = self.client.metadata(deadline=deadline).supports_batch
        self.note_batch(is_supported=answer)
        return answer

    def note_batch(self, *, is_supported: bool) -> None:
        """Remember what PowerSchool said, or did, about batches."""
        with self._lock:
            self._supports_batch = (is_supported, time.monotonic())

    @property
    def batch_is_known(self) -> bool:
        """Tell whether batches are known to work, without asking."""
        with self._lock:
            return bool(self._supports_batch and self._supports_batch[0])


class Links:
    """The links of a process, one a district."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._links: dict[int, tuple[object, Link]] = {}
        self._lock = threading.Lock()

    def find(self, district_id: int) -> Link | None:
        """Return the district's link, made anew when its connection was saved."""
        connection = Connection.get_or_none(Connection.district == district_id)
        if connection is None:
            return None
        with self._lock:
            known = self._links.get(district_id)
            if known and known[0] == connection.saved_at:
                return known[1]
            link = Link(connection, self._settings)
            self._links[district_id] = (connection.saved_at, link)
            return link

    def forget(self, district_id: int) -> None:
        """Make the next drain start with a fresh client, token and facts."""
        with self._lock:
            self._links.pop(district_id, None)
