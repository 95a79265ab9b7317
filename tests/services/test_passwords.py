"""Passwords: how they are hashed, how many at a time, which new ones are taken."""

import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cast import PASSWORD, cheap_hash
from vmps.services import passwords
from vmps.services.passwords import (
    Busy,
    check_new_password,
    hash_password,
    needs_rehash,
    verify_password,
)
from vmps.services.plain_passwords import PHRASES, WORDS
from vmps.services.problems import Problem

ALICE = "alice@oakwood.example"


def refusal(password, email=ALICE):
    with pytest.raises(Problem) as problem:
        check_new_password(password, email)
    return problem.value.message


def test_a_hash_is_argon2id_with_owasp_s_parameters():
    assert hash_password(PASSWORD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_one_password_is_hashed_in_another_way_every_time():
    assert hash_password(PASSWORD) != hash_password(PASSWORD)


def test_only_the_right_password_is_right():
    stored = hash_password(PASSWORD)
    assert verify_password(stored, PASSWORD)
    assert not verify_password(stored, PASSWORD.upper())
    assert not verify_password(stored, "")


@pytest.mark.parametrize("stored", ["", "plain", "$argon2id$v=19$m=8,t=1,p=1$x$y"])
def test_nothing_is_right_where_the_stored_hash_is_broken(stored):
    assert not verify_password(stored, PASSWORD)


def test_a_hash_with_other_parameters_wants_a_new_one():
    assert needs_rehash(cheap_hash(PASSWORD))
    assert not needs_rehash(hash_password(PASSWORD))


def test_nobody_s_password_takes_the_work_of_somebody_s(hashes):
    stored = hash_password(PASSWORD)
    assert not verify_password(None, PASSWORD)
    assert not verify_password(stored, "another")
    assert hashes.done == [(2, 19 * 1024, 1)] * 3


@pytest.mark.parametrize(
    "typed", ["Größe und ﬁnesse 12", "ｗｉｄｅ letters here", "\ud800" * 9]
)
def test_every_spelling_of_a_text_is_one_password(typed):
    stored = hash_password(unicodedata.normalize("NFD", typed))
    assert verify_password(stored, unicodedata.normalize("NFKC", typed))


def test_what_is_far_too_long_is_wrong_without_a_hash(hashes):
    assert not verify_password(None, "x" * 1025)
    assert not verify_password(None, "x" * 1024)
    assert len(hashes.done) == 1


def test_two_hashes_run_at_once_and_no_third(hashes):
    running, most = [], []

    def watch():
        running.append(1)
        most.append(len(running))
        hashes.meanwhile = watch
        time.sleep(0.02)
        running.pop()

    hashes.meanwhile = watch
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(hash_password, [PASSWORD] * 6))
    assert max(most) == 2


def test_who_waits_too_long_for_a_turn_is_told(monkeypatch, hashes):
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.05)
    with passwords._turn(), passwords._turn(), pytest.raises(Busy) as busy:
        verify_password(None, PASSWORD)
    assert busy.value.message == "The server is busy: try again in a moment."
    assert hashes.done == []
    assert hash_password(PASSWORD)


def test_a_waiter_is_patient_for_five_seconds():
    assert passwords.WAIT_SECONDS == 5


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "zwölf kleine Maulwürfe",
        "a8$kQ!x93mZp",
        "hXv-92-qLm-17",
        "my cat reads the newspaper",
        "x" * 100 + " y " + "long enough",
        "ninety-nine tardies to go",
        "the school bus was a submarine",
        "密码很长很长而且不容易猜到吧",
    ],
)
def test_a_good_password_is_taken(password):
    check_new_password(password, ALICE)


def test_twelve_characters_are_enough_and_eleven_are_not():
    check_new_password("kettle-94-ox", ALICE)
    assert refusal("kettle-94-o") == (
        "The password is too short: use at least 12 characters."
    )


def test_256_characters_are_taken_and_257_are_not():
    words = "kettle ox 94 " * 20
    check_new_password(words[:256], ALICE)
    assert refusal(words[:257]) == (
        "The password is too long: use at most 256 characters."
    )


def test_a_very_long_password_is_refused_before_any_work(hashes):
    began = time.process_time()
    assert "too long" in refusal("ﷺ" * 5_000_000)
    assert time.process_time() - began < 0.5
    assert hashes.done == []


@pytest.mark.parametrize(
    ("password", "email"),
    [
        ("my name is Alice 94", ALICE),
        ("alice@oakwood.example", ALICE),
        ("ALICE@OAKWOOD.EXAMPLE!", ALICE),
        ("xx al@oakwood.example", "al@oakwood.example"),
        ("kettle ｂｏｂ kettle", "bob@oakwood.example"),
    ],
)
def test_the_address_or_its_name_within_is_refused(password, email):
    assert refusal(password, email) == (
        "The password must not hold your e-mail address or its name."
    )


def test_a_name_of_two_letters_may_stand_within():
    check_new_password("alpine kettle 94", "al@oakwood.example")


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        "............",
        "121212121212",
        "abcabcabcabc",
        "kettlekettle",
        "123456789012",
        "098765432109",
        "abcdefghijkl",
        "zyxwvutsrqpo",
        "qwertyuiopas",
        "QWERTYUIOP[]",
        "poiuytrewq12",
        "1qaz2wsx3edc",
        "1q2w3e4r5t6y",
        "qwerty123456",
        "abc123456789",
        "password1234",
        "PasswordPassword1",
        "P@ssw0rd2026!!",
        "Welcome12345",
        "Summer2026!!",
        "PowerSchool1",
        "administrator",
        "letmein123456",
        "iloveyou2024",
        "correct horse battery staple",
        "Correct-Horse-Battery-Staple!",
        "manchesterunited1",
        "thisismypassword",
    ],
)
def test_a_password_that_is_tried_first_is_refused(password):
    assert refusal(password) == (
        "This password is easy to guess: use several words that do not belong together."
    )


def test_the_well_known_are_written_as_they_are_looked_for():
    assert len(WORDS) + len(PHRASES) > 200
    assert all(word == word.casefold() and len(word) >= 3 for word in WORDS)
    assert all(phrase == phrase.casefold() and phrase.isalnum() for phrase in PHRASES)
