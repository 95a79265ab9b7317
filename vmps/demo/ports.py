"""Ports of the loopback address: the wanted one, or another when it is taken."""

from __future__ import annotations

import socket

HOST = "127.0.0.1"


def choose_port(wanted: int) -> int:
    """Return `wanted` if it is free, else any free port."""
    return wanted if _is_free(wanted) else _any_port()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _any_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
