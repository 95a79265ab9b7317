"""A group of commands whose errors are one clear sentence, and options they share."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Any

import click
from flask import current_app
from flask.cli import AppGroup
from peewee import PeeweeException

from vmps.config import ConfigurationError, Settings
from vmps.db import UNAVAILABLE
from vmps.secrets import SecretUnreadable
from vmps.services.problems import Problem

OPERATOR = "operator"

_AWAY = (
    "The database does not answer, is busy, or has no tables yet: check DATABASE_URL,"
    " and run `db upgrade`."
)


class Failure(click.ClickException):
    """Said on stderr as it is; exit code 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, err=True)


class CommandGroup(AppGroup):
    """Turns what services refuse into a sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Problem as problem:
            raise Failure("\n".join([problem.message, *problem.details])) from problem
        except (SecretUnreadable, ConfigurationError) as error:
            raise Failure(str(error)) from error
        except (*UNAVAILABLE, PeeweeException) as error:
            raise Failure(f"{_AWAY} ({type(error).__name__})") from error


def settings() -> Settings:
    """Return the settings in force."""
    found: Settings = current_app.extensions["vmps.settings"]
    return found


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

json_option: Decorator = click.option(
    "--json", "as_json", is_flag=True, help="Answer with one JSON value."
)
district_option: Decorator = click.option(
    "--district", required=True, metavar="D", help="The district's id or exact name."
)
school_option: Decorator = click.option(
    "--school", required=True, metavar="N", help="The school's number."
)
