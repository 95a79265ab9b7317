"""Plugin files: the one that vmps gives to administrators, or another."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from vmps.powerschool.plugin import Edition, installed_version, pack, plugin_xml
from vmps.simulator.plugin_queries import PluginQuery, QueryRefused, read_queries

ROOT_FILE = "plugin.xml"
CONTACT = "simulator@vmps.invalid"


class PluginRefused(Exception):
    """PowerSchool does not install or enable this file; each argument is a problem."""

    def __str__(self) -> str:
        return "; ".join(map(str, self.args))


@dataclass(frozen=True)
class Plugin:
    """What PowerSchool takes out of the file: plugin.xml, and queries by name."""

    xml: bytes
    queries: Mapping[str, PluginQuery] = field(default_factory=dict)


def own_plugin() -> bytes:
    """Build the ZIP that administrators of a current PowerSchool download."""
    xml = plugin_xml(Edition.FROM_25_2, version=installed_version(), contact=CONTACT)
    return pack(xml)


def read_plugin(path: Path | None) -> Plugin:
    """Return the plugin of a given file, or the product's own.

    In a ZIP plugin.xml stands at the root; a bare one is as good, without queries.
    """
    file = own_plugin() if path is None else path.read_bytes()
    if file.lstrip().startswith(b"<"):
        return Plugin(file)
    try:
        with ZipFile(BytesIO(file)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
            return Plugin(files[ROOT_FILE], read_queries(files))
    except BadZipFile:
        raise PluginRefused("the file is no ZIP and no plugin.xml") from None
    except KeyError:
        raise PluginRefused(f"{ROOT_FILE} is not at the archive's root") from None
    except QueryRefused as refused:
        raise PluginRefused(str(refused)) from None
