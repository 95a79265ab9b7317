"""A PowerSchool client over mocked HTTP, and servers that misbehave on the wire."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import responses

from vmps.powerschool import Credentials, Deadline, NetworkPolicy, PowerSchool
from vmps.simulator.control import Simulator

from .raw_server import RawServer, Script
from .simulated import SEED

BASE = "https://oakwood.example.org"
LOOPBACK = NetworkPolicy(("127.0.0.0/8",), allow_plain_http=True)
CREDENTIALS = Credentials("client-id-1", "very-secret-2")


@pytest.fixture
def server() -> Iterator[responses.RequestsMock]:
    """Mocked HTTP that hands out a token; tests add what they need."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.post(
            f"{BASE}/oauth/access_token",
            json={"access_token": "token-3", "expires_in": "1814654"},
        )
        yield mock


@pytest.fixture
def powerschool(server: responses.RequestsMock) -> Iterator[PowerSchool]:
    with PowerSchool(BASE, CREDENTIALS, network=NetworkPolicy()) as client:
        yield client


@pytest.fixture
def soon() -> Deadline:
    return Deadline.after(5)


@pytest.fixture
def raw_server() -> Iterator[Callable[[Script], RawServer]]:
    """Start raw-socket servers that are stopped afterwards."""
    started: list[RawServer] = []

    def start(script: Script, **options: Any) -> RawServer:
        started.append(RawServer(script, **options))
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def client_of() -> Iterator[Callable[..., PowerSchool]]:
    """Make clients of servers on loopback that are closed afterwards."""
    made: list[PowerSchool] = []

    def make(url: str, network: NetworkPolicy = LOOPBACK) -> PowerSchool:
        made.append(PowerSchool(url, CREDENTIALS, network=network))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Simulator:
    """A simulator with a fresh district."""
    shared_simulator.seed(SEED)
    return shared_simulator


@pytest.fixture
def plugin(simulator: Simulator) -> Iterator[PowerSchool]:
    """The client of the simulator's plugin."""
    credentials = Credentials(SEED["client_id"], SEED["client_secret"])
    with PowerSchool(simulator.url, credentials, network=LOOPBACK) as client:
        yield client
