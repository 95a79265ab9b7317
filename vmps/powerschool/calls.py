"""Authenticated JSON calls to PowerSchool's three kinds of endpoint."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from vmps.powerschool.answers import lacks_v1_access, payload_of
from vmps.powerschool.deadline import Deadline
from vmps.powerschool.envelopes import Row, integer, rows_of
from vmps.powerschool.errors import VIEW_ONLY, MalformedAnswer
from vmps.powerschool.fiql import Condition, count_path, table_path
from vmps.powerschool.paging import PAGE_SIZE
from vmps.powerschool.tokens import Token, TokenKeeper
from vmps.powerschool.transport import Answer, Request, Transport


class Calls:
    """Adds the token to a request and takes the error out of its answer."""

    def __init__(self, transport: Transport, tokens: TokenKeeper) -> None:
        self._transport = transport
        self._tokens = tokens

    def get(self, path: str, deadline: Deadline) -> Any:
        return self.fetch(path, deadline)[0]

    def fetch(self, path: str, deadline: Deadline) -> tuple[Any, Answer]:
        """Get JSON, and the answer for those who look at its headers."""
        answer = self._exchange("GET", path, None, deadline)
        return payload_of(answer), answer

    def post(
        self, path: str, content: Any, deadline: Deadline, *, access: str = VIEW_ONLY
    ) -> tuple[Any, Answer]:
        """Post JSON; the answer comes along for those who judge its content."""
        body = json.dumps(content, separators=(",", ":")).encode("ascii")
        answer = self._exchange("POST", path, body, deadline)
        return payload_of(answer, access), answer

    def table(
        self,
        table: str,
        columns: Iterable[str],
        conditions: Iterable[Condition],
        deadline: Deadline,
        *,
        page: int = 1,
        page_size: int = PAGE_SIZE,
    ) -> list[Row]:
        """Read one page of a table."""
        path = table_path(table, columns, conditions, page=page, page_size=page_size)
        return rows_of(self.get(path, deadline))

    def count(
        self, table: str, conditions: Iterable[Condition], deadline: Deadline
    ) -> int:
        """Ask how many rows of a table there are."""
        payload = self.get(count_path(table, conditions), deadline)
        if not isinstance(payload, dict):
            raise MalformedAnswer("The answer is not a count.", status=200)
        return integer(payload, "count")

    def query(
        self, name: str, arguments: Mapping[str, Any], deadline: Deadline
    ) -> list[Row]:
        """Run a PowerQuery; page size 0 brings all rows at once."""
        path = f"/ws/schema/query/{name}?pagesize=0"
        payload, _answer = self.post(path, arguments, deadline)
        return rows_of(payload)

    def _exchange(
        self, method: str, path: str, body: bytes | None, deadline: Deadline
    ) -> Answer:
        token = self._tokens.current(deadline)
        answer = self._send(method, path, body, token, deadline)
        if answer.status == 401 and not lacks_v1_access(answer):
            # The one repeat in this package: nothing was done for a refused token.
            token = self._tokens.renewed(token, deadline)
            answer = self._send(method, path, body, token, deadline)
        return answer

    def _send(
        self,
        method: str,
        path: str,
        body: bytes | None,
        token: Token,
        deadline: Deadline,
    ) -> Answer:
        request = Request(method, path, token.headers, body, (token.value,))
        return self._transport.send(request, deadline)
