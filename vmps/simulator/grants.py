"""Field grants of the plugin, as an administrator approved them when enabling it."""

from collections.abc import Iterable, Iterator
from xml.etree import ElementTree

from vmps.simulator.columns import TABLES, Column, Table
from vmps.simulator.plugins import PluginRefused

NAMESPACE = "{http://plugin.powerschool.pearson.com}"
VIEW_ONLY = "ViewOnly"
FULL_ACCESS = "FullAccess"
Field = tuple[str, str]


class Grants:
    """Who may read and write which (table, field); both in lower case."""

    def __init__(self, plugin: bytes) -> None:
        """Enable what a plugin.xml asks for; PluginRefused as PowerSchool does."""
        # the file is the operator's own
        root = ElementTree.fromstring(plugin)  # noqa: S314
        oauth = root.find(f"{NAMESPACE}oauth")
        self.access_level = (
            "NONE" if oauth is None else oauth.get("accessLevelV1Api", "NONE")
        )
        self._approved: dict[Field, str] = {
            (field.attrib["table"].lower(), field.attrib["field"].lower()): (
                field.attrib["access"]
            )
            for field in root.iterfind(f"{NAMESPACE}access_request/{NAMESPACE}field")
        }
        if problems := list(_unknown(self._approved)):
            raise PluginRefused(*problems)
        self.withdrawn: set[Field] = set()

    def withdraw(self, table: str, field: str) -> None:
        """Take one field away until the grants are restored."""
        self.withdrawn.add((table.lower(), field.lower()))

    def restore(self) -> None:
        """Give every withdrawn field back."""
        self.withdrawn.clear()

    def access(self, table: Table, column: Column) -> str:
        """Return FullAccess, ViewOnly or NoAccess."""
        field = (table.key, column.key)
        if field in self.withdrawn:
            return "NoAccess"
        return self._approved.get(field, "NoAccess")

    def can_read(self, table: Table, column: Column) -> bool:
        """Tell whether a column may be read; FullAccess includes it."""
        return self.access(table, column) in (VIEW_ONLY, FULL_ACCESS)

    def can_write(self, table: Table, column: Column) -> bool:
        """Tell whether a column may be written."""
        return self.access(table, column) == FULL_ACCESS


def _unknown(fields: Iterable[Field]) -> Iterator[str]:
    """Say which fields PowerSchool does not have: one, and it enables nothing."""
    for table, field in fields:
        if table not in TABLES:
            yield f"Invalid Table: {table}"
        elif field not in TABLES[table].columns:
            yield f"Invalid Column: {table}.{field}"
