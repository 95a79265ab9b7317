"""`reasons`: labels and codes, and what waited for them."""

import pytest

from vmps.clock import utcnow
from vmps.models import AttendanceCode, Reason
from vmps.services.school_years import year_at

from .cast import find


def save(run, *options, kind="late_check_in", label="Bus late"):
    return run(
        "reasons", "add", "--district", "Oakwood", "--school", "1817", "--type", kind,
        "--label", label, *options, "--json",
    )  # fmt: skip


def test_add_stores_a_reason_without_a_code(run, office):
    assert save(run).json["requeued"] == 0
    assert Reason.get().code is None


def test_adding_it_again_changes_the_code_only(run, office):
    first = save(run, "--code", "T").json["id"]
    assert save(run, "--code", "X", label="bus LATE").json["id"] == first
    assert Reason.get().code == "X"


def test_adding_it_again_without_a_code_keeps_the_code(run, office):
    save(run, "--code", "T")
    save(run)
    assert Reason.get().code == "T"


def test_each_type_has_its_own_reasons(run, office):
    save(run)
    save(run, kind="early_check_out")
    assert Reason.select().count() == 2


def test_a_code_queues_todays_unmapped_of_that_reason(run, office, rung):
    mended = office.owe(reason="BUS late ", status="failed", cause="unmapped_reason")
    other = office.owe(reason="Weather", status="failed", cause="unmapped_reason")
    old = office.owe(status="failed", cause="unmapped_reason", days_ago=1)
    assert save(run, "--code", "T").json["requeued"] == 1
    assert find(mended).status == "pending"
    assert {find(other).status, find(old).status} == {"failed"}
    assert rung == [office.district.id]


def test_a_code_makes_a_drain_plan_that_reason_again(run, office):
    planned = office.owe(claim_fence=1)
    save(run, "--code", "T")
    assert (find(planned).claim_fence, find(planned).revision) == (None, 1)


def test_a_code_that_powerschool_is_known_to_lack_queues_nothing(run, office):
    failed = office.owe(status="failed", cause="unmapped_reason")
    AttendanceCode.create(
        school=office.school, year_id=year_at(office.school, utcnow()), ps_id=1,
        code="T",
    )  # fmt: skip
    told = save(run, "--code", "X").json
    assert (told["requeued"], find(failed).status) == (0, "failed")
    assert "PowerSchool has no code X" in told["problem"]
    assert save(run, "--code", "T").json["problem"] == ""


def test_no_code_queues_nothing(run, office):
    failed = office.owe(status="failed", cause="unmapped_reason")
    save(run)
    assert find(failed).status == "failed"


@pytest.mark.parametrize("options", [("--code", " "), ("--label", " ")])
def test_blank_texts_are_refused(run, office, options):
    assert save(run, *options).code == 1
    assert not Reason.select().exists()


def test_list_shows_label_and_code(run, office):
    save(run, "--code", "T")
    (row,) = run("reasons", "list", "--json").json
    assert (row["school"], row["label"], row["code"]) == ("1817", "Bus late", "T")
