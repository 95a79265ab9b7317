"""The yardstick for delivery: 16 threads that post with `requests` and do no more.

A process of its own: `python -m benchmarks.bare_loop PLAN.json`.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import requests

PATH = "/ws/attendance/daily_time"
COLUMNS = (
    "studentid",
    "schoolid",
    "yearid",
    "att_date",
    "att_mode_code",
    "attendance_codeid",
    "att_comment",
)


def make_plan(
    url: str, seed: dict[str, Any], lines: list[dict[str, Any]], threads: int
) -> dict[str, Any]:
    """Return the plan that writes again what the journal's lines say."""
    return {
        "url": url,
        "client": [seed["client_id"], seed["client_secret"]],
        "threads": threads,
        "bodies": [json.dumps(_body(line)) for line in lines],
    }


def _body(line: dict[str, Any]) -> dict[str, Any]:
    record = {name: str(line[name]) for name in COLUMNS if line[name] is not None}
    tables = {"attendance": record}
    return {"name": "ATTENDANCE", "record": [{"name": "ATTENDANCE", "tables": tables}]}


def token_of(url: str, client: tuple[str, str]) -> str:
    """Return an access token."""
    answer = requests.post(
        f"{url}/oauth/access_token",
        data={"grant_type": "client_credentials"},
        auth=client,
        timeout=10,
    )
    answer.raise_for_status()
    return str(answer.json()["access_token"])


def session_of(token: str) -> requests.Session:
    """Return a keep-alive session that ignores the environment's proxies."""
    session = requests.Session()
    session.trust_env = False
    session.headers["Authorization"] = f"Bearer {token}"
    session.headers["Content-Type"] = "application/json"
    return session


def run(plan: dict[str, Any]) -> dict[str, float]:
    """Post every body once; return the wall clock when it began and the seconds."""
    token = token_of(plan["url"], tuple(plan["client"]))
    bodies: SimpleQueue[str] = SimpleQueue()
    ready = threading.Barrier(plan["threads"] + 1)
    threads = [
        threading.Thread(target=_post_all, args=(plan["url"], token, bodies, ready))
        for _ in range(plan["threads"])
    ]
    for thread in threads:
        thread.start()
    for body in plan["bodies"]:
        bodies.put(body)
    ready.wait()
    began_at, began = time.time(), time.perf_counter()
    for thread in threads:
        thread.join()
    return {"began_at": began_at, "seconds": time.perf_counter() - began}


def _post_all(
    url: str, token: str, bodies: SimpleQueue[str], ready: threading.Barrier
) -> None:
    with session_of(token) as session:
        session.get(f"{url}/ws/v1/metadata", timeout=10).raise_for_status()
        ready.wait()
        while True:
            try:
                body = bodies.get_nowait()
            except Empty:
                return
            session.post(url + PATH, data=body, timeout=10).raise_for_status()


if __name__ == "__main__":
    print(json.dumps(run(json.loads(Path(sys.argv[1]).read_text()))))
