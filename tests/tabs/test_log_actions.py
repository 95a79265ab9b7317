"""Retry and "Entered by hand": with htmx in place, without JavaScript by 303."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW
from tests.owed import attempt, owe
from vmps.models import Intervention, School, Writeback

pytestmark = pytest.mark.usefixtures("connected")
LOGS = "/admin/powerschool/logs/"


def find(row):
    return Writeback.get_by_id(row.id)


def deeds():
    return [(i.writeback_id, i.actor, i.action) for i in Intervention.select()]


@pytest.mark.parametrize("status", ["failed", "not_sent"])
def test_retry_queues_it_and_says_who_asked(cast, browse, status):
    row = owe(cast.schools["1817"], status=status, cause="refused")
    done = browse(cast.bob).post(f"{LOGS}{row.id}/retry")
    assert (done.status, done.location) == (303, f"{LOGS}{row.id}")
    assert (find(row).status, find(row).due_at) == ("pending", NOW)
    assert deeds() == [(row.id, f"user:{cast.bob.id}", "retried")]


def test_retry_hurries_a_pending_one(cast, browse):
    row = owe(cast.schools["1817"], due_at=NOW + timedelta(hours=1), tries=5)
    bob = browse(cast.bob)
    assert bob.get(f"{LOGS}{row.id}").words("#logs-retry") == ["Try now"]
    bob.post(f"{LOGS}{row.id}/retry")
    assert (find(row).due_at, find(row).tries) == (NOW, 5)
    assert len(deeds()) == 1


def test_retry_of_a_successful_one_is_refused_with_a_sentence(cast, browse):
    row = owe(cast.schools["1817"], status="successful")
    bob = browse(cast.bob)
    assert not bob.get(f"{LOGS}{row.id}").all("#logs-retry")
    for htmx in (False, True):
        refused = bob.post(f"{LOGS}{row.id}/retry", htmx=htmx)
        assert refused.status == 422
        assert f"Writeback {row.id} is successful already." in refused.text
    assert deeds() == []


def test_retry_waits_for_a_disabled_school(cast, browse):
    row = owe(cast.schools["1817"], status="not_sent", cause="entered_by_hand")
    School.update(is_enabled=False).execute()
    bob = browse(cast.bob)
    page = bob.get(f"{LOGS}{row.id}")
    assert not page.all("#logs-retry")
    assert "The school is disabled: enable it before a retry." in page.text
    assert not bob.get(LOGS).all("tbody form")
    assert bob.post(f"{LOGS}{row.id}/retry").status == 422


def test_a_row_s_retry_leads_back_to_the_same_list(cast, browse):
    owe(cast.schools["1817"], status="failed", cause="refused")
    bob = browse(cast.bob)
    form = bob.get(f"{LOGS}?status=failed&student=lopez").one("tbody form")
    done = bob.post(str(form["action"]), {"csrf_token": bob.token()})
    back = bob.get(done.location)
    assert (back.status, back.location) == (303, f"{LOGS}?status=failed&student=lopez")
    assert "It is tried again now." in bob.get(back.location).words("#status")


def test_a_row_s_retry_changes_the_row_in_place_and_it_asks_on(cast, browse):
    row = owe(cast.schools["1817"], status="failed", cause="refused")
    bob = browse(cast.bob)
    form = bob.get(f"{LOGS}?status=failed").one("tbody form")
    assert form["hx-target"] == f"#logs-row-{row.id}"
    done = bob.post(str(form["hx-post"]), htmx=True)
    fragment = bob.get(done.location, htmx=True)
    shown = fragment.one(f"tr#logs-row-{row.id} .status")
    assert shown["hx-trigger"] == "every 2s"
    assert "It is tried again now." in fragment.words("#status")
    Writeback.update(status="successful", cause=None).execute()
    settled = bob.get(str(shown["hx-get"]), htmx=True)
    assert not settled.all("tr [hx-get]")
    assert settled.words(".status") == ["Successful"]


@pytest.mark.parametrize("status", ["failed", "not_sent"])
def test_entered_by_hand_is_noted(cast, browse, status):
    row = owe(cast.schools["1817"], status=status, cause="refused")
    bob = browse(cast.bob)
    button = bob.get(f"{LOGS}{row.id}").one("form:has(#logs-by-hand)")
    assert "Is it entered in PowerSchool?" in str(button["hx-confirm"])
    done = bob.post(str(button["action"]))
    assert (done.status, done.location) == (303, f"{LOGS}{row.id}")
    assert (find(row).status, find(row).cause) == ("not_sent", "entered_by_hand")
    assert deeds() == [(row.id, f"user:{cast.bob.id}", "entered_by_hand")]


@pytest.mark.parametrize("status", ["pending", "successful"])
def test_what_is_on_its_way_or_there_is_not_entered_by_hand(cast, browse, status):
    row = owe(cast.schools["1817"], status=status)
    bob = browse(cast.bob)
    assert not bob.get(f"{LOGS}{row.id}").all("#logs-by-hand")
    assert bob.post(f"{LOGS}{row.id}/entered-by-hand").status == 422
    assert find(row).status == status


def test_retry_undoes_entered_by_hand_with_a_warning(cast, browse):
    row = owe(cast.schools["1817"], status="not_sent", cause="entered_by_hand")
    bob = browse(cast.bob)
    page = bob.get(f"{LOGS}{row.id}")
    form = page.one("form:has(#logs-retry)")
    assert "noted that it was entered by hand" in str(form["hx-confirm"])
    assert not page.all("#logs-by-hand")
    bob.post(str(form["action"]), page.form("form:has(#logs-retry)"))
    assert find(row).status == "pending"


@pytest.mark.parametrize("htmx", [False, True])
def test_an_older_page_s_retry_does_not_undo_entered_by_hand(cast, browse, htmx):
    row = owe(cast.schools["1817"], status="failed", cause="already_marked")
    alice, bob = browse(cast.alice), browse(cast.bob)
    older = alice.get(f"{LOGS}{row.id}").form("form:has(#logs-retry)")
    bob.post(f"{LOGS}{row.id}/entered-by-hand")
    refused = alice.post(f"{LOGS}{row.id}/retry", older, htmx=htmx)
    assert refused.status == 422
    assert "noted meanwhile that this was entered by hand" in refused.text
    assert (find(row).status, len(deeds())) == ("not_sent", 1)


def test_the_list_has_no_retry_for_what_was_entered_by_hand(cast, browse):
    owe(cast.schools["1817"], status="not_sent", cause="entered_by_hand")
    page = browse(cast.bob).get(LOGS)
    assert not page.all("tbody form")
    assert "entered it in PowerSchool by hand" in page.text


@pytest.mark.parametrize("action", ["retry", "entered-by-hand"])
def test_staff_may_do_neither(cast, browse, action):
    row = owe(cast.schools["1817"], status="failed")
    assert browse(cast.stella).post(f"{LOGS}{row.id}/{action}").status == 403
    assert find(row).status == "failed"


@pytest.mark.parametrize("outcome", ["ambiguous", "started"])
def test_entered_by_hand_warns_while_an_earlier_try_may_still_land(
    cast, browse, watch, outcome
):
    row = owe(cast.schools["1817"], status="failed", cause="gave_up")
    attempt(row, outcome=outcome, finished_at=NOW if outcome == "ambiguous" else None)
    watch.advance(seconds=59)
    bob = browse(cast.bob)
    page = bob.get(f"{LOGS}{row.id}")
    warning = "An earlier try may still reach PowerSchool until 8:15:05 AM"
    assert warning in page.words("#logs-late")[0]
    assert warning in str(page.one("form:has(#logs-by-hand)")["hx-confirm"])
    done = bob.post(f"{LOGS}{row.id}/entered-by-hand")
    assert warning in bob.get(done.location).words("#status")[0]
    watch.advance(seconds=1)
    assert bob.get(f"{LOGS}{row.id}").all("#logs-late") == []


def test_entered_by_hand_does_not_warn_of_what_was_answered(cast, browse):
    row = owe(cast.schools["1817"], status="failed", cause="refused")
    attempt(row, outcome="refused", finished_at=NOW)
    bob = browse(cast.bob)
    assert bob.get(f"{LOGS}{row.id}").all("#logs-late") == []
    bob.post(f"{LOGS}{row.id}/entered-by-hand")
    assert "earlier try" not in bob.get(f"{LOGS}{row.id}").text
