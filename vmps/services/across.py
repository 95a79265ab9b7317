"""When one call for many schools or students takes the place of a call for each."""

from __future__ import annotations

from collections.abc import Collection

from vmps.powerschool import (
    ConnectionLost,
    CredentialsRefused,
    NotSent,
    Throttled,
    TimedOut,
    TokenRefused,
    TooManyRows,
    V1AccessMissing,
)

#: Up to so many students are asked for one by one; more are read by a range of ids.
FEW = 3
PAGE_SIZE = 100
#: Read together: a page that is not full needs no second call.
TOGETHER = PAGE_SIZE - 1
#: The plugin's query is asked for so many students at once, of any schools.
LISTED = 200
#: So many pages in a row leave time for the rest of an attempt.
MOST_PAGES = 10
#: So many students of a school are read together where each has many rows.
CLASSMATES = 12
#: So long schools are read by themselves: where they were refused together, or were in
#: too many pages, and where no whole answer came, which may be the network's fault.
ALONE_SECONDS, SHORT_SECONDS = 300.0, 60.0

_BROKE_OFF = (ConnectionLost, NotSent, TimedOut)
#: These say nothing about asking for many at once.
_LANES_OWN = (
    CredentialsRefused,
    Throttled,
    TokenRefused,
    V1AccessMissing,
)


def is_worth_it(students: Collection[int]) -> bool:
    """Tell whether schools with so many students each are better read together.

    It has to save a few calls: a range of several schools holds others' rows, too.
    """
    alone = sum(n if n <= FEW else -(-n // TOGETHER) for n in students)
    return alone - -(-sum(students) // TOGETHER) >= FEW


def most_pages_for(count: int, calls_each: int = 1) -> int:
    """Return how many pages may take the place of calls for so many, each alone."""
    return min(max(FEW, count * calls_each), MOST_PAGES)


def seconds_alone_after(error: BaseException | None) -> float:
    """Return how long schools are read by themselves after reading them together."""
    if isinstance(error, _BROKE_OFF):
        return SHORT_SECONDS
    return 0.0 if isinstance(error, _LANES_OWN) else ALONE_SECONDS


def might_do_better_alone(error: BaseException | None) -> bool:
    """Tell whether to read the same schools by themselves at once."""
    return not isinstance(error, (*_BROKE_OFF, *_LANES_OWN))


def seconds_one_by_one_after(error: BaseException | None) -> float:
    """Return how long students of a school are read alone after reading some together.

    Where they are too far from one another, others may be closer.
    """
    return 0.0 if isinstance(error, TooManyRows) else SHORT_SECONDS


def is_lanes_own(error: BaseException | None) -> bool:
    """Tell whether every other call of the lane would end so, too."""
    return isinstance(error, _LANES_OWN)
