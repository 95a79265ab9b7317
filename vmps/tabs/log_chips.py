"""The filters in force, each with the address of the list without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from vmps.models import School
from vmps.services.log_filters import LogFilters
from vmps.web.formats import day


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in words, and the list without it."""

    text: str
    url: str


def chips(filters: LogFilters, schools: Sequence[School]) -> list[Chip]:
    """Return a chip for each filter that is set."""
    names = {school.id: school.name for school in schools}
    words = {
        "status": filters.status and f"Status: {filters.status.label}",
        "student": filters.student and f"Student: {filters.student}",
        "building": filters.building and f"Building: {names[filters.building]}",
        "from": filters.first and f"From: {day(filters.first)}",
        "to": filters.last and f"To: {day(filters.last)}",
    }
    return [Chip(text, _without(filters, name)) for name, text in words.items() if text]


def _without(filters: LogFilters, name: str) -> str:
    kept: dict[str, Any] = filters.first_page().args()
    kept.pop(name, None)
    return url_for("logs.index", **kept)
