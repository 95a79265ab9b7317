"""`connections`: saving one without showing its secret, and testing every link."""

import pytest

from vmps.clock import utcnow
from vmps.models import AuditEntry, Connection, Lane, Student

from .cast import connect
from .stand_in import StandIn


def save(run, *options, url="https://oakwood.example", stdin=" s3cret \n"):
    return run(
        "connections", "set", "--district", "Oakwood", "--url", url, "--client-id",
        "id", "--client-secret-stdin", *options, "--json", stdin=stdin,
    )  # fmt: skip


def test_set_stores_the_stripped_secret_encrypted(run, office):
    ended = save(run)
    assert ended.json == {"district": office.district.id}
    assert Connection.get().reveal_client_secret() == "s3cret"
    stored = Connection.get().client_secret_token + AuditEntry.get().detail + ended.out
    assert "s3cret" not in stored


def test_set_starts_with_dcid_and_sis_id(run, office):
    save(run)
    assert (Connection.get().roster_id, Connection.get().visible_id) == (
        "dcid", "sis_id",
    )  # fmt: skip


def test_saving_again_keeps_the_id_kinds_and_moves_saved_at(run, office):
    save(run, "--roster-id", "id", "--visible-id", "student_number")
    before = Connection.get()
    save(run)
    after = Connection.get()
    assert (after.roster_id, after.visible_id) == ("id", "student_number")
    assert after.saved_at > before.saved_at


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://oakwood.example/", "Use https://oakwood.example"),
        ("https://oakwood.example/admin", "Use https://oakwood.example"),
        ("http://93.184.216.34", "Plain http is only allowed to listed networks."),
        ("ftp://oakwood.example", "Use https://oakwood.example"),
    ],
)
def test_set_refuses_a_bad_url_with_the_correction(run, office, url, said):
    ended = save(run, url=url)
    assert ended.code == 1
    assert said in ended.err
    assert not Connection.select().exists()


def test_set_takes_plain_http_inside_a_listed_network(run, office):
    assert save(run, url="http://127.0.0.1:8080").code == 0


def test_set_refuses_an_empty_secret(run, office):
    assert save(run, stdin="\n").code == 1


def test_set_wants_the_secret_on_stdin(run, office):
    assert run("connections", "set", "--district", "Oakwood", "--url", "https://a.b",
               "--client-id", "id").code == 2  # fmt: skip


def test_set_lets_a_paused_lane_go_on(run, office, rung):
    Lane.update(blocked_reason="credentials_refused").execute()
    save(run)
    assert Lane.get().blocked_reason is None
    assert rung == [office.district.id]


def test_another_roster_id_forgets_whom_the_ids_meant(run, office):
    connect(office)
    save(run, "--roster-id", "id")
    assert Student.get().ps_id is None
    assert Lane.get().fence == 1


def test_another_server_forgets_whom_the_ids_meant(run, office):
    connect(office, base_url="https://test.example")
    save(run)
    assert Student.get().ps_id is None


def test_the_same_server_and_roster_id_forget_nobody(run, office):
    connect(office)
    save(run)
    assert Student.get().ps_id == 77
    assert Lane.get().fence == 0


@pytest.fixture
def powerschool(office):
    """A PowerSchool that answers well, and a connection to it."""
    with StandIn() as server:
        connect(office, base_url=server.url, roster_id_confirmed_at=utcnow())
        yield server
        server.shutdown()


def check(run):
    ended = run("connections", "test", "--district", "Oakwood", "--json")
    return ended, {step["step"]: step for step in ended.json["steps"]}


def test_a_good_connection_passes_every_step(run, powerschool):
    ended, steps = check(run)
    assert ended.code == 0
    assert list(steps) == [
        "reach", "token", "plugin", "fields", "attendance codes", "calendar",
        "students", "many students", "attendance", "version", "roster id", "time zone",
        "clock",
    ]  # fmt: skip
    assert {step["status"] for step in steps.values()} == {"ok"}
    assert Connection.get().powerschool_version == "25.4.1"


def test_a_good_test_resumes_a_paused_lane(run, powerschool, rung):
    Lane.update(blocked_reason="tls_refused").execute()
    check(run)
    assert Lane.get().blocked_reason is None
    assert rung == [Lane.get().district.id]


def test_refused_credentials_stop_at_the_token(run, powerschool):
    powerschool.token_status = 401
    Lane.update(blocked_reason="credentials_refused").execute()
    ended, steps = check(run)
    assert ended.code == 1
    assert [s["status"] for s in steps.values()] == ["ok", "failed"]
    assert "Client Secret" in steps["token"]["fix"]
    assert Lane.get().blocked_reason == "credentials_refused"


def test_a_server_that_is_away_stops_at_reach(run, office):
    connect(office, base_url="http://127.0.0.1:1")
    ended, steps = check(run)
    assert (ended.code, list(steps)) == (1, ["reach"])


def test_an_unknown_plugin_stops_there(run, powerschool):
    powerschool.metadata = {"metadata": {"powerschool_version": "25.4.1"}}
    ended, steps = check(run)
    assert (ended.code, steps["plugin"]["status"]) == (1, "failed")
    assert "students" not in steps


def test_a_missing_field_shows_its_plugin_line(run, powerschool):
    powerschool.refused = {"students": ["exitdate"]}
    ended, steps = check(run)
    assert ended.code == 1
    line = '<field table="students" field="exitdate" access="ViewOnly"/>'
    assert line in steps["students"]["fix"]
    assert steps["attendance"]["status"] == "ok"


def test_a_comment_that_may_not_be_read_is_a_warning(run, powerschool):
    powerschool.refused = {"attendance": ["att_comment"]}
    powerschool.rows["attendance"] = {
        "dcid": "1", "studentid": "77", "attendance_codeid": "9", "yearid": "36",
    }  # fmt: skip
    ended, steps = check(run)
    assert (ended.code, steps["attendance"]["status"]) == (0, "warning")
    assert 'field="Att_Comment"' in steps["attendance"]["fix"]


def test_another_time_zone_is_a_warning(run, powerschool):
    inner = {**powerschool.metadata["metadata"], "district_timezone": "US/Pacific"}
    powerschool.metadata = {"metadata": inner}
    ended, steps = check(run)
    assert (ended.code, steps["time zone"]["status"]) == (0, "warning")


def test_the_same_zone_by_another_name_is_fine(run, powerschool):
    inner = {**powerschool.metadata["metadata"], "district_timezone": "US/Central"}
    powerschool.metadata = {"metadata": inner}
    assert check(run)[1]["time zone"]["status"] == "ok"


def test_a_kind_of_roster_id_that_nobody_confirmed_is_a_warning(run, powerschool):
    Connection.update(roster_id="id", roster_id_confirmed_at=None).execute()
    ended, steps = check(run)
    assert (ended.code, steps["roster id"]["status"]) == (0, "warning")
    assert "STUDENTS.ID" in steps["roster id"]["message"]
    assert "Detect" in steps["roster id"]["fix"]


def test_the_test_reads_well_on_a_terminal(run, powerschool):
    powerschool.refused = {"students": ["exitdate"]}
    ended = run("connections", "test", "--district", "Oakwood")
    assert ended.code == 1
    assert "ok       reach" in ended.out
    assert "failed   students" in ended.out


def test_nothing_to_test_is_one_sentence(run, office):
    ended = run("connections", "test", "--district", "Oakwood")
    assert (ended.code, "connections set" in ended.err) == (1, True)
