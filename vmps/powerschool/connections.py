"""Connections that go to a vetted address only and end by the deadline.

The time-outs of requests and urllib3 count one receive each, so a server that drips
a byte now and then holds a call as long as it likes. Here every receive and send
gets what is left of the call's own deadline.
"""

import io
import socket
import ssl
import time
from functools import lru_cache
from typing import Any

from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import SSLError
from urllib3.util.ssl_ import create_urllib3_context
from urllib3.util.ssl_match_hostname import CertificateError
from urllib3.util.timeout import Timeout

from vmps.powerschool.addresses import NetworkPolicy, resolve
from vmps.powerschool.deadline import Deadline
from vmps.powerschool.errors import NotSent, TimedOut, TLSRefused

CONNECT_SECONDS = 3.0
SILENCE_SECONDS = 10.0
# Load balancers forget an idle connection after a minute without telling us, and a
# write into such a one would be ambiguous.
IDLE_SECONDS = 50.0


class CallTimeout(Timeout):
    """Carries a call's deadline through requests and urllib3 to the connection."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__(connect=CONNECT_SECONDS, read=SILENCE_SECONDS)
        self.deadline = deadline

    def clone(self) -> "CallTimeout":
        return self  # one call, one object: there is nothing to keep apart


class DeadlineSocket:
    """A connected socket, plain or TLS, whose every operation obeys the deadline."""

    def __init__(self, inner: socket.socket, deadline: Deadline) -> None:
        self.inner = inner
        self.deadline = deadline

    def recv_into(self, buffer: memoryview) -> int:
        self._allow()
        try:
            return self.inner.recv_into(buffer)
        except TimeoutError:
            raise TimedOut("PowerSchool did not answer in time.") from None

    def sendall(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            self._allow()
            try:
                view = view[self.inner.send(view) :]
            except TimeoutError:
                raise TimedOut("PowerSchool did not take the request.") from None

    def _allow(self) -> None:
        left = self.deadline.remaining()
        if not left:
            raise TimedOut("PowerSchool did not answer in time.")
        self.inner.settimeout(min(left, SILENCE_SECONDS))

    def makefile(self, mode: str) -> io.BufferedReader:
        # SocketIO only needs recv_into, _decref_socketios and fileno of its socket.
        raw = socket.SocketIO(self, "rb")  # type: ignore[arg-type]
        self.inner._io_refs += 1  # type: ignore[attr-defined]
        return io.BufferedReader(raw)

    def _decref_socketios(self) -> None:
        self.inner._decref_socketios()  # type: ignore[attr-defined]

    def settimeout(self, seconds: float | None) -> None:
        """Ignore what urllib3 sets: the deadline decides."""

    def fileno(self) -> int:
        return self.inner.fileno()

    def shutdown(self, how: int) -> None:
        self.inner.shutdown(how)

    def close(self) -> None:
        self.inner.close()


class _Guarded(HTTPConnection):
    """What the plain and the TLS connection have in common."""

    is_plain = True

    def __init__(self, *args: Any, network: NetworkPolicy, **options: Any) -> None:
        super().__init__(*args, **options)
        self.network = network
        self.deadline = Deadline.after(CONNECT_SECONDS)
        self.used_at = time.monotonic()
        self.held: list[bytes] | None = None

    def request(self, *args: Any, **options: Any) -> None:
        """Send head and body in one piece: half the system calls and packets."""
        self.held = []
        super().request(*args, **options)
        whole, self.held = b"".join(self.held), None
        self.send(whole)

    def send(self, data: Any) -> None:
        if self.held is None:
            super().send(data)
        else:
            self.held.append(data)

    def begin(self, deadline: Deadline) -> None:
        """Take the deadline of the call that is about to use this connection."""
        self.deadline = deadline
        self.used_at = time.monotonic()
        if isinstance(self.sock, DeadlineSocket):
            self.sock.deadline = deadline

    @property
    def is_connected(self) -> bool:
        is_fresh = time.monotonic() - self.used_at < IDLE_SECONDS
        return is_fresh and super().is_connected

    def connect(self) -> None:
        try:
            super().connect()
        except (ssl.SSLError, SSLError, CertificateError) as error:
            self.close()
            reason = getattr(error, "verify_message", "") or "the handshake failed"
            raise TLSRefused(f"No secure connection: {reason}.") from error
        except OSError as error:
            self.close()
            raise NotSent("No connection to PowerSchool.") from error
        self.sock = DeadlineSocket(self.sock, self.deadline)

    def _new_conn(self) -> socket.socket:
        found = resolve(self.host, self.port, self._connect_seconds())
        failure: OSError = OSError("no address")
        for family, target in self.network.vet(found, is_plain=self.is_plain):
            try:
                return self._open(family, target)
            except OSError as error:
                failure = error
        raise NotSent("No connection to PowerSchool.") from failure

    def _open(self, family: socket.AddressFamily, target: Any) -> socket.socket:
        opened = socket.socket(family, socket.SOCK_STREAM)
        try:
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            opened.settimeout(self._connect_seconds())
            opened.connect(target)
            # For the TLS handshake, which counts this once and not per receive.
            opened.settimeout(self._connect_seconds())
        except BaseException:
            opened.close()
            raise
        return opened

    def _connect_seconds(self) -> float:
        left = self.deadline.remaining()
        if not left:
            raise NotSent("No time was left to connect.")
        return min(left, CONNECT_SECONDS)


class PlainConnection(_Guarded):
    """http, which the policy allows inside listed networks only."""


class SecureConnection(_Guarded, HTTPSConnection):
    """https to the vetted address; the certificate must be for the host name."""

    is_plain = False


class _DeadlinePool(HTTPConnectionPool):
    def _make_request(self, conn: Any, *args: Any, **options: Any) -> Any:
        conn.begin(options["timeout"].deadline)
        return super()._make_request(conn, *args, **options)


class PlainPool(_DeadlinePool):
    ConnectionCls = PlainConnection


class SecurePool(_DeadlinePool, HTTPSConnectionPool):
    ConnectionCls = SecureConnection


def open_pool(origin: str, network: NetworkPolicy, size: int) -> HTTPConnectionPool:
    """Make the pool of kept-alive connections to one origin."""
    scheme, _, rest = origin.partition("://")
    options: dict[str, Any] = {"maxsize": size, "block": False, "network": network}
    host, port = _host_and_port(rest, 443 if scheme == "https" else 80)
    if scheme == "http":
        return PlainPool(host, port, **options)
    return SecurePool(host, port, ssl_context=tls_context(network.ca_file), **options)


def _host_and_port(rest: str, default: int) -> tuple[str, int]:
    host, separator, port = rest.rpartition(":")
    if not separator or rest.endswith("]"):
        return rest, default
    return host, int(port)


@lru_cache(maxsize=8)
def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """The trusted authorities, loaded once: that takes some 15 ms."""
    context = create_urllib3_context()
    context.verify_mode = ssl.CERT_REQUIRED
    context.check_hostname = True
    context.load_verify_locations(cafile=DEFAULT_CA_BUNDLE_PATH)
    if ca_file:
        context.load_verify_locations(cafile=ca_file)
    return context
