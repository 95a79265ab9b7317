"""`secrets`: keys for what is stored encrypted."""

from __future__ import annotations

from vmps.cli.group import OPERATOR, CommandGroup, json_option
from vmps.cli.output import answer
from vmps.secrets import generate_key
from vmps.services.rotate_secrets import rotate_secrets

group = CommandGroup("secrets", help="Encryption keys.")


@group.command("generate")
@json_option
def generate(as_json: bool) -> None:
    """Print a new key for ENCRYPTION_KEYS."""
    key = generate_key()
    answer({"key": key}, key, as_json=as_json)


@group.command("rotate")
@json_option
def rotate(as_json: bool) -> None:
    """Encrypt every stored secret with the first of ENCRYPTION_KEYS."""
    counts = rotate_secrets(actor=OPERATOR)
    lines = [f"{place:25} {count}" for place, count in counts.items()]
    answer(counts, "\n".join(lines), as_json=as_json)
