"""The shape of the code: who may import whom, and the ceilings of every unit.

ruff holds the others: branches, positional arguments, complexity, line length.
"""

from __future__ import annotations

import ast
import sys

import pytest

from tests.source import ALL, CODE, TESTS, Function, Source, length, nesting, sources

FOUNDATION = {"vmps.clock", "vmps.config", "vmps.db", "vmps.secrets", "vmps.words"}
SERVICES = FOUNDATION | {"vmps.models", "vmps.services"}

#: What each part may import of vmps besides itself. Imports point down only.
MAY_IMPORT = {
    "vmps.clock": set(),
    "vmps.config": set(),
    "vmps.logs": set(),
    "vmps.words": set(),
    "vmps.write_gate": set(),
    "vmps.secrets": {"vmps.config"},
    "vmps.db": {"vmps.write_gate"},
    "vmps.group_commit": {"vmps.db", "vmps.write_gate"},
    "vmps.models": FOUNDATION,
    "vmps.migrations": {"vmps.db"},
    "vmps.powerschool": set(),
    "vmps.rosters": set(),
    "vmps.simulator": {"vmps.powerschool"},  # its plugin, see below
    "vmps.services": FOUNDATION
    | {"vmps.group_commit", "vmps.models", "vmps.powerschool", "vmps.rosters"},
    "vmps.jobs": SERVICES,
    "vmps.web": SERVICES,
    "vmps.tabs": SERVICES | {"vmps.web"},
    "vmps.webhooks": SERVICES | {"vmps.web"},
    "vmps.cli": SERVICES | {"vmps.jobs", "vmps.migrations"},
}
#: At the top: they put everything together.
MAY_IMPORT_ALL = {"app", "vmps.demo", "vmps.web.server"}

_WEB_AND_QUEUE = {"flask", "werkzeug", "gunicorn", "rq", "redis"}
MUST_NOT_USE = {
    "vmps.services": _WEB_AND_QUEUE,
    "vmps.models": _WEB_AND_QUEUE,
    "vmps.powerschool": _WEB_AND_QUEUE | {"peewee", "playhouse"},
    "vmps.simulator": _WEB_AND_QUEUE | {"peewee", "playhouse"},
}
NAMELESS = {"utils", "helpers", "common", "core", "misc", "base"}

#: Where any error is caught: the job boundary, a callback, a broken connection.
CATCHES_EVERYTHING = {
    "vmps/jobs/mode_checks.py",
    "vmps/jobs/lane_threads.py",
    "vmps/jobs/year_turn.py",
    "vmps/services/bell.py",
    "vmps/services/pipeline.py",
    "vmps/db.py",
    "vmps/group_commit.py",
}
#: The reader of the settings, and who hands an environment to another program.
READS_ENVIRONMENT = {
    "vmps/config.py",
    "vmps/demo/programs.py",
    "vmps/services/backup.py",
    "vmps/simulator/control.py",
}
#: Its docstring is the tree of errors (house style 17).
LONG_DOCSTRINGS = {"vmps/powerschool/errors.py"}

LONGEST_FILE, LONGEST_CONFTEST = 300, 200
LONGEST_FUNCTION, LONGEST_TEST = 40, 30
DEEPEST_NESTING = 3


def part_of(module: str) -> str:
    """Return `vmps.services` of `vmps.services.drain.Dispatcher`."""
    return ".".join(module.split(".")[:2])


def test_imports_point_down_only() -> None:
    for source in sources(*CODE):
        part = part_of(source.module)
        if {part, source.module} & (MAY_IMPORT_ALL | {"vmps"}):
            continue
        assert part in MAY_IMPORT, f"say in this test what {part} may import"
        ours = {part_of(name) for name in source.imports() if name.startswith("vmps.")}
        assert ours - {part} <= MAY_IMPORT[part], source.name
        assert "app" not in source.imports(), source.name


