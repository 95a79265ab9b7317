"""`config check`: the settings, secrets masked, and what is wrong."""


def test_check_of_good_settings_is_ok(run):
    ended = run("config", "check")
    assert ended.code == 0
    assert ended.out.endswith("ok\n")


def test_check_masks_secrets_and_passwords(run, app):
    settings = app.extensions["vmps.settings"]
    settings.secret_key = "a secret of ours"
    settings.database_url = "postgresql://vmps:pa55@db/school"
    ended = run("config", "check", "--json")
    assert ended.json["settings"]["SECRET_KEY"] == "set"
    assert ended.json["settings"]["DATABASE_URL"] == "postgresql://vmps:***@db/school"
    assert "pa55" not in ended.out


def test_check_lists_every_problem(run, app):
    settings = app.extensions["vmps.settings"]
    settings.environment = "production"
    ended = run("config", "check", "--json")
    assert (ended.code, ended.json["ok"]) == (1, False)
    assert len(ended.json["problems"]) == 2


def test_check_finds_keys_that_are_none(run, app):
    app.extensions["vmps.settings"].encryption_keys = ("short",)
    ended = run("config", "check")
    assert ended.code == 1
    assert "must be Fernet keys" in ended.out
