"""`writebacks`: the log, newest first, and one writeback's whole story."""

from datetime import UTC, datetime

import pytest

from vmps.models import Attempt, School

from .cast import open_office


def ids(run, *options):
    return [row["id"] for row in run("writebacks", "list", *options, "--json").json]


def test_list_is_newest_first_and_paged_by_id(run, office):
    first, second, third = (office.owe() for _ in range(3))
    assert ids(run, "--limit", 2) == [third, second]
    assert ids(run, "--before", second) == [first]


def test_list_narrows_by_status_day_school_and_district(run, office):
    open_office("Birch").owe()
    failed = office.owe(status="failed", cause="no_mode", days_ago=1)
    pending = office.owe()
    assert ids(run, "--district", "Oakwood") == [pending, failed]
    assert ids(run, "--status", "failed") == [failed]
    row = run("writebacks", "list", "--status", "failed", "--json").json[0]
    assert ids(run, "--day", row["day"]) == [failed]
    School.create(district=office.district, number="2", name="Elm")
    assert ids(run, "--district", "Oakwood", "--school", "2") == []


def test_list_explains_in_words_and_names_no_student(run, office):
    office.owe(status="failed", cause="wrong_student", detail="… is Maria Lopez")
    for ended in (run("writebacks", "list"), run("writebacks", "list", "--json")):
        assert "another student" in ended.out
        assert "Maria" not in ended.out
        assert "Lee" not in ended.out


def test_list_needs_the_district_of_a_school(run, office):
    assert run("writebacks", "list", "--school", "1817").code == 2


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01"])
def test_list_refuses_what_is_no_day(run, office, day):
    assert run("writebacks", "list", "--day", day).code == 2


@pytest.fixture
def told(office):
    """A failed writeback with one attempt."""
    told = office.owe(status="failed", cause="wrong_student", detail="is Maria Lopez")
    Attempt.create(
        writeback=told,
        fence=1,
        started_at=datetime(2026, 11, 23, 14, tzinfo=UTC),
        outcome="refused",
        cause="wrong_student",
        code="T",
    )
    return told


def test_show_tells_event_explanation_fix_and_attempts(run, told):
    story = run("writebacks", "show", told, "--json").json
    assert (story["status"], story["reason"]) == ("failed", "Bus late")
    assert "another student" in story["explanation"]
    assert story["fix"]
    assert story["detail"] == "is Maria Lopez"
    assert [a["outcome"] for a in story["attempts"]] == ["refused"]


def test_show_reads_well_on_a_terminal(run, told):
    out = run("writebacks", "show", told).out
    assert "is Maria Lopez" in out
    assert "Late Check-in, Bus late" in out
    assert "2026-11-23 14:00:00" in out


def test_show_of_an_unknown_one_is_one_sentence(run, office):
    ended = run("writebacks", "show", 99)
    assert (ended.code, ended.err) == (1, "There is no writeback 99.\n")
