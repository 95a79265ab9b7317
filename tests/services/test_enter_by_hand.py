"""Entered by hand: what may be noted, and that nothing but a retry sends it."""

from __future__ import annotations

import json

import pytest

from tests.cast import NOW, Oakwood, make_oakwood
from tests.threads import at_once
from vmps.models import AuditEntry, EventType, Intervention, School, Writeback
from vmps.services.enter_by_hand import enter_by_hand
from vmps.services.list_writebacks import WritebackFilters
from vmps.services.problems import Missing, Problem
from vmps.services.retry import count_retryable, retry_selection, retry_writebacks

pytestmark = pytest.mark.usefixtures("settings")


@pytest.fixture
def oakwood(settings: object) -> Oakwood:
    """Oakwood with one failed writeback, number 1."""
    found = make_oakwood()
    found.report()
    Writeback.update(status="failed", cause="refused", detail="why").execute()
    return found


def enter() -> Writeback:
    enter_by_hand(1, actor="user:7", now=NOW)
    return Writeback.get_by_id(1)


@pytest.mark.parametrize("status", ["failed", "not_sent"])
def test_it_is_settled_as_not_sent(oakwood, status):
    Writeback.update(status=status).execute()
    row = enter()
    assert (row.status, row.cause, row.detail) == ("not_sent", "entered_by_hand", "")
    assert (row.settled_at, row.revision) == (NOW, 1)


@pytest.mark.parametrize("status", ["pending", "successful"])
def test_what_is_sent_or_may_be_held_cannot_be_noted(oakwood, status):
    Writeback.update(status=status, claim_fence=1).execute()
    with pytest.raises(Problem, match="Only what failed or was not sent"):
        enter()
    assert (Writeback.get().status, Writeback.get().claim_fence) == (status, 1)
    assert Intervention.select().count() == 0


def test_it_is_noted_once(oakwood):
    enter()
    with pytest.raises(Problem, match="noted already"):
        enter()
    assert Intervention.select().count() == 1


def test_an_unknown_one_is_missing(oakwood):
    with pytest.raises(Missing):
        enter_by_hand(99, actor="user:7", now=NOW)


def test_who_did_it_is_kept_with_ids_only(oakwood):
    enter()
    done = Intervention.get()
    assert (done.actor, done.action, done.at) == ("user:7", "entered_by_hand", NOW)
    entry = AuditEntry.get(AuditEntry.action == "writeback.entered_by_hand")
    assert (entry.actor, json.loads(entry.detail)) == ("user:7", {"writeback": 1})


def test_a_drain_plans_the_student_s_day_again(oakwood):
    oakwood.report(external_id="second", type=EventType.EARLY_CHECK_OUT)
    Writeback.update(claim_fence=3).where(Writeback.id == 2).execute()
    enter()
    other = Writeback.get_by_id(2)
    assert (other.claim_fence, other.revision) == (None, 1)


def test_retrying_many_leaves_it_out(oakwood):
    enter()
    filters = WritebackFilters(district_id=oakwood.district.id)
    assert count_retryable(filters).retried == 0
    assert retry_selection(filters, actor="operator", now=NOW).retried == 0
    assert Writeback.get().cause == "entered_by_hand"


def test_its_own_retry_sends_it(oakwood):
    enter()
    retry_writebacks([1], actor="user:7", now=NOW)
    assert (Writeback.get().status, Writeback.get().cause) == ("pending", None)


def test_retries_are_noted_one_by_one_and_many_at_once(oakwood):
    retry_writebacks([1], actor="user:7", now=NOW)
    Writeback.update(status="failed").execute()
    filters = WritebackFilters(district_id=oakwood.district.id)
    retry_selection(filters, actor="operator", now=NOW)
    done = [(i.writeback_id, i.actor, i.action) for i in Intervention.select()]
    assert done == [(1, "user:7", "retried"), (1, "operator", "retried")]


def test_a_refused_retry_notes_nothing(oakwood):
    Writeback.update(status="not_sent").execute()
    School.update(is_enabled=False).execute()
    with pytest.raises(Problem):
        retry_writebacks([1], actor="user:7", now=NOW)
    assert Intervention.select().count() == 0


def test_of_a_retry_and_a_note_at_once_the_first_one_counts(oakwood):
    def press(number: int) -> str:
        try:
            if number:
                enter()
            else:
                retry_writebacks([1], actor="user:8", now=NOW, knows_by_hand=False)
        except Problem as problem:
            return problem.message
        return ""

    said = at_once(press, 2)
    (deed,) = Intervention.select()
    assert sorted(map(bool, said)) == [False, True]
    assert deed.action == ("retried" if said[1] else "entered_by_hand")
    assert Writeback.get().status == ("pending" if said[1] else "not_sent")
