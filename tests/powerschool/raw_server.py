"""A server on a raw socket: every byte, pause and reset is the test's to choose."""

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable

Script = Callable[["Conversation"], None]

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
TOKEN = b'{"access_token":"token-3","expires_in":"1814654"}'


def whole(body: bytes, head: bytes = OK) -> bytes:
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


class Conversation:
    """One request on one connection, and what to do with it."""

    def __init__(self, server: "RawServer", connection: socket.socket) -> None:
        self.server = server
        self.connection = connection
        self.request = b""

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def drip(self, data: bytes, seconds: float = 0.05) -> None:
        for number in range(len(data)):
            if self.server.is_stopping.wait(seconds):
                return
            self.send(data[number : number + 1])

    def wait(self) -> None:
        self.server.is_stopping.wait(10)

    def reset(self) -> None:
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()

    def close(self) -> None:
        self.connection.close()


class RawServer:
    """Answers token requests itself and leaves all others to the script."""

    def __init__(
        self,
        script: Script,
        *,
        token: Script | None = None,
        tls: ssl.SSLContext | None = None,
        reads_bodies: bool = True,
    ) -> None:
        self.script = script
        self.token = token or (lambda talk: talk.send(whole(TOKEN)))
        self.tls = tls
        self.reads_bodies = reads_bodies
        self.is_stopping = threading.Event()
        self.requests: list[bytes] = []
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.threads = [threading.Thread(target=self._accept, daemon=True)]
        self.threads[0].start()

    def count(self, word: bytes) -> int:
        return sum(word in request.split(b"\r\n")[0] for request in self.requests)

    def stop(self) -> None:
        self.is_stopping.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(2)
        self.listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _address = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(
                target=self._serve, args=(connection,), daemon=True
            )
            self.threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(0.05)
            if self.tls is not None:
                connection.settimeout(2)
                connection = self.tls.wrap_socket(connection, server_side=True)
                connection.settimeout(0.05)
            with connection:
                self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        while request := self._read(connection):
            talk = Conversation(self, connection)
            talk.request = request
            self.requests.append(request)
            connection.settimeout(2)
            (self.token if b"/oauth/" in request else self.script)(talk)
            connection.settimeout(0.05)

    def _read(self, connection: socket.socket) -> bytes:
        data = b""
        while not self.is_stopping.is_set():
            try:
                received = connection.recv(65536)
            except TimeoutError:
                continue
            data += received
            head, separator, body = data.partition(b"\r\n\r\n")
            wanted = _length(head) if self.reads_bodies else 0
            if not received or (separator and len(body) >= wanted):
                return data
        return b""


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0
