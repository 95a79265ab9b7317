"""The token endpoint and the bearer check."""

import time

import pytest
import requests

from vmps.simulator.control import Simulator

from .caller import Caller

CHALLENGE = (
    'Bearer error="invalid_token",realm="PowerSchool",'
    'error_description="The access token has expired"'
)


def form_token(caller: Caller, slash: str, grant_type: str) -> requests.Response:
    form = {
        "grant_type": grant_type,
        "client_id": caller.seed["client_id"],
        "client_secret": caller.seed["client_secret"],
    }
    url = f"{caller.simulator.url}/oauth/access_token{slash}"
    return requests.post(url, data=form, timeout=5)


def is_refused(caller: Caller) -> bool:
    answer = caller.table("schools")
    return answer.status_code == 401


def test_token_is_stable_and_its_lifetime_a_string(caller: Caller) -> None:
    first, second = caller.ask_token().json(), caller.ask_token().json()
    assert first["access_token"] == second["access_token"]
    assert first["token_type"] == "Bearer"
    assert isinstance(first["expires_in"], str)
    assert 0 < int(second["expires_in"]) <= 30 * 24 * 3600


@pytest.mark.parametrize("slash", ["", "/"])
def test_credentials_may_stand_in_the_form(caller: Caller, slash: str) -> None:
    answer = form_token(caller, slash, "client_credentials")
    assert answer.json()["access_token"] == caller.log_in()


def test_other_grant_types_are_refused(caller: Caller) -> None:
    assert form_token(caller, "", "password").status_code == 400


def test_wrong_secret_is_an_invalid_client(caller: Caller) -> None:
    answer = caller.ask_token(secret="wrong")
    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"


def test_malformed_basic_header_is_an_invalid_client(caller: Caller) -> None:
    answer = requests.post(
        f"{caller.simulator.url}/oauth/access_token",
        data={"grant_type": "client_credentials"},
        headers={"Authorization": "Basic ???"},
        timeout=5,
    )
    assert answer.status_code == 401


def test_disabled_plugin_refuses_token_and_bearer(caller: Caller) -> None:
    caller.simulator.settings(plugin_enabled=False)
    assert caller.ask_token().json()["error"] == "invalid_client"
    assert is_refused(caller)
    caller.simulator.settings(plugin_enabled=True)
    assert not is_refused(caller)


def test_bad_bearer_says_so_in_the_header_only(caller: Caller) -> None:
    caller.session.headers["Authorization"] = "Bearer nonsense"
    answer = caller.table("schools")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == CHALLENGE
    assert answer.content == b""


def test_no_bearer_is_refused(caller: Caller) -> None:
    del caller.session.headers["Authorization"]
    assert is_refused(caller)


def test_expiring_the_token_makes_another(caller: Caller, simulator: Simulator) -> None:
    old = caller.log_in()
    simulator.expire_token()
    assert is_refused(caller)
    assert caller.log_in() != old
    assert not is_refused(caller)


def test_token_ends_with_its_lifetime(caller: Caller, simulator: Simulator) -> None:
    simulator.expire_token()
    simulator.settings(token_lifetime_seconds=0.6)
    old = caller.log_in()
    assert not is_refused(caller)
    time.sleep(0.65)
    assert is_refused(caller)
    assert caller.log_in() != old


def test_changing_the_secret_revokes_everything(
    caller: Caller, simulator: Simulator
) -> None:
    simulator.change_secret("another")
    assert is_refused(caller)
    assert caller.ask_token().status_code == 401
    assert caller.ask_token(secret="another").status_code == 200
