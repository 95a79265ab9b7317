"""The schema's history: numbered steps, safe when two processes start at once."""

from vmps.migrations.history import status, upgrade

__all__ = ["status", "upgrade"]
