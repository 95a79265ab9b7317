"""What tests of services watch: hashes and log lines."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError


@dataclass
class Hashes:
    """Every computation of argon2, by its parameters; what happens during the next."""

    done: list[tuple[int, int, int]] = field(default_factory=list)
    meanwhile: Callable[[], object] | None = None

    def watch(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def watched(hasher: PasswordHasher, *given: Any) -> Any:
            self.done.append((hasher.time_cost, hasher.memory_cost, hasher.parallelism))
            meanwhile, self.meanwhile = self.meanwhile, None
            if meanwhile:
                meanwhile()
            try:
                return method(hasher, *given)
            except InvalidHashError:
                # It cannot be read: that is told before any work.
                self.done.pop()
                raise

        return watched


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> Hashes:
    """The hashes that are really computed from now on."""
    found = Hashes()
    for name in ("hash", "verify"):
        method = getattr(PasswordHasher, name)
        monkeypatch.setattr(PasswordHasher, name, found.watch(method))
    return found


@pytest.fixture
def logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> pytest.LogCaptureFixture:
    """Everything that we log, DEBUG included."""
    monkeypatch.setattr(logging.getLogger("vmps"), "propagate", True)
    caplog.set_level(logging.DEBUG, logger="vmps")
    return caplog
