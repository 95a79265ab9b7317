"""When schools are read together, and what that failing leads to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vmps.powerschool import errors
from vmps.services.across import (
    MOST_PAGES,
    is_worth_it,
    might_do_better_alone,
    most_pages_for,
    seconds_alone_after,
)


@pytest.mark.parametrize(
    ("students", "worth"),
    [
        ([], False),
        ([200], False),
        ([1, 1, 1], False),
        ([1, 1, 1, 1], True),
        ([60, 60], False),
        ([200, 200], False),  # six calls, or five that bring others' rows
        ([20] * 10, True),
        ([200] * 10, True),
        ([99] * 10, False),  # each is a page already
    ],
)
def test_schools_are_read_together_where_that_saves_calls(
    *, students: list[int], worth: bool
) -> None:
    assert is_worth_it(students) is worth


@given(st.integers(1, 5000))
def test_one_school_is_never_read_as_many(count: int) -> None:
    assert not is_worth_it([count])


@pytest.mark.parametrize(
    ("schools", "calls_each", "pages"),
    [(2, 1, 3), (6, 1, 6), (4, 2, 8), (40, 2, MOST_PAGES)],
)
def test_pages_are_no_more_than_the_calls_they_replace(
    schools: int, calls_each: int, pages: int
) -> None:
    assert most_pages_for(schools, calls_each) == pages


@pytest.mark.parametrize(
    ("error", "is_tried_alone", "seconds"),
    [
        (errors.TooManyPages("many"), True, 300),
        (errors.FieldsNotGranted("no"), True, 300),
        (errors.Rejected("no"), True, 300),
        (errors.NotFound("no"), True, 300),
        (errors.ServerError("no"), True, 300),
        (ValueError("our own"), True, 300),
        (errors.TimedOut("slow"), False, 60),
        (errors.NotSent("no time"), False, 60),
        (errors.ConnectionLost("gone"), False, 60),
        (errors.Throttled("wait"), False, 0),
        (errors.CredentialsRefused("no"), False, 0),
    ],
)
def test_what_failed_together_is_tried_alone_unless_the_lane_is_ill(
    *, error: Exception, is_tried_alone: bool, seconds: float
) -> None:
    assert might_do_better_alone(error) is is_tried_alone
    assert seconds_alone_after(error) == seconds
