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
    tracking_codes,
    tracking_tardies,
)

#: Modules whose routes belong to a tab beside them.
BESIDE = (tracking_codes, tracking_tardies)

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
