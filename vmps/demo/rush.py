"""A morning rush: what a kiosk sends when late buses come, and what became of it."""

from __future__ import annotations

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import click
from peewee import fn

from vmps.clock import utcnow
from vmps.db import tuples
from vmps.demo.districts import OAKWOOD
from vmps.demo.folder import DemoFolder
from vmps.demo.kiosk import DemoKiosk
from vmps.demo.morning import Morning, plan_morning
from vmps.demo.prepare import open_database
from vmps.models import Status, Writeback
from vmps.services.districts import find_district

THREADS = 8
SETTLE_SECONDS = 60.0


def run_rush(folder: DemoFolder) -> int:
    """Send the rush, wait until it is settled, say what stands where."""
    kiosk = DemoKiosk(folder)
    kiosk.check_it_runs()
    open_database(folder)
    rows_before, newest_before = _count_rows(folder), _newest_writeback()
    district = find_district(OAKWOOD.name)
    now = utcnow().astimezone(ZoneInfo(district.timezone))
    morning = plan_morning(district, now)
    started = time.monotonic()
    answers = _send(kiosk, morning)
    click.echo(
        f"Sent in {time.monotonic() - started:.1f} s, {THREADS} at a time,"
        f" of {morning.day}: {len(morning.check_ins)} late check-ins one\n"
        f"by one, {len(morning.check_outs)} early check-outs in one batch,"
        f" {len(morning.odd)} odd ones. Answers:"
    )
    _show(answers)
    statuses = _wait_until_settled(newest_before)
    click.echo(f"Writebacks, {time.monotonic() - started:.1f} s after the first event:")
    _show(statuses)
    rows = _count_rows(folder)
    click.echo(
        f"PowerSchool's journal holds {rows} attendance rows,"
        f" {rows - rows_before} of them new."
    )
    return 1 if Status.PENDING in statuses else 0


def _send(kiosk: DemoKiosk, morning: Morning) -> Counter[str]:
    with ThreadPoolExecutor(THREADS) as threads:
        batch = threads.submit(kiosk.send_batch, morning.check_outs)
        answers = Counter(threads.map(kiosk.send, morning.check_ins))
        answers.update(batch.result())
    answers.update(map(kiosk.send, morning.odd))
    return answers


def _wait_until_settled(newest_before: int) -> Counter[str]:
    """Return how many of the newer writebacks stand in each status."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        statuses = _count_statuses(newest_before)
        if Status.PENDING not in statuses or time.monotonic() > deadline:
            return statuses
        time.sleep(0.1)


def _count_statuses(newest_before: int) -> Counter[str]:
    rows = tuples(
        Writeback.select(Writeback.status, fn.COUNT(Writeback.id))
        .where(Writeback.id > newest_before)
        .group_by(Writeback.status)
    )
    return Counter(dict(rows))


def _newest_writeback() -> int:
    return int(Writeback.select(fn.MAX(Writeback.id)).scalar() or 0)


def _count_rows(folder: DemoFolder) -> int:
    """Count the attendance rows of the simulator's journal, each row once."""
    lines = folder.of(OAKWOOD).journal.read_text().splitlines()
    return len({json.loads(line)["dcid"] for line in lines})


def _show(counts: Counter[str]) -> None:
    for word, count in sorted(counts.items()):
        click.echo(f"  {word:17} {count:5}")
