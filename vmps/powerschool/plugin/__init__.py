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
from vmps.powerschool.plugin.queries import (
    STUDENTS_FILE,
    STUDENTS_LISTED,
    query_files,
)

__all__ = [
    "ACCESS_REQUEST",
    "NAME",
    "STUDENTS_FILE",
    "STUDENTS_LISTED",
    "Edition",
    "RequestedField",
    "Use",
    "file_name",
    "installed_version",
    "pack",
    "plugin_xml",
    "query_files",
    "uses_of",
]
