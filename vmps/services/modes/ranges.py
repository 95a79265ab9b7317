"""Ranges of ids: how many rows are asked for in few calls."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from vmps.services.across import PAGE_SIZE

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


def one_range(ids: Collection[int]) -> list[Range]:
    """Return the range from the lowest to the highest id."""
    return [(min(ids), max(ids))]
