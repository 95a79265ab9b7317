"""Which tabs there are."""

from __future__ import annotations

from vmps.tabs import (
    changes,
    home,
    logs,
    password,
    preview,
    reconciliation,
    schools,
    settings,
    sign_in,
    tracking,
)

TABS = (
    home.bp,
    sign_in.bp,
    password.bp,
    settings.bp,
    schools.bp,
    logs.bp,
    changes.bp,
    preview.bp,
    reconciliation.bp,
    tracking.bp,
)
