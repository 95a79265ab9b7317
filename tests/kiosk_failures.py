"""What kiosks are refused with: read from the code that says it, so none is missing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from vmps import webhooks
from vmps.services import accept, parse_events, signatures

#: Who says it, and with which status.
_STATUSES = {"BadField": 422, "BadSignature": 401, "BadRequest": 400}
#: Functions that give a sentence back: status and field.
_SAID_BY = {"_student_problem": (422, "data.student_id"), "_seen_before": (409, "id")}


@dataclass(frozen=True)
class KioskFailure:
    """One answer: its status, the field that is wrong where it is one, the detail."""

    status: int
    field: str
    detail: str


def kiosk_failures() -> list[KioskFailure]:
    """Return every answer that says no, by status."""
    found = [
        failure
        for module in (webhooks, signatures, parse_events, accept)
        for failure in _failures_of(module)
    ]
    return sorted(set(found), key=lambda f: (f.status, f.field, f.detail))


def _failures_of(module: ModuleType) -> Iterator[KioskFailure]:
    tree = ast.parse(Path(module.__file__ or "").read_text())
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        if function.name in _SAID_BY:
            for text in _sentences(function):
                yield KioskFailure(*_SAID_BY[function.name], _shown(text, module))
        for call in _calls(function):
            yield from _failure(call, function, module)


def _calls(function: ast.FunctionDef) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node


def _failure(
    call: ast.Call, function: ast.FunctionDef, module: ModuleType
) -> Iterator[KioskFailure]:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    arguments = [_resolved(argument, function) for argument in call.args]
    if name == "problem" and isinstance(arguments[1], ast.Constant):
        status, detail = (_shown(argument, module) for argument in arguments[:2])
        yield KioskFailure(int(status), "", detail)
    elif name == "BadField":
        field, detail = (_shown(argument, module) for argument in arguments)
        yield KioskFailure(_STATUSES[name], field, detail)
    elif name in _STATUSES:
        yield KioskFailure(_STATUSES[name], "", _shown(arguments[0], module))


def _resolved(argument: ast.expr, function: ast.FunctionDef) -> ast.expr:
    """Return what a local name was set to."""
    if isinstance(argument, ast.Name):
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and _names(node) == {argument.id}:
                return node.value
    return argument


def _names(node: ast.Assign) -> set[str]:
    return {target.id for target in node.targets if isinstance(target, ast.Name)}


def _sentences(function: ast.FunctionDef) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        value = node.value if isinstance(node, ast.Return | ast.Assign) else None
        if isinstance(value, ast.Constant) and " " in str(value.value):
            yield value


def _shown(text: ast.expr, module: ModuleType) -> str:
    """Return the text; what is known only when it happens is an ellipsis."""
    if isinstance(text, ast.JoinedStr):
        return "".join(_shown(part, module) for part in text.values)
    if isinstance(text, ast.Constant):
        return str(text.value)
    if isinstance(text, ast.FormattedValue):
        return _shown(text.value, module)
    try:
        code = compile(ast.Expression(text), module.__name__, "eval")
        return str(eval(code, vars(module)))  # noqa: S307 our own code
    except (NameError, AttributeError):
        return "…"
