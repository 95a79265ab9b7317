"""A lean load generator: prebuilt requests over keep-alive sockets, one thread.

A process of its own: `python -m benchmarks.load PLAN.json`. Without a rate every
connection sends its next request when it has its answer; with one, requests start when
they are due and a late start counts as latency (an open model).
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from collections import Counter, deque
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 30.0


class Line:
    """One connection: at most one request is under way."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.place = -1
        self.due = 0.0
        self._received = b""

    def send(self, place: int, request: bytes, due: float) -> None:
        """Send a request whose latency counts from `due`."""
        self.place, self.due = place, due
        self.socket.sendall(request)

    def receive(self) -> int:
        """Take in what came; return the answer's status once it is whole, else 0."""
        self._received += self.socket.recv(262_144)
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return 0
        at = self._received.lower().find(b"content-length:", 0, end)
        length = int(self._received[at + 15 : self._received.find(b"\r\n", at)])
        if len(self._received) < end + 4 + length:
            return 0
        status = int(self._received[9:12])
        self._received = b""
        return status


class Load:
    """What is to be sent, what is under way, how it went."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._requests = [text.encode() for text in plan["requests"]]
        self._rate = plan["rate"]
        self._selector = selectors.DefaultSelector()
        host, port = plan["address"]
        self._free = deque(Line((host, port)) for _ in range(plan["connections"]))
        for line in self._free:
            self._selector.register(line.socket, selectors.EVENT_READ, line)
        self._next = 0
        self.statuses: Counter[int] = Counter()
        self.latencies = [0.0] * len(self._requests)
        self.answered_at = [0.0] * len(self._requests)

    def run(self) -> dict[str, Any]:
        """Send everything; return seconds, latencies, moments and statuses."""
        began = time.perf_counter()
        while sum(self.statuses.values()) < len(self._requests):
            self._start_due(began)
            wait = self._until_next(began) if self._free else PATIENCE_SECONDS
            ready = self._selector.select(wait)
            if not ready and wait == PATIENCE_SECONDS:
                raise TimeoutError("The server has stopped answering.")
            for key, _ in ready:
                self._finish(key.data)
        return {
            "seconds": time.perf_counter() - began,
            "latencies": self.latencies,
            "answered_at": self.answered_at,
            "statuses": dict(self.statuses),
        }

    def _due(self, began: float) -> float:
        return began + self._next / self._rate if self._rate else time.perf_counter()

    def _until_next(self, began: float) -> float:
        if self._next == len(self._requests) or not self._rate:
            return PATIENCE_SECONDS
        return max(0.0, self._due(began) - time.perf_counter())

    def _start_due(self, began: float) -> None:
        while self._free and self._next < len(self._requests):
            due = self._due(began)
            if due > time.perf_counter():
                return
            line = self._free.popleft()
            line.send(self._next, self._requests[self._next], due)
            self._next += 1

    def _finish(self, line: Line) -> None:
        status = line.receive()
        if not status:
            return
        self.statuses[status] += 1
        self.latencies[line.place] = time.perf_counter() - line.due
        self.answered_at[line.place] = time.time()
        self._free.append(line)


if __name__ == "__main__":
    print(json.dumps(Load(json.loads(Path(sys.argv[1]).read_text())).run()))
