"""`secrets`: new keys, and everything stored under the newest."""

from cryptography.fernet import Fernet

from vmps import secrets
from vmps.config import DEVELOPMENT_ENCRYPTION_KEY
from vmps.models import Connection, Kiosk

from .cast import connect


def test_generate_prints_a_fernet_key(run):
    Fernet(run("secrets", "generate").out.strip())
    Fernet(run("secrets", "generate", "--json").json["key"])


def test_rotate_moves_every_secret_to_the_first_key(run, office):
    connect(office)
    Kiosk.update(previous_secret_token=Kiosk.seal("whsec_before")).execute()
    newest = secrets.generate_key()
    secrets.configure([newest, DEVELOPMENT_ENCRYPTION_KEY])
    assert run("secrets", "rotate", "--json").json == {
        "connection.client_secret": 1, "kiosk.secret": 1, "kiosk.previous_secret": 1,
    }  # fmt: skip
    secrets.configure([newest])
    assert Connection.get().reveal_client_secret() == "first secret"
    assert Kiosk.reveal(Kiosk.get().previous_secret_token) == "whsec_before"


def test_rotating_twice_is_harmless(run, office):
    run("secrets", "rotate")
    assert run("secrets", "rotate").code == 0
    assert Kiosk.reveal(Kiosk.get().secret_token) == "whsec_first"


def test_one_unreadable_secret_leaves_all_as_they_were(run, office):
    connect(office)
    before = Connection.get().client_secret_token
    Kiosk.update(secret_token=Fernet(Fernet.generate_key()).encrypt(b"x")).execute()
    ended = run("secrets", "rotate")
    assert ended.code == 1
    assert "cannot be read with ENCRYPTION_KEYS" in ended.err
    assert Connection.get().client_secret_token == before
