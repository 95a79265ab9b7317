"""The link to one district's PowerSchool: its client, and what is true all day."""

# Links live as long as the process: keep-alive connections, the token, the day's codes
# and calendar are kept between drains. A saved connection gets a new link, and so does
# one that was tested: whoever has mended something tests it.

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
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

#: A snow day or other bells are noticed this late at most. Any shorter, and a quiet
#: lane would read codes and calendar again with every event.
FACTS_SECONDS = 3600.0
VERSION_SECONDS = 3600.0
#: What is missing from facts older than this is looked for once more.
STALE_SECONDS = 10.0

Monotonic = Callable[[], float]


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


class Link:
    """One district's client with its facts; shared by the threads of a drain."""

    def __init__(
        self,
        connection: Connection,
        settings: Settings,
        monotonic: Monotonic = time.monotonic,
    ) -> None:
        self.roster_id = RosterId(connection.roster_id)
        self.pacer = Pacer(settings.lane_concurrency)
        self.client = make_client(connection, settings, self.pacer, monotonic)
        self._monotonic = monotonic
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
            if known is None or self.age_of(known) > at_most:
                known = self._read_facts(
                    int(school_number), day, deadline, with_schedule=with_schedule
                )
                self._facts[key] = known
                self._forget_old_facts()
            return known

    def _read_facts(
        self, school_number: int, day: date, deadline: Deadline, *, with_schedule: bool
    ) -> Facts:
        began = self._monotonic()
        codes = self.client.attendance_codes(school_number, day, deadline=deadline)
        calendar = self.client.calendar_day(
            school_number, day, deadline=deadline, with_schedule=with_schedule
        )
        return _facts_of(codes, calendar, began)

    def age_of(self, facts: Facts) -> float:
        """Return the seconds since these were read."""
        return self._monotonic() - facts.read_at

    def is_stale(self, facts: Facts) -> bool:
        """Tell whether what they lack may be there by now."""
        return self.age_of(facts) > STALE_SECONDS

    def doubt(self, school_number: str, day: date) -> None:
        """Forget the facts that a refused write was made by, unless they are new."""
        with self._lock:
            known = self._facts.get((school_number, day))
            if known and self.is_stale(known):
                self._facts = {k: f for k, f in self._facts.items() if f is not known}

    def known_facts(self, school_number: str, day: date) -> Facts | None:
        """Return the school's facts where they were read lately."""
        with self._lock:
            known = self._facts.get((school_number, day))
        return known if known and self.age_of(known) <= FACTS_SECONDS else None

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
                began = self._monotonic()
                found = self.client.school_days(
                    day,
                    deadline=deadline,
                    most_pages=most_pages_for(len(unknown), calls_each=2),
                    with_schedule=with_schedule,
                )
                names = {int(n): n for n in school_numbers if n.isdecimal()}
                learnt = {
                    (names.get(n, str(n)), day): _facts_of(it.codes, it.calendar, began)
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

    def reads_across(self, what: object) -> bool:
        """Tell whether this is read for many together: it did not fail lately.

        It is a mode's rows, a school day's students, or whatever else has a name.
        """
        return self._monotonic() >= self._alone_until.get(what, 0.0)

    def read_alone(self, what: object, seconds: float) -> None:
        """Read this school by school, or student by student, for so long."""
        now = self._monotonic()
        kept = {key: until for key, until in self._alone_until.items() if until > now}
        until = max(now + seconds, kept.get(what, 0.0))
        self._alone_until = kept | {what: until}

    def _forget_old_facts(self) -> None:
        with self._lock:
            self._facts = {
                key: facts
                for key, facts in self._facts.items()
                if self.age_of(facts) < 2 * FACTS_SECONDS
            }

    def learn_version(self, *, deadline: Deadline) -> None:
        """Ask PowerSchool for its version, once an hour: does it take batches?"""
        with self._version_lock:
            if self._monotonic() <= self._batch_known_until:
                return
            metadata = self.client.metadata(deadline=deadline)
            self.note_batch(is_supported=metadata.supports_batch)

    def note_batch(self, *, is_supported: bool) -> None:
        """Remember what PowerSchool said, or did, about batches."""
        self._supports_batch = is_supported
        self._batch_known_until = self._monotonic() + VERSION_SECONDS

    @property
    def supports_batch(self) -> bool:
        """Tell whether batches are known to work."""
        return self._supports_batch


def _facts_of(
    codes: Sequence[AttendanceCode], calendar: CalendarDay | None, read_at: float
) -> Facts:
    return Facts(
        codes={code.code: code for code in codes},
        texts={code.id: code.code for code in codes},
        presence={code.code: code.presence for code in codes},
        year_id=codes[0].year_id if codes else None,
        calendar_day_id=calendar.id if calendar else None,
        is_in_session=bool(calendar and calendar.in_session),
        read_at=read_at,
    )


def make_client(
    connection: Connection,
    settings: Settings,
    pacer: Pacer | None = None,
    monotonic: Monotonic = time.monotonic,
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
        monotonic=monotonic,
    )


class Links:
    """The links of a process, one a district."""

    def __init__(
        self, settings: Settings, monotonic: Monotonic = time.monotonic
    ) -> None:
        self._settings, self._monotonic = settings, monotonic
        self._links: dict[int, tuple[object, Link]] = {}
        self._lock = threading.Lock()

    def find(self, district_id: int, *, pace_seconds: float = 0.0) -> Link | None:
        """Return the district's link, new since its connection was saved or tested."""
        connection = Connection.get_or_none(Connection.district == district_id)
        if connection is None:
            return None
        with self._lock:
            known = self._links.get(district_id)
            state = connection.saved_at, connection.health_at
            if not known or known[0] != state:
                link = Link(connection, self._settings, self._monotonic)
                known = self._links[district_id] = (state, link)
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
