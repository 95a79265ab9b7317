"""Actors: a user by their address, everybody else by a word."""

from tests.cast import make_cast
from vmps.services.actors import actor_of, name_actors


def test_users_are_named_by_their_address_and_others_by_words(database_url):
    alice = make_cast().alice
    assert name_actors([actor_of(alice), "operator", "anonymous", "user:999"]) == {
        actor_of(alice): "alice@oakwood.example",
        "operator": "the operator",
        "anonymous": "somebody not signed in",
        "user:999": "user:999",
    }
