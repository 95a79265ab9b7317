"""`connections detect` and `connections confirm`: what the roster's SIS ID is."""

import pytest

from tests.cast import make_oakwood
from vmps.models import AuditEntry, Connection, Student
from vmps.simulator.invent import invent_district

SEED = invent_district(schools=1, students_per_school=20)


@pytest.fixture
def oakwood(app, shared_simulator):
    """Oakwood with a roster of DCIDs, connected to its simulated PowerSchool."""
    shared_simulator.seed(SEED)
    return make_oakwood(shared_simulator.url, SEED)


def detect(run, *options):
    return run("connections", "detect", "--district", "Oakwood", *options)


def test_detect_counts_each_kind_and_changes_nothing(run, oakwood):
    ended = detect(run, "--json")
    matched = {tally["kind"]: tally["matched"] for tally in ended.json["tallies"]}
    assert (ended.code, ended.json["kind"]) == (0, "dcid")
    assert matched == {"dcid": 20, "id": 0, "student_number": 0}
    assert Connection.get().roster_id_confirmed_at is None


def test_detect_says_how_to_confirm(run, oakwood):
    ended = detect(run)
    assert "Of 20 students, 20 match as DCID" in ended.out
    assert "connections confirm --roster-id dcid" in ended.out


def test_a_roster_of_strangers_is_not_clear_and_names_some(run, oakwood):
    Student.update(first_name="Somebody", last_name="Else").execute()
    ended = detect(run)
    assert (ended.code, ended.out.count("Another student: ")) == (1, 3)
    assert "not clear" in ended.out


def test_confirm_saves_who_confirmed_it(run, oakwood):
    ended = run("connections", "confirm", "--district", "Oakwood", "--roster-id",
                "dcid", "--json")  # fmt: skip
    assert ended.json == {"is_changed": False, "requeued": 0}
    assert Connection.get().roster_id_confirmed_by == "operator"
    assert AuditEntry.get().action == "connection.roster_id_confirmed"


def test_confirming_another_kind_asks_for_everybody_anew(run, oakwood):
    Student.update(ps_id=77).execute()
    ended = run("connections", "confirm", "--district", "Oakwood", "--roster-id", "id",
                "--force")  # fmt: skip
    assert "STUDENTS.ID. PowerSchool is asked for every student anew." in ended.out
    assert not Student.select().where(Student.ps_id.is_null(False)).exists()


def test_confirm_refuses_what_the_sample_disproves(run, oakwood):
    ended = run("connections", "confirm", "--district", "Oakwood", "--roster-id", "id")
    assert ended.code == 1
    assert "Not confirmed. Taken for STUDENTS.ID, 20 of 20 students did" in ended.err
    assert "`--force` confirms it although 20 of 20 students did not fit." in ended.err
    assert Connection.get().roster_id_confirmed_at is None


@pytest.mark.parametrize("command", [("detect",), ("confirm", "--roster-id", "id")])
def test_without_a_connection_it_is_one_sentence(run, office, command):
    ended = run("connections", *command, "--district", "Oakwood")
    assert (ended.code, "connections set" in ended.err) == (1, True)
