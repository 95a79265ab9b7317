"""`users`: who may sign in to the pages."""

from __future__ import annotations

import sys
from typing import Any

import click
from peewee import prefetch

from vmps.cli.group import (
    OPERATOR,
    CommandGroup,
    Decorator,
    district_option,
    json_option,
)
from vmps.cli.output import answer, table
from vmps.clock import utcnow
from vmps.models import District, Role, School, User, UserSchool
from vmps.services.districts import find_district
from vmps.services.problems import Problem
from vmps.services.schools import find_school
from vmps.services.users import add_user, disable_user, enable_user, set_password

group = CommandGroup("users", help="Users.")

password_option: Decorator = click.option(
    "--password-stdin", is_flag=True, help="Read the password from stdin."
)


@group.command("add")
@click.argument("email")
@district_option
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option(
    "--school",
    "numbers",
    multiple=True,
    metavar="N",
    help="Repeatable; a district admin has them all.",
)
@password_option
@json_option
def add(  # noqa: PLR0917 one parameter an option
    email: str,
    district: str,
    role: str,
    numbers: tuple[str, ...],
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Add a user, who can sign in at once."""
    password = _password(is_given=password_stdin)
    home = find_district(district)
    made = add_user(
        home,
        email,
        Role(role),
        schools=[find_school(home, number) for number in numbers],
        password=password,
        actor=OPERATOR,
        now=utcnow(),
    )
    answer({"id": made}, f"Added user {made}.", as_json=as_json)


@group.command("disable")
@click.argument("email")
@json_option
def disable(email: str, as_json: bool) -> None:
    """Let a user sign in no more; every session ends at once."""
    done = disable_user(email, actor=OPERATOR, now=utcnow())
    text = f"Disabled. Sessions ended: {done.ended_sessions}."
    value = {
        "is_disabled": True,
        "ended_sessions": done.ended_sessions,
        "warning": done.warning,
    }
    answer(value, f"{text}\n{done.warning}".strip(), as_json=as_json)


@group.command("enable")
@click.argument("email")
@json_option
def enable(email: str, as_json: bool) -> None:
    """Let a user sign in again."""
    enable_user(email, actor=OPERATOR, now=utcnow())
    answer({"is_disabled": False}, "Enabled.", as_json=as_json)


@group.command("password")
@click.argument("email")
@password_option
@json_option
def password(email: str, password_stdin: bool, as_json: bool) -> None:
    """Give a user a new password; every session ends at once."""
    new = _password(is_given=password_stdin)
    ended = set_password(email, new, actor=OPERATOR, now=utcnow())
    text = f"The password is set. Sessions ended: {ended}."
    answer({"ended_sessions": ended}, text, as_json=as_json)


@group.command("list")
@click.option("--district", metavar="D", help="The district's id or exact name.")
@json_option
def index(district: str | None, as_json: bool) -> None:
    """List the users of a district, or of all."""
    rows: list[dict[str, Any]] = [
        {
            "id": user.id,
            "district": user.district_id,
            "email": user.email,
            "role": user.role,
            "is_disabled": user.disabled_at is not None,
            "schools": [link.school.number for link in user.user_schools],
        }
        for user in _users(find_district(district) if district else None)
    ]
    headings = ("ID", "D", "EMAIL", "ROLE", "DISABLED", "SCHOOLS")
    lines = [(*list(row.values())[:-1], " ".join(row["schools"])) for row in rows]
    answer(rows, table(headings, lines), as_json=as_json)


def _users(district: District | None) -> Any:
    """Return the users with their schools, in two queries."""
    users = User.select().order_by(User.id)
    if district:
        users = users.where(User.district == district.id)
    links = UserSchool.select(UserSchool, School).join(School).order_by(School.id)
    return prefetch(users, links)


def _password(*, is_given: bool) -> str:
    """Return stdin without the newline at its end; a command line would be seen."""
    if not is_given:
        raise click.UsageError("Give --password-stdin and pipe the password in.")
    try:
        text = sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise Problem("The password on stdin is not UTF-8 text.") from error
    return text.removesuffix("\n").removesuffix("\r")
