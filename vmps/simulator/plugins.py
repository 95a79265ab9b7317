"""Plugin files: the one that vmps gives to administrators, or another."""

from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from vmps.powerschool.plugin import Edition, installed_version, pack, plugin_xml

ROOT_FILE = "plugin.xml"
CONTACT = "simulator@vmps.invalid"


class PluginRefused(Exception):
    """PowerSchool does not install or enable this file; each argument is a problem."""

    def __str__(self) -> str:
        return "; ".join(map(str, self.args))


def own_plugin() -> bytes:
    """Build the ZIP that administrators of a current PowerSchool download."""
    xml = plugin_xml(Edition.FROM_25_2, version=installed_version(), contact=CONTACT)
    return pack(xml)


def xml_of(file: bytes) -> bytes:
    """Return a ZIP's plugin.xml, which stands at its root; a bare one is as good."""
    if file.lstrip().startswith(b"<"):
        return file
    try:
        with ZipFile(BytesIO(file)) as archive:
            return archive.read(ROOT_FILE)
    except BadZipFile:
        raise PluginRefused("the file is no ZIP and no plugin.xml") from None
    except KeyError:
        raise PluginRefused(f"{ROOT_FILE} is not at the archive's root") from None


def read_plugin(path: Path | None) -> bytes:
    """Return the plugin.xml of a given file, or of the product's own."""
    return xml_of(own_plugin() if path is None else path.read_bytes())
