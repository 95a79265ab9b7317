"""The usual way, for comparison: stock RQ, one job an event, a model saved in each.

`measure` runs 16 workers on fewer events than ours get: this takes long.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from typing import Any

import redis
import requests
from peewee import AutoField, Model, SqliteDatabase, TextField
from rq import Queue, SimpleWorker

from benchmarks.bare_loop import PATH, session_of, token_of
from benchmarks.stage import Stage, cpu_seconds, megabytes, wait_until
from benchmarks.watch import Watch, written_at
from vmps.clock import utcnow
from vmps.simulator.control import Simulator

WORKERS = 16
QUEUE = "stock"
DATABASE = "stock.sqlite3"
TABLE = "/ws/schema/table/attendance"


class Debt(Model):
    """What is owed to PowerSchool, as a first version would keep it."""

    id = AutoField()
    student_id = TextField()
    status = TextField(default="pending")
    answer = TextField(default="")

    class Meta:
        """Bound when the process starts."""

        database = SqliteDatabase(None)


@dataclass(frozen=True, slots=True)
class Stock:
    """What 16 stock workers did."""

    events: int
    per_second: float
    cpu_ms: float
    megabytes: float


def measure(
    stage: Stage, simulator: Simulator, seed: dict[str, Any], events: int
) -> Stock:
    """Let stock workers read, write and save one event a job; their start is free."""
    _bind(str(stage.folder / DATABASE))
    Debt.create_table()
    record = _record(simulator)
    students = [
        str(student["id"])
        for student in seed["students"]
        if student["school_number"] == record["SCHOOL"]
    ][:events]
    Debt.insert_many([{"student_id": student} for student in students]).execute()
    ids = [debt.id for debt in Debt.select()]
    token = token_of(simulator.url, (seed["client_id"], seed["client_secret"]))
    given = {"POWERSCHOOL": simulator.url, "TOKEN": token, **record}
    folder = str(stage.folder)
    workers = [
        stage.start("-m", "benchmarks.stock_rq", stage.redis_url, folder, **given)
        for _ in range(WORKERS)
    ]
    with redis.Redis.from_url(stage.redis_url) as client:
        wait_until(lambda: client.scard(f"rq:workers:{QUEUE}") == WORKERS, "RQ", 60)
        queue = Queue(QUEUE, connection=client)
        watch, used, began_at = Watch(simulator), cpu_seconds(workers), time.time()
        for debt_id in ids:
            queue.enqueue("benchmarks.stock_rq.deliver", debt_id, result_ttl=0)
    seconds = max(map(written_at, watch.wait_for(events))) - began_at
    pending = Debt.select().where(Debt.status == "pending")
    wait_until(lambda: not pending.exists(), "stock RQ to save")
    spent = (cpu_seconds(workers) - used) / events * 1000
    return Stock(events, events / seconds, spent, megabytes(workers))


def _record(simulator: Simulator) -> dict[str, str]:
    """Return a write's columns that are the same for all, from the journal."""
    line = simulator.journal()[0]
    return {
        "SCHOOL": str(line["schoolid"]),
        "YEAR": str(line["yearid"]),
        "CODE": str(line["attendance_codeid"]),
        "DAY": str(line["att_date"]),
    }


_session: requests.Session | None = None


def deliver(debt_id: int) -> None:
    """Read the student's row, write it, save the model: one job."""
    debt = Debt.get_by_id(debt_id)
    session, url = _shared_session(), os.environ["POWERSCHOOL"]
    day, school = os.environ["DAY"], os.environ["SCHOOL"]
    wanted = f"studentid=={debt.student_id};schoolid=={school};att_date=={day}"
    asked = {"q": wanted, "projection": "dcid,studentid,attendance_codeid"}
    session.get(url + TABLE, params=asked, timeout=10).raise_for_status()
    record = {
        "studentid": debt.student_id,
        "schoolid": school,
        "yearid": os.environ["YEAR"],
        "att_date": day,
        "att_mode_code": "ATT_ModeDaily",
        "attendance_codeid": os.environ["CODE"],
    }
    element = {"name": "ATTENDANCE", "tables": {"attendance": record}}
    body = {"name": "ATTENDANCE", "record": [element]}
    answer = session.post(url + PATH, json=body, timeout=10)
    answer.raise_for_status()
    debt.status, debt.answer = f"sent {utcnow()}", answer.text
    debt.save()


def _shared_session() -> requests.Session:
    global _session  # noqa: PLW0603 a session a process, as people keep one
    if _session is None:
        _session = session_of(os.environ["TOKEN"])
    return _session


def _bind(path: str) -> None:
    pragmas = {"journal_mode": "wal", "synchronous": "full"}
    Debt._meta.database.init(path, pragmas=pragmas, timeout=30)


def main(redis_url: str, folder: str) -> None:
    """Work as a stock worker until stopped."""
    from benchmarks import stock_rq  # noqa: PLC0415 jobs import the module by its name

    stock_rq._bind(f"{folder}/{DATABASE}")
    connection = redis.Redis.from_url(redis_url)
    SimpleWorker([QUEUE], connection=connection).work(logging_level="WARNING")


if __name__ == "__main__":
    main(*sys.argv[1:])
