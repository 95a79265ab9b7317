"""plugin.xml and the ZIP around it: the same bytes for the same version."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from importlib.metadata import version
from io import BytesIO
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from vmps.powerschool.errors import FieldGrant
from vmps.powerschool.plugin.fields import ACCESS_REQUEST
from vmps.powerschool.plugin.queries import query_files

NAME = "vmps Attendance"
DESCRIPTION = (
    "Lets vmps write late check-ins and early check-outs into attendance, and read"
    " what it needs for that: students, attendance codes, calendars and schedules."
)
PUBLISHER = "vmps"
NAMESPACE = "http://plugin.powerschool.pearson.com"

#: The earliest that a ZIP can name, so that two builds are equal.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16


class Edition(StrEnum):
    """Which PowerSchool the plugin is for: older ones may refuse what newer need."""

    FROM_25_2 = "from-25.2"
    BEFORE_25_2 = "before-25.2"


_OAUTH = {
    Edition.FROM_25_2: '<oauth accessLevelV1Api="READ"/>',
    Edition.BEFORE_25_2: "<oauth/>",
}


def installed_version() -> str:
    """The version of vmps that runs, as PowerSchool takes it: digits and dots."""
    release = re.match(r"\d+(\.\d+)*", version("vmps"))
    if release is None:
        raise ValueError(f"{version('vmps')} does not begin with digits.")
    return release[0]


def file_name(edition: Edition, *, version: str) -> str:
    """How the ZIP is called: version and edition can be told apart on a disk."""
    return f"vmps-attendance-{version}-{edition}.zip"


def plugin_xml(
    edition: Edition,
    *,
    version: str,
    contact: str,
    fields: Sequence[FieldGrant] | None = None,
) -> str:
    """The plugin's description; `contact` is an e-mail address.

    `fields` are all that are needed, unless others are given.
    """
    if fields is None:
        fields = [requested.grant for requested in ACCESS_REQUEST]
    lines = "\n".join(f"    {field.plugin_line()}" for field in fields)
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<plugin xmlns="{NAMESPACE}"
        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
        xsi:schemaLocation="{NAMESPACE} plugin.xsd"
        name={quoteattr(NAME)}
        version={quoteattr(version)}
        description={quoteattr(DESCRIPTION)}>
  {_OAUTH[edition]}
  <access_request>
{lines}
  </access_request>
  <publisher name={quoteattr(PUBLISHER)}>
    <contact email={quoteattr(contact)}/>
  </publisher>
</plugin>
"""


def pack(xml: str, queries: Mapping[str, str] | None = None) -> bytes:
    """The ZIP: PowerSchool looks for plugin.xml at its root, in no folder.

    `queries` are the files of our own, unless others are given.
    """
    files = {"plugin.xml": xml} | dict(query_files() if queries is None else queries)
    packed = BytesIO()
    # Stored: a compressor's bytes depend on its version.
    with ZipFile(packed, "w", ZIP_STORED) as file:
        for name, content in files.items():
            entry = ZipInfo(name, _NO_TIME)
            entry.create_system = 3  # Unix, wherever it is built
            entry.external_attr = _READABLE
            file.writestr(entry, content.encode())
    return packed.getvalue()
