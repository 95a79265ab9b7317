"""A school's timetable as PowerSchool's tables tell it, for mocked HTTP."""

from datetime import date
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import responses

from vmps.powerschool.templates import QUERY

from .conftest import BASE
from .test_reads import table

ON = date(2026, 9, 14)
TEMPLATE_URL = f"{BASE}/ws/schema/query/{QUERY}"
EIGHT, NINE, TEN = 8 * 3600, 9 * 3600, 10 * 3600

#: A student in three sections: 501 and 502 in the first two periods on A days, 503 in
#: the second one on B days.
TABLES: dict[str, list[dict[str, Any]]] = {
    "calendar_day": [
        {"id": "9", "insession": "1", "bell_schedule_id": "3", "cycle_day_id": "21"}
    ],
    "bell_schedule_items": [
        {"period_id": "32", "start_time": str(NINE), "end_time": str(TEN)},
        {"period_id": "31", "start_time": str(EIGHT), "end_time": str(NINE)},
    ],
    "period": [
        {"id": "31", "period_number": "1", "abbreviation": "P1", "year_id": "36"},
        {"id": "32", "period_number": "2", "year_id": "36"},
    ],
    "cycle_day": [{"letter": "A"}],
    "section_meeting": [
        {"sectionid": "501", "period_number": "1"},
        {"sectionid": "502", "period_number": "2"},
        {"sectionid": "777", "period_number": "1"},
    ],
    "sections": [],
    "prefs": [],
    "cc": [
        {"id": "61", "sectionid": "501"},
        {"id": "62", "sectionid": "502"},
        {"id": "63", "sectionid": "503"},
    ],
    "attendance": [],
}


def serve(server: responses.RequestsMock, **changes: Any) -> None:
    """Answer with these tables, and that there is no template query."""
    server.post(TEMPLATE_URL, status=404, json={"message": "Query not found"})
    for name, rows in {**TABLES, **changes}.items():
        server.get(f"{BASE}/ws/schema/table/{name}", json=table(name, *rows))


def calls(server: responses.RequestsMock) -> list[str]:
    """Which table or query each call was for, in order, tokens left out."""
    paths = [urlsplit(str(call.request.url)).path for call in server.calls]
    return [path.split("/")[-1] for path in paths if "oauth" not in path]


def queries(server: responses.RequestsMock) -> dict[str, str]:
    """The last `q` that each table was asked with."""
    urls = [urlsplit(str(call.request.url)) for call in server.calls]
    return {
        url.path.split("/")[-1]: unquote(parse_qs(url.query).get("q", [""])[0])
        for url in urls
    }
