"""A database of its own for every test, and the commands at hand."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from vmps.services import bell

from .cast import Office, open_office


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.code in {0, 1}, self.err
        return json.loads(self.out)


@pytest.fixture
def run(app: Flask) -> Callable[..., Ended]:
    """Run one command line, given in parts."""
    runner = app.test_cli_runner()

    def _run(*arguments: object, stdin: str = "") -> Ended:
        ended = runner.invoke(args=[str(a) for a in arguments], input=stdin)
        if ended.exception and not isinstance(ended.exception, SystemExit):
            raise ended.exception
        return Ended(ended.exit_code, ended.stdout, ended.stderr)

    return _run


@pytest.fixture
def office(app: Flask) -> Office:
    """Oakwood: one school in Daily mode, a student, a kiosk."""
    return open_office("Oakwood")


@pytest.fixture
def rung() -> Iterator[list[int]]:
    """The districts whose bell was rung."""
    districts: list[int] = []
    bell.bind(districts.append)
    yield districts
    bell.bind(lambda _: None)
