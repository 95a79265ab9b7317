"""`schools tardies` and `schools tardy-overrides`: tardy settings by command."""

import pytest

from vmps.models import AuditEntry, District, School


def set_tardies(run, *changes):
    return run("schools", "tardies", "--district", "Oakwood", "--number", "1817",
               *changes)  # fmt: skip


def switch(run, how):
    return run("schools", "tardy-overrides", "--district", "Oakwood", how)


def settings():
    school = School.get()
    return school.late_check_in_time, school.tardy_alert_threshold


def test_both_are_set_with_who(run, office):
    ended = set_tardies(run, "--late-check-in-time", "8:10 AM",
                        "--tardy-alert-threshold", "5")  # fmt: skip
    assert ended.out == (
        "Saved. Late Check-in Time: 8:10 AM. Tardy Alert Threshold: 5.\n"
    )
    assert settings() == ("08:10", 5)
    assert School.get().tardy_saved_by == "operator"
    assert AuditEntry.get(AuditEntry.action == "school.tardies_set").actor == "operator"


def test_what_is_not_given_stays_and_an_empty_text_takes_it_off(run, office):
    set_tardies(run, "--late-check-in-time", "8:10", "--tardy-alert-threshold", "5")
    set_tardies(run, "--tardy-alert-threshold", "7")
    assert settings() == ("08:10", 7)
    ended = set_tardies(run, "--late-check-in-time", "", "--json")
    assert ended.json == {"late_check_in_time": None, "tardy_alert_threshold": 7}
    assert settings() == (None, 7)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ((), "Say what to set"),
        (("--late-check-in-time", "25:00"), "is no time of day"),
        (("--tardy-alert-threshold", "0"), "whole number from 1 to 365"),
    ],
)
def test_what_cannot_be_set_is_one_sentence(run, office, changes, said):
    ended = set_tardies(run, *changes)
    assert (ended.code, said in ended.err) == (1, True)
    assert settings() == (None, None)


def test_list_tells_them(run, office):
    set_tardies(run, "--late-check-in-time", "13:05")
    (row,) = run("schools", "list", "--json").json
    assert (row["late_check_in_time"], row["tardy_alert_threshold"]) == ("13:05", None)


def test_overrides_are_prevented_and_allowed_again(run, office):
    assert switch(run, "--prevent").out == (
        "Prevent School Overrides of tardy settings is on.\n"
    )
    assert District.get().prevents_tardy_overrides
    assert switch(run, "--prevent").code == 1
    assert switch(run, "--allow").code == 0
    assert not District.get().prevents_tardy_overrides
