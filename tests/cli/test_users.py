"""`users`: adding, switching, passwords from stdin only, and who is there."""

import pytest

from tests.cast import NOW, PASSWORD, make_cast
from vmps.models import AuditEntry, User, UserSession
from vmps.services.passwords import verify_password
from vmps.services.sessions import begin_session

DANA = "dana@oakwood.example"
OTHER = "seven silver kettles"


@pytest.fixture
def cast(app):
    return make_cast()


def add(run, *options, email=DANA, role="staff", stdin=PASSWORD):
    command = ("users", "add", email, "--district", "Oakwood", "--role", role)
    return run(*command, "--password-stdin", *options, stdin=stdin)


def stored(email=DANA):
    return User.get(email=email)


def test_add_answers_the_new_id(run, cast):
    ended = add(run, "--school", "1817", "--school", "1818", "--json")
    assert ended.json == {"id": stored().id}
    assert {link.school.number for link in stored().user_schools} == {"1817", "1818"}


def test_add_says_what_it_did(run, cast):
    assert add(run, role="district_admin").out == f"Added user {stored().id}.\n"


def test_add_is_the_operator_s(run, cast):
    add(run, role="district_admin")
    assert (AuditEntry.get().action, AuditEntry.get().actor) == (
        "user.added",
        "operator",
    )


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_newline_at_the_end_of_stdin_is_no_part_of_the_password(run, cast, end):
    add(run, role="district_admin", stdin=PASSWORD + end)
    assert verify_password(stored().password_hash, PASSWORD)


def test_other_white_space_is_part_of_it(run, cast):
    add(run, role="district_admin", stdin=f" {PASSWORD} \n\n")
    assert verify_password(stored().password_hash, f" {PASSWORD} \n")


@pytest.mark.parametrize("command", ["add", "password"])
def test_a_password_comes_from_stdin_only(run, cast, command):
    options = ("--district", "Oakwood", "--role", "district_admin")
    given = options if command == "add" else ()
    ended = run("users", command, DANA, *given, stdin=PASSWORD)
    assert ended.code == 2
    assert "--password-stdin" in ended.err
    assert run("users", command, DANA, *given, "--password", PASSWORD).code == 2


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"stdin": ""}, "too short"),
        ({"stdin": "password1234\n"}, "easy to guess"),
        ({"stdin": b"\xff" * 12}, "not UTF-8"),
        ({"role": "staff"}, "needs at least one school"),
        ({"email": "dana"}, "not an e-mail address"),
        ({"email": "charlie@birch.example"}, "in use already"),
    ],
)
def test_add_says_in_a_sentence_what_is_wrong(run, cast, options, says):
    ended = add(run, **{"role": "district_admin"} | options)
    assert (ended.code, ended.out, User.select().count()) == (1, "", 4)
    assert says in ended.err
    assert len(ended.err.splitlines()) == 1


def test_add_names_an_unknown_school_or_district(run, cast):
    assert "1900" in add(run, "--school", "1900").err
    ended = run("users", "add", DANA, "--district", "Elm", "--role", "staff",
                "--password-stdin", stdin=PASSWORD)  # fmt: skip
    assert "districts list" in ended.err


def test_an_unknown_role_is_a_usage_error(run, cast):
    assert add(run, role="principal").code == 2


def test_disable_ends_the_sessions(run, cast):
    begin_session(cast.bob, now=NOW)
    ended = run("users", "disable", " BOB@oakwood.example", "--json")
    assert ended.json == {"is_disabled": True, "ended_sessions": 1, "warning": ""}
    assert stored(cast.bob.email).disabled_at
    assert UserSession.get().ended_at


def test_disable_warns_of_a_district_without_an_admin(run, cast):
    text = run("users", "disable", cast.alice.email).out
    assert text.splitlines() == [
        "Disabled. Sessions ended: 0.",
        "Oakwood has no district admin left who can sign in: add one with `users add`,"
        " or enable one with `users enable`.",
    ]
    assert run("users", "disable", cast.charlie.email, "--json").json["warning"]


def test_enable_lets_a_user_in_again(run, cast):
    run("users", "disable", cast.bob.email)
    assert run("users", "enable", cast.bob.email, "--json").json == {
        "is_disabled": False
    }
    assert run("users", "enable", cast.bob.email).out == "Enabled.\n"
    assert stored(cast.bob.email).disabled_at is None


def test_password_sets_it_and_ends_the_sessions(run, cast):
    begin_session(cast.bob, now=NOW)
    command = ("users", "password", cast.bob.email, "--password-stdin", "--json")
    assert run(*command, stdin=f"{OTHER}\n").json == {"ended_sessions": 1}
    assert verify_password(stored(cast.bob.email).password_hash, OTHER)


@pytest.mark.parametrize("command", ["disable", "enable", "password"])
def test_an_unknown_user_is_one_sentence(run, cast, command):
    given = ["--password-stdin"] if command == "password" else []
    ended = run("users", command, DANA, *given, stdin=PASSWORD)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == ("No user has this e-mail address: `users list` shows them.\n")


def test_list_shows_everybody_without_their_hashes(run, cast):
    ended = run("users", "list", "--json")
    assert "argon2" not in ended.out
    assert {row["email"] for row in ended.json} == {
        user.email for user in (cast.alice, cast.bob, cast.stella, cast.charlie)
    }


def test_list_shows_one_district_with_roles_and_schools(run, cast):
    run("users", "disable", cast.stella.email)
    rows = run("users", "list", "--district", "Oakwood", "--json").json
    assert [(row["role"], row["schools"], row["is_disabled"]) for row in rows] == [
        ("building_admin", ["1817", "1818"], False),
        ("district_admin", [], False),
        ("staff", ["1817"], True),
    ]


def test_list_is_a_table_for_people(run, cast):
    lines = run("users", "list", "--district", str(cast.birch.id)).out.splitlines()
    assert [line.split() for line in lines] == [
        ["ID", "D", "EMAIL", "ROLE", "DISABLED", "SCHOOLS"],
        [str(cast.charlie.id), str(cast.birch.id), "charlie@birch.example",
         "district_admin", "no", "-"],
    ]  # fmt: skip


def test_no_command_prints_or_audits_a_password(run, cast):
    told = (
        add(run, role="district_admin"),
        run("users", "password", DANA, "--password-stdin", stdin=OTHER),
    )
    shown = "".join(ended.out + ended.err for ended in told)
    shown += "".join(entry.detail for entry in AuditEntry.select())
    assert not any(text in shown for text in (PASSWORD, OTHER, "argon2", "dana"))
