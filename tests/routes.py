"""Every route of the application with every method, as addresses to send to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

_NOT_OURS = {"HEAD", "OPTIONS"}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


@dataclass(frozen=True)
class Route:
    """One rule with one method."""

    method: str
    rule: Rule

    @property
    def name(self) -> str:
        """Return `POST tracking.update`."""
        return f"{self.method} {self.rule.endpoint}"

    @property
    def is_unsafe(self) -> bool:
        return self.method in UNSAFE

    @property
    def is_signed(self) -> bool:
        """Tell whether kiosks call it, who sign instead of signing in."""
        return self.rule.endpoint.startswith("webhooks.")

    @property
    def has_id(self) -> bool:
        """Tell whether its address names an object."""
        return any(name.endswith("_id") for name in self.rule.arguments)

    def path(self, app: Flask, arguments: Mapping[str, Any]) -> str:
        """Return its address with these objects."""
        missing = self.rule.arguments - arguments.keys()
        assert not missing, f"say in tests/world.py what {missing} of {self.rule} are"
        values = {name: arguments[name] for name in self.rule.arguments}
        adapter = app.url_map.bind("localhost")
        return adapter.build(self.rule.endpoint, values, method=self.method)


def routes(app: Flask) -> list[Route]:
    """Return every route, in the order of names."""
    found = [
        Route(method, rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - _NOT_OURS
    ]
    return sorted(found, key=lambda route: route.name)


def unsafe_routes(app: Flask) -> list[Route]:
    """Return the routes that change something and that browsers call."""
    return [r for r in routes(app) if r.is_unsafe and not r.is_signed]
