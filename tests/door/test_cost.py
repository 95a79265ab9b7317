"""What one event costs the database: its statements are counted."""

from __future__ import annotations

from typing import Any

import pytest

from .desk import Desk, batch, late


@pytest.fixture
def config(config: dict[str, Any]) -> dict[str, Any]:
    """Kiosks are remembered, as in production."""
    return {**config, "KIOSK_CACHE_SECONDS": 60.0}


@pytest.fixture
def statements(desk: Desk, statements: list[str]) -> list[str]:
    """The statements since the kiosk was first seen."""
    desk.send(late("nobody"))
    statements.clear()
    return statements


NEW = ["SELECT", "SELECT", "SELECT", "INSERT", "INSERT"]


def test_a_new_event_is_five_statements(desk: Desk, statements: list[str]) -> None:
    desk.result(late())
    assert statements == NEW


def test_a_duplicate_is_three_statements(desk: Desk, statements: list[str]) -> None:
    desk.result(late(), "evt_a")
    statements.clear()
    desk.result(late(), "evt_a")
    assert statements == NEW[:3]


def test_a_batch_is_no_more_than_one_event(desk: Desk, statements: list[str]) -> None:
    desk.results(batch(*[late(str(n), id=f"e{n}") for n in range(900, 904)]))
    assert statements == NEW


def test_a_wrong_signature_is_no_statement(desk: Desk, statements: list[str]) -> None:
    desk.send(late(), headers={"webhook-signature": "v1,x"})
    assert statements == []
