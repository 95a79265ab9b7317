"""A small Oakwood, its front desk, and a server whose clock the test sets."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.cast import OAKWOOD_SEED, Oakwood, make_oakwood

from .desk import Desk

SEED = {**OAKWOOD_SEED, "students": OAKWOOD_SEED["students"][:4]}


@pytest.fixture
def oakwood(app: Flask) -> Oakwood:
    """Oakwood with one school and four students, 900 to 903."""
    return make_oakwood(seed=SEED)


@pytest.fixture
def desk(app: Flask, oakwood: Oakwood) -> Desk:
    """Oakwood's front desk, on the server's clock."""
    desk = Desk(app)
    app.extensions["vmps.door"].clock = lambda: desk.clock[0]
    return desk
