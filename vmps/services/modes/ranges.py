"""Ranges of ids: how many rows are asked for in few calls."""

from __future__ import annotations

from collections.abc import Iterable

from vmps.services.link import PAGE_SIZE

Range = tuple[int, int]


def ranges_of(dcids: Iterable[int]) -> list[Range]:
    """Return ranges that hold these ids, cut where a page of others lies between."""
    ranges: list[Range] = []
    for dcid in sorted(dcids):
        if ranges and dcid - ranges[-1][1] <= PAGE_SIZE:
            ranges[-1] = (ranges[-1][0], dcid)
        else:
            ranges.append((dcid, dcid))
    return ranges
