"""The link to one district's PowerSchool: its client, and what is true all day."""

# Links live as long as the process: keep-alive connections, the token, the day's codes
# and calendar are kept between drains. A saved connection gets a new link.

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from vmps.config import Settings
from vmps.models import Connection, RosterId
from vmps.powerschool import (
    AttendanceCode,
    CalendarDay,
    Credentials,
    Deadline,
    NetworkPolicy,
    PowerSchool,
)
from vmps.services.across import FEW, most_pages_for
from vmps.services.pacer import Pacer

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
        self.pacer = Pacer(settings.lane_concurrency)
        self.client = make_client(connection, settings, self.pacer)
        self._facts: dict[tuple[str, date], Facts] = {}
        self._facts_locks: dict[tuple[str, date], threading.Lock] = {}
        self._lock = threading.Lock()
        self._version_lock = threading.Lock()
        self._across_lock = threading.Lock()
        self._alone_until: dict[object, float] = {}
        self._supports_batch = False
        self._batch_known_until = 0.0

    def facts(
        self,
        school_number: str,
        day: date,
        *,
        deadline: Deadline,
        at_most: float,
        with_schedule: bool = False,
    ) -> Facts:
        """Return the school's facts, read again when older than `at_most` seconds.

        `with_schedule` where bell times will be asked for: then that is a call less.
        """
        key = (school_number, day)
        with self._lock:
            lock = self._facts_locks.setdefault(key, threading.Lock())
        with lock:  # of many threads one reads, the others wait
            known = self._facts.get(key)
            if known is None or known.age > at_most:
                known = self._read_facts(
                    int(school_number), day, deadline, with_schedule=with_schedule
                )
                self._facts[key] = known
                self._forget_old_facts()
            return known

    def _read_facts(
        self, school_number: int, day: date, deadline: Deadline, *, with_schedule: bool
    ) -> Facts:
        codes = self.client.attendance_codes(school_number, day, deadline=deadline)
        calendar = self.client.calendar_day(
            school_number, day, deadline=deadline, with_schedule=with_schedule
        )
        return _facts_of(codes, calendar)

    def known_facts(self, school_number: str, day: date) -> Facts | None:
        """Return the school's facts where they were read lately."""
        with self._lock:
            known = self._facts.get((school_number, day))
        return known if known and known.age <= FACTS_SECONDS else None

    def _knows(self, number: str, day: date, *, with_schedule: bool) -> bool:
        if self.known_facts(number, day) is None:
            return False
        return not with_schedule or self.client.knows_schedule(int(number), day)

    def learn_facts(
        self,
        school_numbers: Collection[str],
        day: date,
        *,
        deadline: Deadline,
        with_schedule: bool = False,
    ) -> None:
        """Read the facts of many schools together, and the bell times `with_schedule`.

        They stay unknown of few schools, and of those that have no school year then.
        """
        with self._across_lock:  # of many threads one reads, the others wait
            unknown = [
                number
                for number in school_numbers
                if not self._knows(number, day, with_schedule=with_schedule)
            ]
            if len(unknown) > FEW:
                found = self.client.school_days(
                    day,
                    deadline=deadline,
                    most_pages=most_pages_for(len(unknown), calls_each=2),
                    with_schedule=with_schedule,
                )
                names = {int(n): n for n in school_numbers if n.isdecimal()}
                learnt = {
                    (names.get(n, str(n)), day): _facts_of(it.codes, it.calendar)
                    for n, it in found.items()
                }
                with self._lock:
                    self._facts = self._facts | learnt
                self._forget_old_facts()
            known = [int(n) for n in school_numbers if self.known_facts(n, day)]
            if with_schedule:
                most_pages = most_pages_for(len(known))
                self.client.read_bells_ahead(
                    known, day, deadline=deadline, most_pages=most_pages
                )

    def reads_together(self, what: object) -> bool:
        """Tell whether a mode's schools, or a school day's students, may be."""
        return time.monotonic() >= self._alone_until.get(what, 0.0)

    def read_alone(self, what: object, seconds: float) -> None:
        """Read the mode's schools, or the school day's students, alone for so long."""
        now = time.monotonic()
        kept = {key: until for key, until in self._alone_until.items() if until > now}
        until = max(now + seconds, kept.get(what, 0.0))
        self._alone_until = kept | {what: until}

    def _forget_old_facts(self) -> None:
        with self._lock:
            kept = {k: f for k, f in self._facts.items() if f.age < 2 * FACTS_SECONDS}
            self._facts = kept

    def learn_version(self, *, deadline: Deadline) -> None:
        """Ask PowerSchool for its version, once an hour: does it take batches?"""
        with self._version_lock:
            if time.monotonic() <= self._batch_known_until:
                return
            metadata = self.client.metadata(deadline=deadline)
            self.note_batch(is_supported=metadata.supports_batch)

    def note_batch(self, *, is_supported: bool) -> None:
        """Remember what PowerSchool said, or did, about batches."""
        self._supports_batch = is_supported
        self._batch_known_until = time.monotonic() + VERSION_SECONDS

    @property
    def supports_batch(self) -> bool:
        """Tell whether batches are known to work."""
        return self._supports_batch


def _facts_of(codes: Sequence[AttendanceCode], calendar: CalendarDay | None) -> Facts:
    return Facts(
        codes={code.code: code for code in codes},
        texts={code.id: code.code for code in codes},
        presence={code.code: code.presence for code in codes},
        year_id=codes[0].year_id if codes else None,
        calendar_day_id=calendar.id if calendar else None,
        is_in_session=bool(calendar and calendar.in_session),
    )


def make_client(
    connection: Connection, settings: Settings, pacer: Pacer | None = None
) -> PowerSchool:
    """Return the client for a saved connection."""
    return PowerSchool(
        connection.base_url,
        Credentials(connection.client_id, connection.reveal_client_secret()),
        network=NetworkPolicy(
            allowed_networks=settings.allowed_networks,
            allow_plain_http=bool(settings.allowed_networks),
        ),
        pool_size=settings.lane_concurrency,
        pace=(lambda deadline: pacer.wait(deadline.remaining())) if pacer else None,
    )


class Links:
    """The links of a process, one a district."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._links: dict[int, tuple[object, Link]] = {}
        self._lock = threading.Lock()

    def find(self, district_id: int, *, pace_seconds: float = 0.0) -> Link | None:
        """Return the district's link, made anew when its connection was saved."""
        connection = Connection.get_or_none(Connection.district == district_id)
        if connection is None:
            return None
        with self._lock:
            known = self._links.get(district_id)
            if not known or known[0] != connection.saved_at:
                known = (connection.saved_at, Link(connection, self._settings))
                self._links[district_id] = known
            known[1].pacer.start_at(pace_seconds)
            return known[1]

    def slow_down(self, district_id: int) -> None:
        """PowerSchool refused a call of this lane for coming too soon."""
        with self._lock:
            self._links[district_id][1].pacer.slow_down()

    def forget(self, district_id: int) -> None:
        """Make the next drain start with a fresh client, token and facts."""
        with self._lock:
            self._links.pop(district_id, None)
