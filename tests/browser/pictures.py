"""Small PNG files: a page has few colours, so a picture of it needs a palette only."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

MARK = b"\x89PNG\r\n\x1a\n"
MOST_COLOURS = 256
RGB, PALETTE = 2, 3
Rows = list[bytes]


def shrink(png: bytes) -> bytes:
    """Return Chromium's opaque PNG with its commonest colours, the others near them."""
    parts = list(_parts(png))
    width, height, depth, kind = struct.unpack(">IIBB", dict(parts)[b"IHDR"][:10])
    assert (depth, kind) == (8, RGB), "not a screenshot of Chromium's"
    packed = b"".join(data for name, data in parts if name == b"IDAT")
    rows = _unfilter(zlib.decompress(packed), width * 3)
    counts: Counter[bytes] = Counter()
    for row in rows:
        counts.update(_pixels(row))
    palette = [colour for colour, _ in counts.most_common(MOST_COLOURS)]
    places = {colour: _nearest(colour, palette) for colour in counts}
    lines = b"".join(b"\0" + bytes(places[p] for p in _pixels(row)) for row in rows)
    head = struct.pack(">IIBBBBB", width, height, 8, PALETTE, 0, 0, 0)
    return MARK + b"".join(
        _part(name, data)
        for name, data in (
            (b"IHDR", head),
            (b"PLTE", b"".join(palette)),
            (b"IDAT", zlib.compress(lines, 9)),
            (b"IEND", b""),
        )
    )


def _parts(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(MARK)
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        at += size + 12


def _part(name: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + data))
    return struct.pack(">I", len(data)) + name + data + check


def _pixels(row: bytes) -> Iterator[bytes]:
    return (row[at : at + 3] for at in range(0, len(row), 3))


def _nearest(colour: bytes, palette: list[bytes]) -> int:
    def distance(place: int) -> int:
        return sum((a - b) ** 2 for a, b in zip(colour, palette[place], strict=True))

    return min(range(len(palette)), key=distance)


def _unfilter(data: bytes, size: int) -> Rows:
    """Undo the filters of the PNG standard, section 9."""
    rows, before = [], bytes(size)
    for start in range(0, len(data), size + 1):
        row = bytearray(data[start + 1 : start + 1 + size])
        for at, value in enumerate(row):
            left = row[at - 3] if at >= 3 else 0
            corner = before[at - 3] if at >= 3 else 0
            row[at] = (value + _guess(data[start], left, before[at], corner)) & 255
        before = bytes(row)
        rows.append(before)
    return rows


def _guess(kind: int, left: int, above: int, corner: int) -> int:
    if kind == 4:
        aim = left + above - corner
        return min((left, above, corner), key=lambda value: abs(aim - value))
    return (0, left, above, (left + above) // 2)[kind]
