"""`schools`: adding buildings, setting modes, switching them off."""

import pytest

from vmps.models import AttendanceCode, AuditEntry, District, School

from .cast import begin_attempt, find


def test_add_names_the_district_by_id_or_name(run, office):
    for name, number in ((office.district.id, "1"), ("Oakwood", "2")):
        ended = run("schools", "add", "--district", name, "--number", number,
                    "--name", "Elm", "--json")  # fmt: skip
        assert ended.json == {"id": School.get(School.number == number).id}


def test_add_keeps_the_number_as_powerschool_writes_it(run, office):
    run("schools", "add", "--district", "Oakwood", "--number", "017", "--name", "Elm")
    assert School.select().where(School.number == "17").exists()


@pytest.mark.parametrize("number", ["12a", "", "1817", "-5", "٣"])
def test_add_refuses_bad_and_known_numbers(run, office, number):
    ended = run("schools", "add", "--district", "Oakwood", f"--number={number}",
                "--name", "Elm")  # fmt: skip
    assert ended.code == 1
    assert School.select().count() == 1


def test_add_refuses_an_unknown_district(run, office):
    ended = run("schools", "add", "--district", "Elsewhere", "--number", "1",
                "--name", "Elm")  # fmt: skip
    assert ended.err == (
        "There is no district Elsewhere: `districts list` shows them.\n"
    )


def set_school(run, *changes):
    return run(
        "schools",
        "set",
        "--district",
        "Oakwood",
        "--number",
        "1817",
        *changes,
        "--json",
    )


def test_set_saves_only_what_is_given(run, office):
    set_school(run, "--replaceable", "A, UX", "--keeps-first")
    school = School.get()
    assert school.replaceable == {"A", "UX"}
    assert school.keeps_first_code
    assert (school.mode, school.is_enabled, school.protected) == ("daily", True, set())


def test_set_takes_an_empty_list_of_codes(run, office):
    set_school(run, "--protected", "A")
    set_school(run, "--protected", "")
    assert School.get().protected == set()


def test_set_saves_the_rules_of_meeting_mode(run, office):
    set_school(run, "--missed-code", " A", "--marks-current", "--remaining-code", "ED")
    school = School.get()
    assert (school.missed_code, school.remaining_code) == ("A", "ED")
    assert not school.marks_remaining
    set_school(run, "--missed-code", "", "--marks-remaining")
    assert (School.get().missed_code, School.get().marks_remaining) == ("", True)


def test_set_refuses_a_rule_with_a_code_the_school_lacks(run, office):
    school = School.get()
    School.update(codes_year_id=36).execute()
    AttendanceCode.create(school=school, year_id=36, ps_id=1, code="T")
    ended = run("schools", "set", "--district", "Oakwood", "--number", "1817",
                "--missed-code", "A")  # fmt: skip
    assert ended.code == 1
    assert "has no attendance code A. It has T." in ended.err
    assert School.get().missed_code == ""


def test_set_without_changes_is_refused(run, office):
    assert set_school(run).code == 1


def test_set_refuses_an_unknown_mode(run, office):
    assert set_school(run, "--mode", "weekly").code == 2


def test_a_mode_queues_todays_failures_for_want_of_one(run, office, rung):
    today = office.owe(status="failed", cause="no_mode", tries=4)
    old = office.owe(status="failed", cause="no_mode", days_ago=1)
    other = office.owe(status="failed", cause="refused")
    assert set_school(run, "--mode", "daily").json["requeued"] == 1
    assert [find(i).status for i in (today, old, other)] == [
        "pending", "failed", "failed",
    ]  # fmt: skip
    assert find(today).tries == 0
    assert rung == [office.district.id]


def test_a_mode_makes_a_drain_plan_its_rows_again(run, office):
    planned = office.owe(claim_fence=1)
    begun = office.owe(claim_fence=1)
    begin_attempt(begun)
    set_school(run, "--mode", "time")
    assert (find(planned).claim_fence, find(planned).revision) == (None, 1)
    assert (find(begun).claim_fence, find(begun).revision) == (1, 0)


def test_a_mode_sends_nothing_of_a_disabled_school(run, office):
    School.update(is_enabled=False).execute()
    failed = office.owe(status="failed", cause="no_mode")
    set_school(run, "--mode", "daily")
    assert find(failed).status == "failed"


def test_disabling_settles_what_is_pending(run, office):
    pending = office.owe()
    assert set_school(run, "--disabled").json == {"requeued": 0, "not_sent": 1}
    row = find(pending)
    assert (row.status, row.cause) == ("not_sent", "school_disabled")
    assert row.settled_at is not None


def test_disabling_leaves_to_the_drain_what_it_must_read(run, office):
    ambiguous = office.owe(is_ambiguous=True)
    begun = office.owe()
    begin_attempt(begun)
    set_school(run, "--disabled")
    assert {find(i).status for i in (ambiguous, begun)} == {"pending"}


def test_disabling_takes_what_was_not_begun_out_of_a_drain_s_hands(run, office):
    claimed = office.owe(claim_fence=1)
    set_school(run, "--disabled")
    row = find(claimed)
    assert (row.status, row.claim_fence, row.revision) == ("not_sent", None, 1)


def test_enabling_sends_nothing_old(run, office):
    School.update(is_enabled=False).execute()
    kept = office.owe(status="not_sent", cause="school_disabled")
    set_school(run, "--enabled")
    assert School.get().is_enabled
    assert find(kept).status == "not_sent"


def test_disabling_is_refused_while_the_district_prevents_overrides(run, office):
    District.update(prevents_overrides=True).execute()
    ended = set_school(run, "--disabled")
    assert ended.code == 1
    assert "Oakwood has Prevent School Overrides on" in ended.err + ended.out
    assert School.get().is_enabled


def test_a_change_says_by_whom_the_school_was_set_up(run, office):
    set_school(run, "--replaceable", "A")
    assert School.get().setup_saved_at is None
    set_school(run, "--mode", "time")
    assert School.get().setup_saved_by == "operator"


def test_enabling_sends_what_failed_for_want_of_a_mode_chosen_since(run, office):
    School.update(is_enabled=False).execute()
    failed = office.owe(status="failed", cause="no_mode")
    assert set_school(run, "--enabled").json["requeued"] == 1
    assert find(failed).status == "pending"


def test_every_change_is_audited(run, office):
    set_school(run, "--mode", "time")
    entry = AuditEntry.get()
    assert (entry.action, entry.district) == ("school.set", office.district)
    assert '"mode": "time"' in entry.detail


def test_list_shows_the_rules(run, office):
    (row,) = run("schools", "list", "--json").json
    assert (row["number"], row["mode"], row["replaceable"]) == ("1817", "daily", [])
    assert "1817" in run("schools", "list").out
