"""A typed secret that comes back with its form: sealed, for its user, not for long."""

from __future__ import annotations

import pytest

from tests.cast import make_district, make_user
from vmps.models import User
from vmps.services import typed_secrets
from vmps.services.problems import Invalid
from vmps.services.typed_secrets import open_typed, seal_typed

pytestmark = pytest.mark.usefixtures("settings")


@pytest.fixture
def alice(database_url: str) -> User:
    return make_user(make_district())


def refused(sealed: str, user: User) -> bool:
    with pytest.raises(Invalid) as caught:
        open_typed(sealed, user, field="client_secret")
    return list(caught.value.fields) == ["client_secret"]


def test_its_user_gets_it_back(alice: User) -> None:
    sealed = seal_typed("first-secret", alice)
    assert "first-secret" not in sealed
    assert open_typed(sealed, alice, field="client_secret") == "first-secret"


def test_nobody_else_does(alice: User) -> None:
    ann = make_user(alice.district, "ann@oakwood.example")
    assert refused(seal_typed("first-secret", alice), ann)


@pytest.mark.parametrize("sealed", ["", "nonsense", "ümlaut"])
def test_what_is_not_ours_is_asked_for_again(alice: User, sealed: str) -> None:
    assert refused(sealed, alice)


def test_it_does_not_last(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = seal_typed("first-secret", alice)
    monkeypatch.setattr(typed_secrets, "KEPT_SECONDS", -1)
    assert refused(sealed, alice)
