"""Renew `docs/modes.md`: `python -m tests.modes`."""

from tests.modes.page import renew

if __name__ == "__main__":
    renew()
