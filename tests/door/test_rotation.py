"""Two live secrets while a rotation lasts, and one afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW
from vmps.services.kiosks import rotate_kiosk, switch_kiosk

from .desk import Desk, late


@pytest.fixture
def new_secret(desk: Desk) -> str:
    """The secret of a rotation that keeps the old one for an hour."""
    made = rotate_kiosk("ksk_oakwood", keep_hours=1, actor="test", now=NOW)
    return made.secret


def renewed(desk: Desk, secret: str) -> Desk:
    return Desk(desk.app, secret=secret, clock=desk.clock)


def test_both_secrets_are_good_during_a_rotation(desk: Desk, new_secret: str) -> None:
    assert desk.send(late()).status_code == 202
    assert renewed(desk, new_secret).send(late()).status_code == 202


def test_the_old_secret_is_good_until_its_last_second(
    desk: Desk, new_secret: str
) -> None:
    desk.set_clock(NOW + timedelta(hours=1, seconds=-1))
    assert desk.send(late()).status_code == 202


def test_the_old_secret_is_dead_after_its_time(desk: Desk, new_secret: str) -> None:
    desk.set_clock(NOW + timedelta(hours=1))
    assert desk.send(late()).status_code == 401
    assert renewed(desk, new_secret).send(late()).status_code == 202


def test_a_rotation_that_keeps_nothing_ends_the_old_secret_at_once(desk: Desk) -> None:
    made = rotate_kiosk("ksk_oakwood", keep_hours=0, actor="test", now=NOW)
    assert desk.send(late()).status_code == 401
    assert renewed(desk, made.secret).send(late()).status_code == 202


def test_a_second_rotation_ends_the_secret_before_the_last(
    desk: Desk, new_secret: str
) -> None:
    newest = rotate_kiosk("ksk_oakwood", keep_hours=1, actor="test", now=NOW).secret
    assert desk.send(late()).status_code == 401
    assert renewed(desk, new_secret).send(late()).status_code == 202
    assert renewed(desk, newest).send(late()).status_code == 202


def test_a_kiosk_that_is_enabled_again_comes_in(desk: Desk) -> None:
    switch_kiosk("ksk_oakwood", is_disabled=True, actor="test")
    assert desk.send(late()).status_code == 401
    switch_kiosk("ksk_oakwood", is_disabled=False, actor="test")
    assert desk.send(late()).status_code == 202
