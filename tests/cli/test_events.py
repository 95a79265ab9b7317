"""`events correct` and `events restore`: what changes, told in one sentence."""

from datetime import datetime

from vmps.models import EventChange, EventType, Reason, StudentEvent

from .cast import find


def test_correct_changes_time_and_reason_and_queues_it(run, office, rung):
    sent = office.owe(status="successful")
    late = {"school": office.school, "type": EventType.LATE_CHECK_IN}
    Reason.create(**late, label="Overslept", code="TE")
    event = find(sent).event
    done = run(
        "events", "correct", event.id, "--time", "00:00", "--reason", "overslept",
        "--json",
    ).json  # fmt: skip
    kept = StudentEvent.get_by_id(event.id)
    assert datetime.fromisoformat(done["occurred_at"]) == kept.occurred_at
    assert done["occurred_at"].startswith(f"{kept.school_day}T00:00:00-0")
    assert (done["reason"], kept.reason) == ("Overslept", "Overslept")
    assert (find(sent).status, rung) == ("pending", [office.district.id])
    assert EventChange.get().actor == "operator"


def test_what_cannot_be_corrected_is_one_sentence(run, office):
    event = find(office.owe()).event
    for more, said in (
        ([], "Nothing would change: give another time or another reason.\n"),
        (["--reason", "Slept"], "Choose one of the school's reasons.\n"),
    ):
        ended = run("events", "correct", event.id, *more)
        assert (ended.code, ended.err) == (1, said)
    assert run("events", "correct", 99).err == "There is no event 99.\n"
    assert EventChange.select().count() == 0


def test_restore_takes_a_void_back(run, office, rung):
    event = find(office.owe(status="successful")).event
    run("events", "void", event.id)
    assert run("events", "restore", event.id, "--json").json["voided"] is False
    assert StudentEvent.get_by_id(event.id).voided_at is None
    again = run("events", "restore", event.id)
    assert again.err == f"Event {event.id} is not void; nothing was changed.\n"
    assert rung[-1] == office.district.id
