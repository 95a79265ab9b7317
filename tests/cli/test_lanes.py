"""`lanes`: what is paused and how late it is."""

from datetime import UTC, datetime, timedelta

from vmps.models import AuditEntry, Lane


def test_list_shows_pause_and_age(run, office):
    Lane.update(blocked_reason="credentials_refused").execute()
    office.owe(due_at=datetime.now(UTC) - timedelta(minutes=5))
    (lane,) = run("lanes", "list", "--json").json
    assert lane["blocked_reason"] == "credentials_refused"
    assert 299 < lane["oldest_due_seconds"] < 320
    assert "refused the district's Client ID" in run("lanes", "list").out


def test_list_of_an_open_lane_shows_no_reason(run, office):
    (lane,) = run("lanes", "list", "--json").json
    assert (lane["blocked_reason"], lane["oldest_due_seconds"]) == (None, None)


def test_resume_opens_the_lane_and_rings(run, office, rung):
    Lane.update(blocked_reason="tls_refused", mode_blocks='{"time": {}}').execute()
    assert run("lanes", "resume", "--district", "Oakwood").code == 0
    assert (Lane.get().blocked_reason, Lane.get().mode_blocks) == (None, "{}")
    assert rung == [office.district.id]
    assert AuditEntry.get().actor == "operator"
