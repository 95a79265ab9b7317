"""`config`: the settings in force, secrets masked."""

from __future__ import annotations

import re

import click

from vmps import secrets
from vmps.cli.group import CommandGroup, json_option, settings
from vmps.cli.output import answer, table
from vmps.config import (
    SETTINGS,
    ConfigurationError,
    Setting,
    Settings,
    find_problems,
)

group = CommandGroup("config", help="Settings.")

_PASSWORD = re.compile(r"(://[^:/@]*):[^@]*@")


@group.command("check")
@json_option
@click.pass_context
def check(ctx: click.Context, as_json: bool) -> None:
    """Print the settings and every problem; exit code 1 when there is one."""
    found = settings()
    problems = [*find_problems(found), *_key_problems(found)]
    shown = {setting.name: _shown(setting, found) for setting in SETTINGS}
    rows = [(s.name, shown[s.name], s.help) for s in SETTINGS]
    text = table(("SETTING", "VALUE", "MEANING"), rows)
    text += "\n\n" + ("\n".join(problems) or "ok")
    value = {"ok": not problems, "problems": problems, "settings": shown}
    answer(value, text, as_json=as_json)
    ctx.exit(1 if problems else 0)


def _key_problems(found: Settings) -> list[str]:
    try:
        secrets.configure(found.encryption_keys)
    except ConfigurationError as error:
        return [str(error)]
    return []


def _shown(setting: Setting, found: Settings) -> str:
    value = getattr(found, setting.name.lower())
    if setting.is_secret:
        return "development default" if value == setting.default else "set"
    if isinstance(value, tuple):
        return ",".join(value)
    return _PASSWORD.sub(r"\1:***@", str(value))
