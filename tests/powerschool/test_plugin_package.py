"""The plugin's ZIP: what PowerSchool's own checks ask of it, in both editions."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from lxml import etree

from vmps.powerschool.plugin import (
    STUDENTS_FILE,
    Edition,
    file_name,
    installed_version,
    pack,
    plugin_xml,
    query_files,
)

HERE = Path(__file__).parent
SCHEMAS = {
    Edition.BEFORE_25_2: HERE / "plugin.xsd",
    Edition.FROM_25_2: HERE / "plugin_from_25_2.xsd",
}
NAMESPACES = {"p": "http://plugin.powerschool.pearson.com"}
EDITIONS = pytest.mark.parametrize("edition", Edition)


def built(edition: Edition, contact: str = "office@oakwood.example") -> str:
    return plugin_xml(edition, version="1.2.3", contact=contact)


def problems(edition: Edition, xml: str) -> list[str]:
    """Return what the edition's schema has against it."""
    schema = etree.XMLSchema(etree.parse(SCHEMAS[edition]))
    schema.validate(etree.fromstring(xml.encode()))
    return [error.message for error in schema.error_log]


@EDITIONS
def test_the_schema_of_the_edition_takes_it(edition: Edition) -> None:
    assert problems(edition, built(edition)) == []


def test_older_powerschool_refuses_the_newer_edition() -> None:
    (problem,) = problems(Edition.BEFORE_25_2, built(Edition.FROM_25_2))
    assert "accessLevelV1Api" in problem


def test_newer_powerschool_takes_the_older_edition() -> None:
    assert problems(Edition.FROM_25_2, built(Edition.BEFORE_25_2)) == []


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ('access="ViewOnly"', 'access="NoAccess"'),
        ('field="ATT_DATE"', f'field="{"A" * 31}"'),
        ('field="ATT_DATE"', 'field="*"'),
        ('table="PREFS"', 'table=""'),
        ('version="1.2.3"', 'version="1.2.3rc1"'),
        ('version="1.2.3"', f'version="{"1." * 10}1"'),
        ('name="vmps Attendance"', f'name="{"v" * 41}"'),
        ('description="', f'description="{"d" * 257}'),
        ('email="office@oakwood.example"', f'email="{"e" * 41}"'),
        ('email="office@oakwood.example"', ""),
        ("<access_request>", "<access_request/><access_request>"),
        ("<publisher ", "<cost "),
    ],
)
def test_the_schema_refuses_what_powerschool_does(good: str, bad: str) -> None:
    xml = built(Edition.FROM_25_2)
    assert good in xml
    broken = xml.replace(good, bad).replace("</publisher>", "</cost>" * ("cost" in bad))
    parser = etree.XMLParser(recover=True)
    schema = etree.XMLSchema(etree.parse(SCHEMAS[Edition.FROM_25_2]))
    assert not schema.validate(etree.fromstring(broken.encode(), parser))


@EDITIONS
def test_plugin_xml_is_alone_at_the_archive_s_root(edition: Edition) -> None:
    with ZipFile(BytesIO(pack(built(edition)))) as file:
        assert file.namelist() == ["plugin.xml", STUDENTS_FILE]
        assert file.read("plugin.xml").decode() == built(edition)
        assert file.read(STUDENTS_FILE).decode() == query_files()[STUDENTS_FILE]
        assert file.testzip() is None


@EDITIONS
def test_two_builds_are_the_same_bytes(edition: Edition) -> None:
    assert pack(built(edition)) == pack(built(edition))


def test_a_contact_cannot_break_out_of_its_attribute() -> None:
    xml = built(Edition.FROM_25_2, contact="a\"b'<c>&d@oakwood.example")
    root = etree.fromstring(xml.encode())
    (email,) = root.xpath("p:publisher/p:contact/@email", namespaces=NAMESPACES)
    assert email == "a\"b'<c>&d@oakwood.example"


def test_the_editions_differ_in_the_access_level_and_nothing_else() -> None:
    newer, older = (built(edition).splitlines() for edition in Edition)
    differing = [pair for pair in zip(newer, older, strict=True) if len({*pair}) > 1]
    assert differing == [('  <oauth accessLevelV1Api="READ"/>', "  <oauth/>")]


def test_the_version_is_digits_and_dots() -> None:
    assert re.fullmatch(r"[0-9]+(\.[0-9]+)*", installed_version())


def test_the_file_s_name_says_version_and_edition() -> None:
    names = [file_name(edition, version="1.2.3") for edition in Edition]
    assert names == [
        "vmps-attendance-1.2.3-from-25.2.zip",
        "vmps-attendance-1.2.3-before-25.2.zip",
    ]
