"""The plugin that a district's PowerSchool administrator installs."""

from vmps.powerschool.plugin.fields import (
    ACCESS_REQUEST,
    RequestedField,
    Use,
    uses_of,
)
from vmps.powerschool.plugin.package import (
    NAME,
    Edition,
    file_name,
    installed_version,
    pack,
    plugin_xml,
)

__all__ = [
    "ACCESS_REQUEST",
    "NAME",
    "Edition",
    "RequestedField",
    "Use",
    "file_name",
    "installed_version",
    "pack",
    "plugin_xml",
    "uses_of",
]
