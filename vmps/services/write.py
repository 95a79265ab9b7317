"""Writing orders to PowerSchool: the calls of a drain's slots."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from vmps.powerschool import Deadline, RecordRefused, WriteResult
from vmps.services.link import Link
from vmps.services.order import Order, Written

BATCH = 200  # records in one batch_daily_time


def write_one(link: Link, order: Order, deadline: Deadline) -> list[Written]:
    """Write one order by itself; it is taken, or an error says why not."""
    return [_written(order, order.mode.write(link, order, deadline))]


def write_batch(
    link: Link, orders: Sequence[Order], deadline: Deadline
) -> list[Written]:
    """Write up to 200 records in one call; return those PowerSchool took."""
    answers = orders[0].mode.write_batch(link, orders, deadline)
    return [
        _written(order, [answer])
        for order, answer in zip(orders, answers, strict=True)
        if not isinstance(answer, RecordRefused)
    ]


def _written(order: Order, results: Sequence[WriteResult]) -> Written:
    told = [{"action": result.action, "dcid": result.dcid} for result in results]
    answer = json.dumps(told[0] if len(told) == 1 else told)
    dcids = tuple(result.dcid for result in results)
    sent = replace(order.sent, http_status=200, ps_row=dcids[0], answer=answer)
    return Written(order, sent, dcids)
