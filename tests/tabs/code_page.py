"""A school's attendance codes as a clerk uses their page."""

from __future__ import annotations

from tests.cast import OAKWOOD_SEED
from vmps.models import School
from vmps.simulator.control import Simulator

from .reason_page import URL
from .visitor import Page, Visitor


def show_codes(visitor: Visitor, school: School) -> Page:
    """Load the school's codes."""
    return visitor.get(f"{URL}{school.id}/codes")


def press_import(visitor: Visitor, school: School, **more: str) -> Page:
    """Press the button that asks PowerSchool."""
    return visitor.post(f"{URL}{school.id}/codes/import", more)


def import_and_show(visitor: Visitor, school: School) -> Page:
    """Press it, and load the page that follows."""
    return visitor.get(press_import(visitor, school).location)


def tick(
    visitor: Visitor,
    school: School,
    page: Page,
    on: str = "",
    off: str = "",
) -> Page:
    """Set and take off boxes like `late T` and send the form."""
    form = page.form("#codes-form")
    for name in filter(None, on.split(", ")):
        form[box(page, name)] = "on"
    for name in filter(None, off.split(", ")):
        form.pop(box(page, name))
    return visitor.post(f"{URL}{school.id}/codes", form)


def box(page: Page, name: str) -> str:
    """Return the name of the box `late T`."""
    word, code = name.split(" ")
    (row,) = [
        field["name"].removeprefix("code-")
        for field in page.all("#codes-form input[name^=code-]")
        if field["value"] == code
    ]
    return f"{word}-{row}"


def is_ticked(page: Page, name: str) -> bool:
    return page.one(f"[name={box(page, name)}]").has_attr("checked")


def change_codes(simulator: Simulator, **codes: str | None) -> None:
    """Let PowerSchool have these codes besides or instead: text None takes one away."""
    school = dict(OAKWOOD_SEED["schools"][0])
    kept = [code for code in school["codes"] if code["att_code"] not in codes]
    new = [
        {"att_code": text, "description": description, "presence": "Present"}
        for text, description in codes.items()
        if description is not None
    ]
    school["codes"] = [*kept, *new]
    simulator.seed(OAKWOOD_SEED | {"schools": [school]})
