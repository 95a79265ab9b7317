"""What happens on the wire: healthy responses, and how each fault is played."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from vmps.simulator.answers import Answer
from vmps.simulator.faults import Fault, Kind
from vmps.simulator.journal import Journal

HTML = "text/html;charset=UTF-8"
MAINTENANCE = (
    "<!DOCTYPE html><html><head><title>PowerSchool</title></head><body>"
    "<h1>PowerSchool is currently undergoing maintenance</h1></body></html>"
)
HUGE_BYTES = 20 * 1024 * 1024
FORBIDDEN_ADDRESS = "http://169.254.169.254/"
SECONDS_A_BYTE = 0.5
SECONDS_A_LOOK = 0.05
LINGER_ZERO = struct.pack("ii", 1, 0)
_late_commits: set[asyncio.Task[Answer]] = set()


@dataclass(frozen=True)
class Exchange:
    """One request that goes wrong."""

    request: web.Request
    fault: Fault
    journal: Journal
    process: Callable[[], Answer]

    def answer(self) -> Answer:
        """Process the call where the fault commits, and note what it wrote."""
        if not self.fault.commits:
            return Answer(503, {"message": "Service Unavailable"})
        before = self.journal.last_number
        answer = self.process()
        self.fault.journal.extend(range(before + 1, self.journal.last_number + 1))
        return answer

    @property
    def is_gone(self) -> bool:
        """Tell whether the client has closed the connection."""
        transport = self.request.transport
        return transport is None or transport.is_closing()

    def write(self, content: bytes) -> None:
        """Write bytes past the web server."""
        if (transport := self.request.transport) is not None:
            transport.write(content)

    async def hold(self) -> web.StreamResponse:
        """Say nothing until the client gives up."""
        while not self.is_gone:
            await asyncio.sleep(SECONDS_A_LOOK)
        return web.Response()

    def close(self) -> web.StreamResponse:
        """Close the connection after what was written."""
        if (transport := self.request.transport) is not None:
            transport.close()
        return web.Response()

    def reset(self) -> web.StreamResponse:
        """Close the connection with a TCP reset."""
        if (transport := self.request.transport) is not None:
            connection = transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_ZERO)
            transport.abort()
        return web.Response()

    async def drip(self, content: bytes) -> web.StreamResponse:
        """Write a byte at a time for the fault's seconds, then the rest at once."""
        dripped = min(len(content), int(self.fault.seconds / SECONDS_A_BYTE))
        for place in range(dripped):
            if self.is_gone:
                return web.Response()
            self.write(content[place : place + 1])
            await asyncio.sleep(SECONDS_A_BYTE)
        self.write(content[dripped:])
        return self.close()


def respond(answer: Answer) -> web.Response:
    """Put an answer into an HTTP response."""
    return web.Response(
        status=answer.status, body=answer.body_bytes(), headers=answer.all_headers()
    )


async def play(exchange: Exchange) -> web.StreamResponse:
    """Let an exchange go wrong in its fault's way."""
    return await PLAYS[exchange.fault.kind](exchange)


def _head(answer: Answer, length: int) -> bytes:
    headers = {
        **answer.all_headers(),
        "Content-Length": str(length),
        "Connection": "close",
    }
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _instead(
    make: Callable[[Fault], Answer],
) -> Callable[[Exchange], Awaitable[web.StreamResponse]]:
    """Play a fault that answers something else, after a commit where asked for."""

    async def answer_instead(exchange: Exchange) -> web.StreamResponse:
        exchange.answer()
        return respond(make(exchange.fault))

    return answer_instead


async def _as_processed(exchange: Exchange) -> web.StreamResponse:
    return respond(exchange.answer())


async def _black_hole(exchange: Exchange) -> web.StreamResponse:
    exchange.answer()
    return await exchange.hold()


async def _reset(exchange: Exchange) -> web.StreamResponse:
    exchange.answer()
    return exchange.reset()


async def _late_commit(exchange: Exchange) -> web.StreamResponse:
    # a task of its own: it outlives the handler when the client gives up
    task = asyncio.create_task(_commit_later(exchange))
    _late_commits.add(task)
    task.add_done_callback(_late_commits.discard)
    return respond(await asyncio.shield(task))


async def _commit_later(exchange: Exchange) -> Answer:
    await asyncio.sleep(exchange.fault.seconds)
    return exchange.answer()


async def _slow_drip(exchange: Exchange) -> web.StreamResponse:
    answer = exchange.answer()
    body = answer.body_bytes()
    exchange.write(_head(answer, len(body)))
    return await exchange.drip(body)


async def _drip_headers(exchange: Exchange) -> web.StreamResponse:
    answer = exchange.answer()
    body = answer.body_bytes()
    return await exchange.drip(_head(answer, len(body)) + body)


async def _truncated_json(exchange: Exchange) -> web.StreamResponse:
    answer = exchange.answer()
    body = answer.body_bytes()
    cut = body[: len(body) // 2]
    # in turn: a length that the body falls short of, and one that fits the cut
    promised = body if exchange.fault.fired % 2 else cut
    exchange.write(_head(answer, len(promised)) + cut)
    return exchange.close()


def _huge(fault: Fault) -> Answer:
    return Answer(200, b'{"message":"' + b"x" * HUGE_BYTES + b'"}')


PLAYS: dict[Kind, Callable[[Exchange], Awaitable[web.StreamResponse]]] = {
    Kind.STATUS: _instead(
        lambda fault: Answer(fault.status, {"message": "Injected fault"})
    ),
    Kind.HTML_PAGE: _instead(lambda fault: Answer(200, MAINTENANCE, content_type=HTML)),
    Kind.HTML_503: _instead(lambda fault: Answer(503, MAINTENANCE, content_type=HTML)),
    Kind.WRONG_TYPE: _instead(lambda fault: Answer(200, [])),
    Kind.HUGE_BODY: _instead(_huge),
    Kind.REDIRECT: _instead(
        lambda fault: Answer(302, None, {"Location": FORBIDDEN_ADDRESS})
    ),
    Kind.BLACK_HOLE: _black_hole,
    Kind.COMMIT_THEN_TIMEOUT: _black_hole,
    Kind.RESET_BEFORE: _reset,
    Kind.RESET_AFTER_WRITE: _reset,
    Kind.LATE_COMMIT: _late_commit,
    Kind.SLOW_DRIP: _slow_drip,
    Kind.DRIP_HEADERS: _drip_headers,
    Kind.TRUNCATED_JSON: _truncated_json,
    Kind.PARTLY_WRITTEN: _as_processed,
}
