"""`kiosks`: credentials that are shown once, rotated and switched off."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from vmps.models import AuditEntry, Kiosk, KioskSchool, School

from .cast import connect


def add(run, *options):
    return run("kiosks", "add", "--district", "Oakwood", "--school", "1817",
               "--name", "Side door", *options, "--json")  # fmt: skip


def newest():
    return Kiosk.select().order_by(Kiosk.id.desc()).get()


def test_add_answers_an_unguessable_id_and_a_standard_secret(run, office):
    made = add(run).json
    assert len(made["id"].removeprefix("ksk_")) >= 24
    assert len(base64.b64decode(made["secret"].removeprefix("whsec_"))) == 32
    assert Kiosk.reveal(newest().secret_token) == made["secret"]


def test_the_secret_is_neither_stored_nor_audited_in_clear(run, office):
    secret = add(run).json["secret"]
    assert secret not in newest().secret_token
    assert all(secret not in entry.detail for entry in AuditEntry.select())


def test_add_takes_the_id_kind_of_the_connection(run, office):
    connect(office, visible_id="student_number")
    add(run)
    assert newest().id_kind == "student_number"


def test_add_takes_sis_id_where_nothing_is_said(run, office):
    add(run)
    assert newest().id_kind == "sis_id"


def test_add_takes_several_schools(run, office):
    School.create(district=office.district, number="2", name="Elm")
    add(run, "--school", "2", "--school", "2")
    links = KioskSchool.select().where(KioskSchool.kiosk == newest())
    assert links.count() == 2


def test_add_refuses_a_school_of_nobody(run, office):
    ended = add(run, "--school", "99")
    assert ended.code == 1
    assert "no school with number 99" in ended.err
    assert Kiosk.select().count() == 1


def test_rotate_keeps_the_old_secret_for_a_while(run, office):
    made = run("kiosks", "rotate", "ksk_Oakwood", "--keep-hours", "2", "--json").json
    kiosk = Kiosk.get()
    assert Kiosk.reveal(kiosk.secret_token) == made["secret"]
    assert Kiosk.reveal(kiosk.previous_secret_token) == "whsec_first"
    left = kiosk.previous_until - datetime.now(UTC)
    assert timedelta(hours=1.9) < left <= timedelta(hours=2)


def test_rotate_can_end_the_old_secret_at_once(run, office):
    run("kiosks", "rotate", "ksk_Oakwood", "--keep-hours", "0")
    assert Kiosk.get().previous_secret_token is None


@pytest.mark.parametrize("verb", ["rotate", "disable", "enable"])
def test_an_unknown_kiosk_is_one_sentence(run, office, verb):
    ended = run("kiosks", verb, "ksk_none")
    assert ended.code == 1
    assert ended.err == "There is no kiosk ksk_none: `kiosks list` shows them.\n"


def test_disable_and_enable_switch_a_kiosk(run, office):
    run("kiosks", "disable", "ksk_Oakwood")
    assert Kiosk.get().is_disabled
    run("kiosks", "enable", "ksk_Oakwood")
    assert not Kiosk.get().is_disabled


def test_list_shows_schools_and_no_secrets(run, office):
    ended = run("kiosks", "list", "--json")
    (row,) = ended.json
    assert (row["id"], row["schools"]) == ("ksk_Oakwood", ["1817"])
    assert "secret" not in ended.out
    assert "1817" in run("kiosks", "list").out
