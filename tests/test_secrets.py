"""Secrets at rest: bound to their place, readable while a key is known."""

from __future__ import annotations

import pytest

from vmps import secrets
from vmps.config import ConfigurationError
from vmps.secrets import SecretUnreadable, decrypt, encrypt, generate_key, reencrypt

PLACE = "kiosk.secret"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    """A keyring of one new key, this test's alone."""
    monkeypatch.setattr(secrets, "_keyring", None)
    made = generate_key()
    secrets.configure([made])
    return made


def test_a_secret_comes_back_from_its_place() -> None:
    assert decrypt(encrypt("whsec_1", place=PLACE), place=PLACE) == "whsec_1"


def test_the_stored_form_shows_nothing_and_differs_every_time() -> None:
    tokens = {encrypt("whsec_1", place=PLACE) for _ in range(3)}
    assert len(tokens) == 3
    assert not any("whsec_1" in token for token in tokens)


def test_a_secret_moved_to_another_place_is_refused() -> None:
    token = encrypt("whsec_1", place=PLACE)
    with pytest.raises(SecretUnreadable, match=r"belongs to kiosk\.secret"):
        decrypt(token, place="connection.client_secret")


def test_a_secret_of_an_older_key_is_readable_and_can_be_renewed(key: str) -> None:
    token = encrypt("whsec_1", place=PLACE)
    newer = generate_key()
    secrets.configure([newer, key])
    assert decrypt(token, place=PLACE) == "whsec_1"
    renewed = reencrypt(token)
    secrets.configure([newer])
    assert decrypt(renewed, place=PLACE) == "whsec_1"


def test_a_renewed_secret_stays_in_its_place(key: str) -> None:
    renewed = reencrypt(encrypt("whsec_1", place=PLACE))
    with pytest.raises(SecretUnreadable, match="belongs to"):
        decrypt(renewed, place="connection.client_secret")


def test_without_its_key_a_secret_names_its_place_and_the_setting() -> None:
    token = encrypt("whsec_1", place=PLACE)
    secrets.configure([generate_key()])
    with pytest.raises(SecretUnreadable, match=r"kiosk\.secret .* ENCRYPTION_KEYS"):
        decrypt(token, place=PLACE)
    with pytest.raises(SecretUnreadable, match="ENCRYPTION_KEYS"):
        reencrypt(token)


def test_a_changed_token_is_refused() -> None:
    token = encrypt("whsec_1", place=PLACE)
    changed = token[:-5] + ("A" if token[-5] != "A" else "B") + token[-4:]
    with pytest.raises(SecretUnreadable):
        decrypt(changed, place=PLACE)


def test_a_key_that_is_none_is_refused_with_how_to_make_one() -> None:
    with pytest.raises(ConfigurationError, match="secrets generate"):
        secrets.configure(["not a key"])


def test_nothing_is_encrypted_before_keys_are_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(secrets, "_keyring", None)
    with pytest.raises(ConfigurationError, match="ENCRYPTION_KEYS"):
        encrypt("whsec_1", place=PLACE)
