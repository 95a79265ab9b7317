"""Redis may be slow, frozen or dead: no request fails, none waits for it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from redis import Redis

from tests.servers import Valkey, free_port
from vmps.db import database
from vmps.jobs.doorbell import Doorbell
from vmps.models import StudentEvent
from vmps.services import bell

from .desk import Desk, late


@pytest.fixture(autouse=True)
def unbound() -> Iterator[None]:
    """Leave a silent bell behind."""
    yield
    bell.bind(Doorbell("").ring)


@pytest.fixture
def redis(valkey: Valkey) -> Iterator[Valkey]:
    """An empty server, well again afterwards."""
    valkey.flush()
    yield valkey
    valkey.thaw()


def timed(desk: Desk, student: int = 900) -> float:
    """Send a new event; return how many seconds the 202 took."""
    started = time.monotonic()
    desk.result(late(student))
    return time.monotonic() - started


def test_an_accepted_event_rings_its_district_once(desk: Desk, redis: Valkey) -> None:
    bell.bind(Doorbell(redis.url).ring)
    timed(desk, 900)
    timed(desk, 901)
    with Redis.from_url(redis.url) as client:
        assert client.llen("rq:queue:lanes") == 1


def test_nothing_rings_where_nothing_was_stored(desk: Desk) -> None:
    rung: list[int] = []
    bell.bind(rung.append)
    desk.result(late(), "evt_a")
    desk.result(late(), "evt_a")
    desk.result(late(), "evt_b")
    desk.send(late("nobody"))
    assert rung == [StudentEvent.get().district_id]


def test_the_bell_rings_after_the_commit(desk: Desk) -> None:
    seen: list[bool] = []
    bell.bind(lambda district: seen.append(is_committed()))
    desk.result(late())
    assert seen == [True]


def is_committed() -> bool:
    return not database.in_transaction() and StudentEvent.select().exists()


def test_a_bell_that_raises_fails_no_request(desk: Desk) -> None:
    def broken(district_id: int) -> None:
        raise RuntimeError("no bell")

    bell.bind(broken)
    assert desk.result(late(), "evt_a")["status"] == "accepted"
    assert desk.result(late(), "evt_a")["status"] == "duplicate"


def test_a_frozen_redis_costs_the_first_request_half_a_second(
    desk: Desk, redis: Valkey
) -> None:
    doorbell = Doorbell(redis.url)
    bell.bind(doorbell.ring)
    timed(desk, 900)
    redis.flush()
    redis.freeze()
    first = timed(desk, 901)
    assert 0.3 < first < 0.9
    assert not doorbell.is_connected
    assert max(timed(desk, 902), timed(desk, 903)) < 0.2


def test_a_redis_that_was_never_reached_and_is_frozen_costs_no_more(
    desk: Desk, redis: Valkey
) -> None:
    bell.bind(Doorbell(redis.url).ring)
    redis.freeze()
    assert timed(desk, 900) < 0.9
    assert timed(desk, 901) < 0.2


def test_a_dead_redis_costs_nothing(desk: Desk) -> None:
    doorbell = Doorbell(f"redis://127.0.0.1:{free_port()}/0")
    bell.bind(doorbell.ring)
    assert timed(desk, 900) < 0.4
    assert timed(desk, 901) < 0.2
    assert not doorbell.is_connected


def test_a_bell_whose_job_redis_refused_is_cleared(redis: Valkey) -> None:
    with Redis.from_url(redis.url) as client:
        client.set("rq:queue:lanes", "not a list")
        assert Doorbell(redis.url).ring(7) is False
        assert not client.exists("vmps:bell:7")
