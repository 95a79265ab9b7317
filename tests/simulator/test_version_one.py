"""The few `/ws/v1` resources."""

import pytest

from vmps.simulator.control import Simulator

from .caller import Caller


def test_metadata_names_version_pages_zone_and_plugin(caller: Caller) -> None:
    metadata = caller.call("GET", "/ws/v1/metadata").json()["metadata"]
    assert metadata["powerschool_version"] == "25.3.0.0"
    assert metadata["schema_table_query_max_page_size"] == 100
    assert metadata["district_timezone"] == "America/Chicago"
    assert "plugin_id" in metadata


def test_metadata_without_a_token_has_no_plugin(caller: Caller) -> None:
    del caller.session.headers["Authorization"]
    answer = caller.call("GET", "/ws/v1/metadata")
    assert answer.status_code == 200
    assert "plugin_id" not in answer.json()["metadata"]


def test_metadata_refuses_a_bad_token(caller: Caller) -> None:
    caller.session.headers["Authorization"] = "Bearer nonsense"
    assert caller.call("GET", "/ws/v1/metadata").status_code == 401


def test_time_needs_no_token(caller: Caller) -> None:
    del caller.session.headers["Authorization"]
    answer = caller.call("GET", "/ws/v1/time")
    assert answer.json()["time"].keys() == {"date", "time", "timestamp"}


@pytest.mark.parametrize("path", ["district", "district/school", "anything/else"])
def test_other_resources_need_the_access_level(
    caller: Caller, simulator: Simulator, path: str
) -> None:
    simulator.settings(accessLevelV1Api="NONE")
    answer = caller.call("GET", f"/ws/v1/{path}")
    assert answer.status_code == 401
    assert "accessLevelV1Api" in answer.json()["errorMessage"]["message"]
    assert "WWW-Authenticate" not in answer.headers


def test_the_plugin_s_access_level_opens_them(caller: Caller) -> None:
    schools = caller.call("GET", "/ws/v1/district/school").json()["schools"]["school"]
    assert [school["school_number"] for school in schools] == [1817, 1818]
    assert caller.call("GET", "/ws/v1/district").status_code == 200
    assert caller.call("GET", "/ws/v1/anything").status_code == 404


def test_older_versions_know_no_access_level(
    caller: Caller, simulator: Simulator
) -> None:
    simulator.settings(version="24.9.0.0", accessLevelV1Api="NONE")
    assert caller.call("GET", "/ws/v1/district").status_code == 200


def test_wrong_verb_is_405(caller: Caller) -> None:
    assert caller.call("POST", "/ws/v1/metadata").status_code == 405
