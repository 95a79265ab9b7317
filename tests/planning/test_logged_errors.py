"""What is logged of an error nobody expected: where, and nothing it says."""

from __future__ import annotations

import logging

import pytest

from vmps.models import Cause
from vmps.services.ledger import reaction_to, without_message


def raised() -> ValueError:
    try:
        raise ValueError("Key (first_name)=(Maria) is wrong")
    except ValueError as error:
        return error


def test_an_error_is_told_by_type_and_place() -> None:
    told = without_message(raised())
    assert told.startswith("ValueError at ")
    assert "test_logged_errors.py:" in told
    assert "Maria" not in told


def test_a_drain_s_log_does_not_quote_an_error(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("vmps"), "propagate", True)
    reaction = reaction_to(raised(), is_write=False)
    assert reaction.cause == Cause.INTERNAL_ERROR
    assert "drain.failed error=ValueError" in caplog.text
    assert "Maria" not in caplog.text
