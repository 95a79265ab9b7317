"""Templates, compiled once for the applications of all tests."""

from __future__ import annotations

from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

#: By template; the key knows its name and file, the checksum its text.
_kept: dict[tuple[str, str], CodeType] = {}


class KeptTemplates(BytecodeCache):
    """Keeps compiled templates as long as the process lives."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill in what is kept of this template, if anything."""
        bucket.code = _kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled just now."""
        assert bucket.code
        _kept[bucket.key, bucket.checksum] = bucket.code
