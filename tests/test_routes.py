"""The routes' shape: short, named by verbs, and reading and writing by services."""

from __future__ import annotations

import ast

from flask import Flask

from tests.routes import routes
from tests.source import Function, Source, length, sources
from vmps.tabs import TABS

LONGEST_ROUTE = 20

#: How the name of an endpoint begins; of health, a probe's own words.
VERBS = {
    "arrange", "check", "compare", "confirm", "correct", "detect", "download", "edit",
    "enter", "go", "import", "index", "leave", "look", "permit", "prevent", "preview",
    "receive", "resend", "restore", "retry", "send", "show", "static", "update",
    "void",
}  # fmt: skip
PROBES = {"health.live", "health.ready"}

#: What asks or changes the database. Pages start from `visible_to`, all else is a
#: service's.
QUERIES = {
    "create", "delete", "delete_instance", "execute", "get_by_id", "get_or_create",
    "get_or_none", "insert", "insert_many", "join", "save", "select", "transaction",
}  # fmt: skip


def is_route(function: Function) -> bool:
    return any("bp." in ast.unparse(each) for each in function.decorator_list)


def test_people_s_routes_are_short() -> None:
    found = {
        f"{source.name}: {function.name}": length(function)
        for source in sources("vmps/tabs", "vmps/web")
        for function in source.functions()
        if is_route(function)
    }
    assert found
    assert [name for name, lines in found.items() if lines > LONGEST_ROUTE] == []


def test_endpoints_are_verbs(app: Flask) -> None:
    names = {route.rule.endpoint for route in routes(app)} - PROBES
    others = {n for n in names if n.split(".")[-1].split("_")[0] not in VERBS}
    assert others == set(), "choose a verb of VERBS, or add one"


def test_a_module_beside_a_tab_begins_with_its_name() -> None:
    tabs = tuple(tab.name for tab in TABS)
    names = {source.path.stem for source in sources("vmps/tabs")}
    beside = names - {*tabs, "__init__", "register"}
    assert {
        n for n in beside if not n.startswith(tuple(f"{t}_" for t in tabs))
    } == set()


def test_pages_leave_the_database_to_services() -> None:
    asking = {
        f"{source.name}: {name}"
        for source in sources("vmps/tabs", "vmps/web")
        for name in _called(source) & QUERIES
    }
    assert asking == set()


def _called(source: Source) -> set[str]:
    """Return the names of the methods that are called, of texts' `join` not."""
    calls = (node.func for node in source.nodes() if isinstance(node, ast.Call))
    return {
        call.attr
        for call in calls
        if isinstance(call, ast.Attribute) and not isinstance(call.value, ast.Constant)
    }
