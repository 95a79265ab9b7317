"""The repository's own source, read for the tests that hold its shape."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[1]
CODE = ("app.py", "vmps")
TESTS = ("tests",)
ALL = (*CODE, *TESTS, "benchmarks")

Function = ast.FunctionDef | ast.AsyncFunctionDef
_BLOCKS = (
    ast.If,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.With,
    ast.AsyncWith,
    ast.Try,
    ast.Match,
)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: Path

    @property
    def name(self) -> str:
        """Return the path as people write it: `vmps/db.py`."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def module(self) -> str:
        """Return the dotted name: `vmps.db`."""
        return self.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @cached_property
    def text(self) -> str:
        return self.path.read_text()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())

    def nodes(self) -> Iterator[ast.AST]:
        """Yield every node."""
        return ast.walk(self.tree)

    def functions(self) -> Iterator[Function]:
        """Yield every function, methods and inner ones included."""
        for node in self.nodes():
            if isinstance(node, Function):
                yield node

    def imports(self) -> set[str]:
        """Return what is imported; `from vmps import db` is `vmps.db`."""
        found = set()
        for node in self.nodes():
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module)
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
        return found


@cache
def sources(*roots: str) -> list[Source]:
    """Return the Python files of these files and folders."""
    found: list[Path] = []
    for root in roots:
        path = ROOT / root
        found += [path] if path.is_file() else path.rglob("*.py")
    return [Source(path) for path in sorted(found)]


def length(function: Function) -> int:
    """Return a function's lines, decorators not counted."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def nesting(node: ast.AST, depth: int = 0) -> int:
    """Return how deep blocks stand in each other; an `elif` is no deeper."""
    deepest = depth
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, _SCOPES):
                continue
            is_elif = name == "orelse" and isinstance(child, ast.If)
            is_deeper = isinstance(child, _BLOCKS) and not is_elif
            deepest = max(deepest, nesting(child, depth + is_deeper))
    return deepest
