"""The control API under `/_simulator`: seed, settings, faults and what was written."""

import ipaddress
import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiohttp import web

from vmps.simulator.attendance import DAILY
from vmps.simulator.changes import Wanted, commit
from vmps.simulator.columns import Row
from vmps.simulator.meetings import meetings_of
from vmps.simulator.page import render_page, stylesheet
from vmps.simulator.queries import find_queries
from vmps.simulator.school_years import parse_day, yearid_of
from vmps.simulator.simulation import Simulation

Json = Any
Action = Callable[[Simulation, web.Request, Json], Json]
Handler = Callable[[web.Request], Awaitable[web.Response]]


def add_routes(application: web.Application, simulation: Simulation) -> None:
    """Add the control API and the page."""
    for (method, path), action in ACTIONS.items():
        handler = partial(_perform, simulation, action)
        application.router.add_route(method, f"/_simulator/{path}", handler)
    application.router.add_get("/", partial(_page, simulation))
    application.router.add_get("/page.css", _stylesheet)


async def _perform(
    simulation: Simulation, action: Action, request: web.Request
) -> web.Response:
    if not ipaddress.ip_address(request.remote or "0.0.0.0").is_loopback:  # noqa: S104
        return web.json_response({"message": "loopback only"}, status=403)
    body = await request.read()
    try:
        result = action(simulation, request, json.loads(body) if body else {})
    except (KeyError, TypeError, ValueError) as problem:
        return web.json_response({"message": repr(problem)}, status=400)
    return web.json_response(result)


async def _page(simulation: Simulation, request: web.Request) -> web.Response:
    return web.Response(text=render_page(simulation), content_type="text/html")


async def _stylesheet(request: web.Request) -> web.Response:
    return web.Response(text=stylesheet(), content_type="text/css")


def _replace_district(simulation: Simulation, request: web.Request, seed: Json) -> Json:
    simulation.replace_district(seed)
    return {"schools": len(seed["schools"]), "students": len(seed["students"])}


def _show_district(simulation: Simulation, request: web.Request, body: Json) -> Json:
    return simulation.district.seed


def _change_settings(
    simulation: Simulation, request: web.Request, changes: Json
) -> Json:
    settings = simulation.settings.changed(changes)
    queries = find_queries(simulation)
    known = {*queries, *(name.rpartition(".")[2] for name in queries)}
    if unknown := set(settings.missing_queries) - known:
        raise ValueError(f"no such query: {sorted(unknown)}")
    simulation.settings = settings
    simulation.save()
    return simulation.settings.__dict__


def _show_settings(simulation: Simulation, request: web.Request, body: Json) -> Json:
    return simulation.settings.__dict__


def _expire_token(simulation: Simulation, request: web.Request, body: Json) -> Json:
    simulation.tokens.revoke()
    simulation.save()
    return {}


def _change_secret(simulation: Simulation, request: web.Request, body: Json) -> Json:
    simulation.change_secret(body["client_secret"])
    return {}


def _change_grants(simulation: Simulation, request: web.Request, body: Json) -> Json:
    if body.get("restore"):
        simulation.grants.restore()
    for table, field in body.get("withdraw", ()):
        simulation.grants.withdraw(table, field)
    simulation.save()
    return {"withdrawn": sorted(simulation.grants.withdrawn)}


def _replace_faults(simulation: Simulation, request: web.Request, body: Json) -> Json:
    simulation.faults.replace(body or [])
    return _show_faults(simulation, request, body)


def _show_faults(simulation: Simulation, request: web.Request, body: Json) -> Json:
    return [fault.as_json() for fault in simulation.faults.faults]


def _show_attendance(simulation: Simulation, request: web.Request, body: Json) -> Json:
    equal: Row = {
        name: value if name == "att_date" else int(value)
        for name, value in request.query.items()
    }
    rows, _ = simulation.attendance.find(equal)
    return [
        row
        for row in rows
        if all(row.get(name) == value for name, value in equal.items())
    ]


def _put_attendance(simulation: Simulation, request: web.Request, body: Json) -> Json:
    """Write a row as a clerk does in PowerSchool's own pages: nothing is refused."""
    day = parse_day(body["att_date"])
    if day is None:
        raise ValueError("att_date is YYYY-MM-DD")
    schoolid = int(body["schoolid"])
    codes = simulation.district.codes_of.get((schoolid, yearid_of(day)), [])
    wanted_code = body.get("att_code") or None
    code = next((row for row in codes if row["att_code"] == wanted_code), None)
    if code is None:
        raise ValueError(f"school {schoolid} has no code {wanted_code} on {day}")
    wish = Wanted(
        studentid=int(body["studentid"]),
        schoolid=schoolid,
        day=day,
        mode=body.get("att_mode_code", DAILY),
        attendance_codeid=int(code["id"] or 0),
        comment=body.get("att_comment"),
        total_minutes=body.get("total_minutes"),
        dcid=body.get("dcid"),
        ccid=int(body.get("ccid", 0)),
        periodid=int(body.get("periodid", 0)),
        att_interval=int(body.get("att_interval", 0)),
    )
    change = commit(simulation, [wish], endpoint="by_hand", by="hand")[0]
    return simulation.attendance.rows[change.dcid]


def _change_students(
    simulation: Simulation, request: web.Request, changes: Json
) -> Json:
    simulation.change_students({int(dcid): new for dcid, new in changes.items()})
    return {"students": len(simulation.district.students)}


def _change_schools(
    simulation: Simulation, request: web.Request, changes: Json
) -> Json:
    simulation.change_schools(changes)
    return {"schools": len(simulation.district.schools)}


def _show_meetings(simulation: Simulation, request: web.Request, body: Json) -> Json:
    asked = request.query
    day = parse_day(asked["att_date"])
    student = simulation.district.students.get(int(asked["studentid"]))
    if day is None or student is None:
        raise ValueError("att_date is YYYY-MM-DD, studentid that of a student")
    schoolid = int(asked.get("schoolid", student["schoolid"] or 0))
    studentid = int(student["id"] or 0)
    return [
        meeting.as_json()
        for meeting in meetings_of(simulation.district, studentid, schoolid, day)
    ]


def _show_calls(simulation: Simulation, request: web.Request, body: Json) -> Json:
    return dict(simulation.calls)


def _reset_calls(simulation: Simulation, request: web.Request, body: Json) -> Json:
    simulation.calls.clear()
    return {}


def _show_health(simulation: Simulation, request: web.Request, body: Json) -> Json:
    return {
        "status": "ok",
        "rows": len(simulation.attendance.rows),
        "journal": simulation.journal.last_number,
    }


ACTIONS: dict[tuple[str, str], Action] = {
    ("PUT", "district"): _replace_district,
    ("GET", "district"): _show_district,
    ("PUT", "settings"): _change_settings,
    ("GET", "settings"): _show_settings,
    ("POST", "token/expire"): _expire_token,
    ("POST", "secret"): _change_secret,
    ("PUT", "grants"): _change_grants,
    ("PUT", "faults"): _replace_faults,
    ("GET", "faults"): _show_faults,
    ("GET", "attendance"): _show_attendance,
    ("POST", "attendance"): _put_attendance,
    ("PUT", "students"): _change_students,
    ("PUT", "schools"): _change_schools,
    ("GET", "meetings"): _show_meetings,
    ("GET", "calls"): _show_calls,
    ("DELETE", "calls"): _reset_calls,
    ("GET", "health"): _show_health,
}