def test_the_simulator_knows_the_plugin_and_nothing_else_of_the_client() -> None:
    """What both had wrong would look right."""
    known = {
        name
        for source in sources("vmps/simulator")
        for name in source.imports()
        if name.startswith("vmps.powerschool")
    }
    assert {".".join(name.split(".")[:3]) for name in known} == {
        "vmps.powerschool.plugin"
    }


def test_parts_use_only_the_libraries_they_may() -> None:
    for source in sources("vmps"):
        used = {name.split(".")[0] for name in source.imports()}
        assert not used & MUST_NOT_USE.get(part_of(source.module), set()), source.name


def test_a_module_s_name_says_what_it_is() -> None:
    modules = [source.module for source in sources(*CODE)]
    assert [name for name in modules if set(name.split(".")) & NAMELESS] == []


def test_an_init_only_hands_on() -> None:
    allowed = (ast.ImportFrom, ast.Assign, ast.Expr)
    doing_more = [
        source.name
        for source in sources(*CODE)
        if source.path.name == "__init__.py"
        and not all(isinstance(part, allowed) for part in source.tree.body)
    ]
    assert doing_more == []


def test_a_module_s_docstring_is_one_line() -> None:
    """What else there is to say stands in a comment below it."""
    others = [
        source.name
        for source in sources(*CODE)
        if source.text.strip()
        and source.name not in LONG_DOCSTRINGS
        and len((ast.get_docstring(source.tree) or "").splitlines()) != 1
    ]
    assert others == []


def test_only_boundaries_catch_everything() -> None:
    catching = {
        source.name
        for source in sources(*CODE)
        for node in source.nodes()
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node)
    }
    assert catching <= CATCHES_EVERYTHING


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    """Tell whether errors of any kind end here; tidying up and raising on is fine."""
    names = {"Exception", "BaseException"}
    is_any = handler.type is None or ast.unparse(handler.type) in names
    last = handler.body[-1]
    return is_any and not (isinstance(last, ast.Raise) and last.exc is None)


def test_the_environment_is_read_in_one_place() -> None:
    names = {"os.environ", "os.environb", "os.getenv"}
    reading = {
        source.name
        for source in sources(*CODE)
        for node in source.nodes()
        if isinstance(node, ast.Attribute) and ast.unparse(node) in names
    }
    assert reading <= READS_ENVIRONMENT


def test_one_module_knows_the_headers_of_htmx() -> None:
    knowing = {
        source.name
        for source in sources(*CODE)
        for node in source.nodes()
        if isinstance(node, ast.Constant) and str(node.value).startswith("HX-")
    }
    assert knowing == {"vmps/web/htmx.py"}


def test_files_are_short() -> None:
    assert [s.name for s in sources(*ALL) if s.lines > _most_lines(s)] == []


def _most_lines(source: Source) -> int:
    return LONGEST_CONFTEST if source.path.name == "conftest.py" else LONGEST_FILE


def test_functions_are_short() -> None:
    too_long = [
        f"{source.name}: {function.name}, {length(function)} lines"
        for source in sources(*ALL)
        for function in source.functions()
        if length(function) > _longest(function)
    ]
    assert too_long == []


def _longest(function: Function) -> int:
    is_test = function.name.startswith("test_")
    return LONGEST_TEST if is_test else LONGEST_FUNCTION


def test_blocks_are_not_nested_deeply() -> None:
    too_deep = [
        f"{source.name}: {function.name}"
        for source in sources(*ALL)
        for function in source.functions()
        if nesting(function) > DEEPEST_NESTING
    ]
    assert too_deep == []


def test_how_much_is_tests(capsys: pytest.CaptureFixture[str]) -> None:
    """Printed, not enforced."""
    code, tests = (
        sum(source.lines for source in sources(*roots)) for roots in (CODE, TESTS)
    )
    with capsys.disabled():
        sys.stdout.write(f" [tests to code, by lines: {tests / code:.2f}] ")
    assert tests
