"""`districts`: adding and listing tenants."""

from vmps import db
from vmps.models import AuditEntry, District, Lane


def test_add_answers_the_new_id(run):
    ended = run(
        "districts", "add", "Oakwood", "--timezone", "America/Chicago", "--json"
    )
    assert ended.json == {"id": District.get().id}


def test_add_makes_the_lane_and_an_audit_entry(run):
    run("districts", "add", "Oakwood", "--timezone", "America/Chicago")
    assert Lane.get().district == District.get()
    assert AuditEntry.get().action == "district.added"
    assert AuditEntry.get().actor == "operator"


def test_add_refuses_an_unknown_zone_and_names_the_nearest(run):
    ended = run("districts", "add", "Oakwood", "--timezone", "America/Chicgo")
    assert (ended.code, ended.out) == (1, "")
    assert "Did you mean America/Chicago?" in ended.err
    assert not District.select().exists()


def test_add_refuses_a_name_twice(run, office):
    ended = run("districts", "add", "Oakwood", "--timezone", "America/Chicago")
    assert ended.code == 1
    assert "already" in ended.err
    assert District.select().count() == 1


def test_add_refuses_a_name_that_could_be_an_id(run):
    ended = run("districts", "add", "12", "--timezone", "America/Chicago")
    assert ended.code == 1


def test_add_without_a_zone_is_a_usage_error(run):
    assert run("districts", "add", "Oakwood").code == 2


def test_list_shows_name_and_zone(run, office):
    assert run("districts", "list", "--json").json == [
        {"id": office.district.id, "name": "Oakwood", "timezone": "America/Chicago"}
    ]
    assert "Oakwood" in run("districts", "list").out


def test_a_database_without_tables_is_one_sentence(run, tmp_path):
    db.configure(f"sqlite:///{tmp_path}/empty.sqlite3")
    ended = run("districts", "list")
    assert ended.code == 1
    assert "run `db upgrade`" in ended.err
