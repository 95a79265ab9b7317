"""School Building Setup in a browser: its form, filled in and sent."""

from __future__ import annotations

from typing import Any

from vmps.models import School

from .visitor import Page, Visitor

URL = "/admin/powerschool/schools/"


def filled(visitor: Visitor, **changes: Any) -> dict[str, Any]:
    """Return the form as loaded with changes; None takes a field (a tick) away."""
    fields = visitor.get(URL).form("#schools-form") | changes
    return {name: value for name, value in fields.items() if value is not None}


def save(visitor: Visitor, **changes: Any) -> Page:
    """Load the page, change it, save it."""
    return visitor.post(URL, filled(visitor, **changes))


def find(school: School) -> School:
    """Return the school as it is stored now."""
    return School.get_by_id(school.id)


def row(page: Page, school: School) -> str:
    """Return the words of a school's row."""
    (words,) = page.words(f"#schools-row-{school.id}")
    return words


def summary(page: Page) -> str:
    """Return the words of the error summary."""
    return " ".join(page.words("#schools-panel > .alert-danger"))
