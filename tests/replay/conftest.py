"""A town on a database and on the simulator."""

from __future__ import annotations

from typing import Any

import pytest

from tests.replay.run import SETTINGS


@pytest.fixture
def config(config: dict[str, Any]) -> dict[str, Any]:
    """The settings of a replay."""
    return config | SETTINGS
