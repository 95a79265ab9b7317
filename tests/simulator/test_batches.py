"""batch_daily_time: up to 200 records at once."""

from typing import Any

from vmps.simulator.control import Simulator

from .caller import Caller


def records(caller: Caller, count: int) -> list[Any]:
    return [caller.record(place) for place in range(count)]


def test_two_hundred_records_are_written_in_order(
    caller: Caller, simulator: Simulator
) -> None:
    batch = [*records(caller, 120), *records(caller, 80)]
    answer = caller.write_batch(*batch).json()
    assert (answer["insert_count"], answer["update_count"]) == (120, 80)
    dcids = [item["success_message"]["id"] for item in answer["result"]]
    assert dcids == [*range(10001, 10121), *range(10001, 10081)]
    assert len(simulator.journal()) == 200


def test_more_than_two_hundred_are_refused(
    caller: Caller, simulator: Simulator
) -> None:
    batch = [caller.record(0)] * 201
    assert caller.write_batch(*batch).status_code == 400
    assert caller.write_batch().status_code == 400
    assert simulator.journal() == []


def test_older_versions_have_no_batch(caller: Caller, simulator: Simulator) -> None:
    simulator.settings(version="25.2.1.0")
    assert caller.write_batch(caller.record(0)).status_code == 404
    assert caller.write(caller.record(0)).status_code == 200


def test_one_bad_record_refuses_the_batch(caller: Caller, simulator: Simulator) -> None:
    bad = caller.record(1, studentid="1")
    answer = caller.write_batch(caller.record(0), bad)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "STUDENTID"
    assert simulator.journal() == []


def test_partial_batches_answer_record_by_record(
    caller: Caller, simulator: Simulator
) -> None:
    simulator.settings(batch_semantics="partial")
    malformed = caller.record(1, att_date="soon")
    unknown = caller.record(1, studentid="1")
    answer = caller.write_batch(malformed, caller.record(0), unknown).json()
    statuses = [item["status"] for item in answer["result"]]
    assert statuses == ["ERROR", "SUCCESS", "ERROR"]
    assert (answer["insert_count"], answer["update_count"]) == (1, 0)
    assert answer["result"][2]["error_message"]["error"]["field"] == "STUDENTID"
    assert len(simulator.journal()) == 1


def test_a_missing_grant_refuses_partial_batches_too(
    caller: Caller, simulator: Simulator
) -> None:
    simulator.settings(batch_semantics="partial")
    batch = [caller.record(0), caller.record(1, att_comment="late")]
    simulator.withdraw("ATTENDANCE", "ATT_COMMENT")
    assert caller.write_batch(*batch).status_code == 403
    assert simulator.journal() == []


def test_a_single_result_may_collapse(caller: Caller, simulator: Simulator) -> None:
    record = caller.record(0)
    simulator.settings(collapse_single="always")
    assert isinstance(caller.write(record).json()["result"], dict)
