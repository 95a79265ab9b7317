"""How pytest-xdist shares the tests out: what shares expensive fixtures stays together.

Each worker has servers, databases and folders of its own; see `conftest.py`.
"""

from __future__ import annotations

from typing import Any

from xdist.scheduler import LoadScopeScheduling

#: It has one Chromium, and products that all its modules look at.
TOGETHER = "tests/browser/"


class ModuleByModule(LoadScopeScheduling):
    """Gives a worker whole modules, in the order in which they stand."""

    def __init__(self, config: Any, log: Any = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return TOGETHER if module.startswith(TOGETHER) else module
