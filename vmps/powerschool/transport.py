"""One request on the wire and its whole answer, or a typed error; no meaning yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectTimeout, RequestException, Timeout
from requests.hooks import default_hooks
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import DecodeError, HTTPError

from vmps.powerschool.addresses import NetworkPolicy
from vmps.powerschool.connections import CallTimeout, open_pool
from vmps.powerschool.deadline import Deadline
from vmps.powerschool.errors import (
    ConnectionLost,
    MalformedAnswer,
    NotSent,
    TimedOut,
)

LARGEST_ANSWER = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """What to send; `secrets` are the words that no error text may repeat."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None = None
    secrets: tuple[str, ...] = ()
    largest_answer: int = LARGEST_ANSWER


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer, whatever it says; `headers` ignores case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    secrets: tuple[str, ...] = ()


class OneOriginAdapter(HTTPAdapter):
    """requests' adapter for a single origin: our pool, nothing worked out per call.

    The overridden methods are the ones requests offers for it. They also leave out
    proxies, cookies and the environment, which a `requests.Session` would add.
    """

    def __init__(self, origin: str, network: NetworkPolicy, pool_size: int) -> None:
        super().__init__(max_retries=0)
        self.pool = open_pool(origin, network, pool_size)

    def get_connection_with_tls_context(
        self, *_args: Any, **_options: Any
    ) -> HTTPConnectionPool:
        return self.pool

    def cert_verify(self, *_args: Any) -> None:
        """Leave it to the pool's TLS context."""

    def request_url(self, request: PreparedRequest, _proxies: Any) -> str:
        return request.path_url

    def build_response(self, req: PreparedRequest, resp: Any) -> Response:
        response = Response.__new__(Response)  # no cookie jar, no elapsed time
        response.status_code = resp.status
        response.headers = resp.headers
        response.raw = resp
        response.request = req
        response.url = req.url or ""
        return response

    def close(self) -> None:
        self.pool.close()
        super().close()


class Transport:
    """Sends requests to one origin; shared by threads."""

    def __init__(self, origin: str, network: NetworkPolicy, pool_size: int) -> None:
        self.origin = origin
        self.adapter = OneOriginAdapter(origin, network, pool_size)

    def send(self, request: Request, deadline: Deadline) -> Answer:
        """Send once, follow nothing, and return the whole answer by the deadline."""
        if deadline.is_over:
            raise NotSent("No time was left to send the request.")
        try:
            # requests passes a urllib3 Timeout on as it is; its annotation is narrower.
            timeout: Any = CallTimeout(deadline)
            prepared = self._prepared(request)
            response = self.adapter.send(prepared, stream=True, timeout=timeout)
            body = _read(response.raw, request.largest_answer)
        except ConnectTimeout as error:
            raise NotSent("No connection to PowerSchool.") from error
        except Timeout as error:
            raise TimedOut("PowerSchool did not answer in time.") from error
        except DecodeError as error:
            raise MalformedAnswer("The answer cannot be decompressed.") from error
        except (RequestException, HTTPError, OSError) as error:
            raise ConnectionLost("The connection broke before the answer.") from error
        return Answer(response.status_code, response.headers, body, request.secrets)

    def close(self) -> None:
        self.adapter.close()

    def _prepared(self, request: Request) -> PreparedRequest:
        prepared = PreparedRequest()
        prepared.method = request.method
        prepared.url = self.origin + request.path
        prepared.body = request.body
        prepared.hooks = default_hooks()
        headers = dict(request.headers)
        if request.body is not None:
            headers["Content-Length"] = str(len(request.body))
        prepared.headers = headers  # type: ignore[assignment]
        return prepared


def _read(raw: Any, largest: int) -> bytes:
    body: bytes = raw.read(largest + 1, decode_content=True)
    if len(body) > largest:
        raw.close()
        raise MalformedAnswer(f"The answer is larger than {largest} bytes.")
    return body
