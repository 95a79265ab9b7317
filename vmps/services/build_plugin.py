"""Building the plugin that a district's PowerSchool administrator installs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vmps.powerschool.errors import FULL_ACCESS
from vmps.powerschool.plugin import (
    ACCESS_REQUEST,
    NAME,
    Edition,
    Use,
    file_name,
    installed_version,
    pack,
    plugin_xml,
    uses_of,
)
from vmps.services.problems import Problem

__all__ = ["Edition", "build_plugin", "describe_plugin", "write_plugin"]


@dataclass(frozen=True, slots=True)
class PluginFile:
    """The ZIP and what it is called."""

    name: str
    version: str
    content: bytes


@dataclass(frozen=True, slots=True)
class TableAccess:
    """What the plugin asks for in one table of PowerSchool, and what for."""

    table: str
    written: Sequence[str]
    read: Sequence[str]
    uses: Sequence[Use]


@dataclass(frozen=True, slots=True)
class PluginDescription:
    """What people read of the plugin before they install it."""

    name: str
    version: str
    tables: Sequence[TableAccess]


def build_plugin(edition: Edition, *, contact: str) -> PluginFile:
    """Return the plugin of the version that runs; `contact` is the publisher's."""
    version = installed_version()
    xml = plugin_xml(edition, version=version, contact=contact)
    return PluginFile(file_name(edition, version=version), version, pack(xml))


def write_plugin(plugin: PluginFile, path: Path) -> None:
    """Write it into a new file; what is there already stays as it is."""
    try:
        file = path.open("xb")
    except FileExistsError:
        raise Problem(f"{path} exists already; name a new file.") from None
    except OSError as error:
        raise Problem(f"{path} cannot be written: {error.strerror}.") from None
    try:
        with file:
            file.write(plugin.content)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise Problem(f"{path} cannot be written: {error.strerror}.") from None


@cache
def describe_plugin() -> PluginDescription:
    """Return name and version, and what it asks for table by table."""
    names = dict.fromkeys(requested.grant.table for requested in ACCESS_REQUEST)
    return PluginDescription(NAME, installed_version(), [_access(n) for n in names])


def _access(table: str) -> TableAccess:
    fields = [r.grant for r in ACCESS_REQUEST if r.grant.table == table]
    written = [grant.field for grant in fields if grant.access == FULL_ACCESS]
    read = [grant.field for grant in fields if grant.access != FULL_ACCESS]
    return TableAccess(table, written, read, uses_of(fields))
