"""`plugin`: the ZIP for a PowerSchool administrator, written to a file."""

from zipfile import ZipFile

import pytest

from vmps.powerschool.plugin import Edition, installed_version


def test_the_zip_is_written_and_described(run, tmp_path):
    file = tmp_path / "plugin.zip"
    assert run("plugin", "build", file, "--json").json == {
        "file": str(file),
        "edition": "from-25.2",
        "version": installed_version(),
        "bytes": file.stat().st_size,
    }


@pytest.mark.parametrize(
    ("edition", "oauth"),
    [("from-25.2", '<oauth accessLevelV1Api="READ"/>'), ("before-25.2", "<oauth/>")],
)
def test_the_edition_is_chosen(run, tmp_path, edition, oauth):
    file = tmp_path / "plugin.zip"
    ended = run("plugin", "build", file, "--edition", edition)
    assert (ended.code, "Plugin Management Configuration" in ended.out) == (0, True)
    with ZipFile(file) as packed:
        assert oauth in packed.read("plugin.xml").decode()


def test_an_unknown_edition_names_the_two(run, tmp_path):
    ended = run("plugin", "build", tmp_path / "plugin.zip", "--edition", "99")
    assert ended.code == 2
    assert all(edition.value in ended.err for edition in Edition)
    assert list(tmp_path.glob("*.zip")) == []


def test_two_runs_write_the_same_bytes(run, tmp_path):
    files = [tmp_path / "one.zip", tmp_path / "two.zip"]
    assert [run("plugin", "build", file).code for file in files] == [0, 0]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_what_is_there_is_never_overwritten(run, tmp_path):
    file = tmp_path / "plugin.zip"
    file.write_text("mine")
    ended = run("plugin", "build", file)
    assert (ended.code, ended.err) == (1, f"{file} exists already; name a new file.\n")
    assert file.read_text() == "mine"


def test_a_folder_that_is_not_there_is_one_sentence(run, tmp_path):
    ended = run("plugin", "build", tmp_path / "none" / "plugin.zip")
    assert (ended.code, "cannot be written" in ended.err) == (1, True)
