"""Redis absent, refused, killed, frozen, flushed: it is a doorbell, no more."""

from __future__ import annotations

import threading

import pytest
import redis as client

from tests.conftest import ON_POSTGRESQL
from tests.faults.conftest import Install
from tests.faults.homes import Home
from tests.faults.kiosk import LEAVES
from tests.faults.processes import Installation, report, settled, wait_until
from tests.servers import Valkey, free_port

#: The scheduler alone, looking every 0.2 s, delivers; a busy machine may take long.
ALONE_SECONDS = 20


@pytest.mark.parametrize("kind", ["empty", "refused"])
def test_without_redis_the_scheduler_delivers(
    kind: str, install: Install, home: Home
) -> None:
    url = "" if kind == "empty" else f"redis://127.0.0.1:{free_port()}/0"
    installation = install(redis_url=url)
    installation.start_all()
    desk = installation.open_desk(home)
    desk.report_all(home.sis_ids[:20])
    installation.settle(ALONE_SECONDS)
    installation.assert_exactly_once()
    assert ("doorbell.broken" in installation.web.log()) == (kind == "refused")
    assert installation.worker.is_running
    assert installation.worker.stop() == 0


@ON_POSTGRESQL
def test_a_killed_redis_comes_back_and_the_worker_with_it(
    installation: Installation, home: Home, redis: Valkey
) -> None:
    installation.start_all()
    desk = installation.open_desk(home)
    desk.report_all(home.sis_ids[:20])
    redis.kill()
    with pytest.raises(client.ConnectionError):
        redis.flush()
    desk.report_all(home.sis_ids[20:40])
    installation.settle(ALONE_SECONDS)
    redis.launch()
    installation.scheduler.kill()
    wait_until(lambda: rings(installation, home), 15, "the worker delivers")
    installation.assert_exactly_once()
    assert installation.worker.exit_codes == []


def rings(installation: Installation, home: Home) -> bool:
    """Report one more student; tell whether the worker alone delivers it at once."""
    desk = installation.desks[0]
    desk.report(home.sis_ids[len(desk.accepted)])
    before = len(desk.accepted)
    try:
        wait_until(lambda: settled(home.district_id) == before, 1, "delivered")
    except AssertionError:
        return False
    return True


@ON_POSTGRESQL
def test_a_frozen_redis_slows_no_kiosk_and_all_is_delivered(
    install: Install, home: Home, redis: Valkey
) -> None:
    installation = install(WEB_WORKERS="2")
    installation.start_all()
    desk = installation.open_desk(home)
    desk.report_all(home.sis_ids[:5])
    installation.settle(ALONE_SECONDS)
    desk.seconds.clear()
    redis.freeze()
    with pytest.raises(client.TimeoutError):
        client.Redis.from_url(redis.url, socket_timeout=0.2).ping()
    desk.report_all(home.sis_ids[5:], per_second=8)
    seconds = installation.settle(ALONE_SECONDS)
    report(frozen_p99=round(desk.p99(), 3), slowest=round(max(desk.seconds), 3))
    installation.assert_exactly_once()
    assert desk.refusals == []
    assert desk.p99() <= 1.0
    report(settled_while_frozen=round(seconds, 2))


@ON_POSTGRESQL
def test_a_flushed_redis_loses_nothing(
    installation: Installation, home: Home, redis: Valkey
) -> None:
    home.simulator.settings(latency_ms=20, version="24.11.0.0")
    installation.start_all()
    desk = installation.open_desk(home)
    sending = threading.Thread(
        target=desk.report_all, args=(home.sis_ids,), kwargs={"per_second": 20}
    )
    sending.start()
    flushed = 0
    while sending.is_alive():
        redis.flush()
        flushed += 1
        sending.join(0.5)
    for sis_id in home.sis_ids[:10]:
        desk.report(sis_id, LEAVES)
    installation.settle(15)
    installation.assert_exactly_once()
    assert flushed > 2
    installation.worker.stop()
    report(flushed=flushed, worker_exit_codes=installation.worker.exit_codes)
