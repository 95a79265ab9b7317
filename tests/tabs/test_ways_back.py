"""A page that hangs below another says what it is for, and leads back to it."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.owed import owe

from .visitor import Visitor

SETUP = "/admin/powerschool/"
TRACKING = "/admin/tracking/"

BELOW = [
    (f"{SETUP}preview/", "Back to School Building Setup", f"{SETUP}schools/"),
    (f"{SETUP}schools/overrides", "Back to School Building Setup", f"{SETUP}schools/"),
    (f"{SETUP}reconciliation/", "Back to Writeback Logs", f"{SETUP}logs/"),
    (f"{TRACKING}codes", "Back to Student Tracking", TRACKING),
    (f"{TRACKING}tardies", "Back to Student Tracking", TRACKING),
    (f"{TRACKING}tardies/overrides", "Back to Tardies of all schools", "tardies"),
    (f"{TRACKING}{{school}}/codes", "Attendance Codes of all schools", "codes"),
    (f"{TRACKING}{{school}}/tardies", "Tardies of all schools", "tardies"),
    (f"{SETUP}logs/{{row}}", "Back to Writeback Logs", f"{SETUP}logs/"),
    (f"{SETUP}changes/{{row}}/void", "Back to the event", f"{SETUP}logs/{{row}}"),
    (f"{SETUP}changes/{{row}}/correct", "Back to the event", f"{SETUP}logs/{{row}}"),
]


@pytest.mark.parametrize(("path", "words", "back"), BELOW)
@pytest.mark.usefixtures("connected")
def test_a_page_below_another_leads_back(
    cast: Cast, alice: Visitor, path: str, words: str, back: str
) -> None:
    school = cast.schools["1817"]
    row = owe(school, status="successful")
    page = alice.get(path.format(school=school.id, row=row.id))
    (link,) = [a for a in page.all("main > p a") if a.get_text() == words]
    place = back if back.startswith("/") else TRACKING + back
    assert link["href"] == place.format(row=row.id)


@pytest.mark.parametrize(
    "path",
    [
        *(f"{SETUP}{name}/" for name in ("schools", "logs", "preview")),
        f"{SETUP}reconciliation/",
        TRACKING,
        *(f"{TRACKING}{name}" for name in ("codes", "tardies")),
        *(f"{TRACKING}{{school}}/{name}" for name in ("codes", "tardies")),
    ],
)
@pytest.mark.usefixtures("connected")
def test_a_page_says_what_it_is_for(cast: Cast, alice: Visitor, path: str) -> None:
    page = alice.get(path.format(school=cast.schools["1817"].id))
    assert any(len(words.split()) > 8 for words in page.words("main > h1 + p"))


@pytest.mark.parametrize("name", ["codes", "tardies"])
def test_the_list_of_all_schools_has_a_title_of_its_own(
    cast: Cast, alice: Visitor, name: str
) -> None:
    of_all = alice.get(f"{TRACKING}{name}")
    of_one = alice.get(f"{TRACKING}{cast.schools['1817'].id}/{name}")
    assert of_all.soup.title.get_text() != of_one.soup.title.get_text()
    assert of_all.words("h1") != of_one.words("h1")
