"""The operator's commands."""

from vmps.cli.register import init_app

__all__ = ["init_app"]
