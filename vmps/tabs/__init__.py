"""The pages: one module a tab, one blueprint, one templates folder, one test file."""

from vmps.tabs.register import TABS

__all__ = ["TABS"]
