"""`writebacks retry` and `events void`: what goes back to pending, and how."""

from datetime import UTC, datetime, timedelta

import pytest

from vmps.models import AuditEntry, School, StudentEvent

from .cast import find, open_office

LATER = datetime.now(UTC) + timedelta(hours=5)


def test_retry_starts_everything_anew(run, office, rung):
    failed = office.owe(
        status="failed", cause="refused", detail="why", tries=9, claim_fence=3,
        settled_at=LATER, due_at=LATER,
    )  # fmt: skip
    assert run("writebacks", "retry", failed, "--json").json == {"retried": 1}
    row = find(failed)
    assert (row.status, row.tries, row.revision) == ("pending", 0, 1)
    assert (row.cause, row.detail, row.claim_fence, row.settled_at) == (
        None, "", None, None,
    )  # fmt: skip
    assert row.due_at < datetime.now(UTC)
    assert row.give_up_at - row.due_at == timedelta(hours=72)
    assert rung == [office.district.id]


def test_retry_keeps_an_ambiguous_one_ambiguous(run, office):
    failed = office.owe(status="failed", cause="gave_up", is_ambiguous=True)
    run("writebacks", "retry", failed)
    assert find(failed).is_ambiguous


def test_retry_of_a_pending_one_only_hurries_it(run, office, rung):
    pending = office.owe(due_at=LATER, tries=3, cause="network", claim_fence=2)
    run("writebacks", "retry", pending)
    row = find(pending)
    assert row.due_at < datetime.now(UTC)
    assert (row.tries, row.revision, row.claim_fence) == (3, 0, 2)
    assert rung == [office.district.id]


def test_retry_refuses_a_successful_one_and_changes_no_other(run, office):
    failed = office.owe(status="failed")
    done = office.owe(status="successful")
    ended = run("writebacks", "retry", failed, done)
    assert ended.code == 1
    assert f"Writeback {done} is successful already." in ended.err
    assert find(failed).status == "failed"


def test_retry_refuses_what_a_disabled_school_did_not_send(run, office):
    kept = office.owe(status="not_sent", cause="school_disabled")
    School.update(is_enabled=False).execute()
    ended = run("writebacks", "retry", kept)
    assert ended.code == 1
    assert "enable the school first" in ended.err
    assert find(kept).status == "not_sent"


def test_retry_of_an_unknown_id_changes_nothing(run, office):
    failed = office.owe(status="failed")
    ended = run("writebacks", "retry", failed, 99)
    assert ended.err == "There is no writeback 99; nothing was retried.\n"
    assert find(failed).status == "failed"


def test_retry_rings_each_district(run, office, rung):
    birch = open_office("Birch")
    run("writebacks", "retry", office.owe(status="failed"), birch.owe(status="failed"))
    assert sorted(rung) == sorted([office.district.id, birch.district.id])


def select(run, *options):
    return run("writebacks", "retry", "--district", "Oakwood", *options, "--json")


def test_retry_of_many_counts_first(run, office):
    failed = office.owe(status="failed")
    ended = select(run, "--status", "failed")
    assert ended.json == {"would_retry": 1, "left_out": 0}
    assert find(failed).status == "failed"


def test_retry_of_many_takes_only_those_that_fit(run, office):
    birch = open_office("Birch").owe(status="failed")
    failed, kept = office.owe(status="failed"), office.owe(status="not_sent")
    assert select(run, "--status", "failed", "--yes").json["retried"] == 1
    assert find(failed).status == "pending"
    assert (find(kept).status, find(birch).status) == ("not_sent", "failed")


def test_retry_of_many_leaves_disabled_schools_out_and_says_so(run, office):
    kept = office.owe(status="not_sent")
    School.update(is_enabled=False).execute()
    ended = select(run, "--status", "not_sent", "--yes")
    assert ended.code == 1
    assert "their school is disabled" in ended.err
    assert find(kept).status == "not_sent"


@pytest.mark.parametrize(
    "options",
    [(), ("--district", "Oakwood"), ("1", "--district", "Oakwood"),
     ("--district", "Oakwood", "--status", "successful")],
)  # fmt: skip
def test_retry_says_what_it_needs(run, office, options):
    assert run("writebacks", "retry", *options).code == 2


def test_void_puts_a_sent_writeback_back(run, office, rung):
    sent = office.owe(status="successful", settled_at=LATER, claim_fence=2)
    event = find(sent).event
    assert run("events", "void", event.id, "--json").json["voided"] is True
    row = find(sent)
    assert (row.status, row.revision, row.claim_fence) == ("pending", 1, None)
    assert StudentEvent.get_by_id(event.id).voided_at is not None
    assert rung == [office.district.id]
    assert AuditEntry.get().action == "event.voided"


def test_void_twice_is_said_and_changes_nothing(run, office):
    event = find(office.owe()).event
    run("events", "void", event.id)
    before = find(event.writebacks.get().id)
    ended = run("events", "void", event.id)
    assert (ended.code, "void already" in ended.err) == (1, True)
    assert find(before.id).revision == before.revision
    assert AuditEntry.select().count() == 1


def test_void_of_an_unknown_event_is_one_sentence(run, office):
    assert run("events", "void", 99).err == "There is no event 99.\n"
