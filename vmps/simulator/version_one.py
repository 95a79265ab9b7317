"""The `/ws/v1` resources: metadata and time for everyone, the rest by access level."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from vmps.simulator.answers import Answer, Refusal, refusal
from vmps.simulator.calls import Call
from vmps.simulator.simulation import Simulation
from vmps.simulator.tokens import invalid_token

PLUGIN_ID = 42
MISSING_LEVEL = "Plugin is missing required accessLevelV1Api READ permission"


def metadata(simulation: Simulation, call: Call) -> Answer:
    """Answer version, page sizes and time zone; the plugin's id for its own token."""
    settings = simulation.settings
    body: dict[str, object] = {
        "powerschool_version": settings.version,
        "schema_table_query_max_page_size": settings.page_size,
        "district_timezone": _timezone(simulation),
        "state": "RUNNING",
    }
    for resource in ("school", "student", "staff", "term", "section", "course"):
        body[f"{resource}_max_page_size"] = settings.page_size
    authorization = call.headers.get("Authorization")
    if authorization is not None:
        if not settings.plugin_enabled or not simulation.tokens.is_good(authorization):
            raise invalid_token()
        body["plugin_id"] = PLUGIN_ID
    return Answer(200, {"metadata": body})


def time(simulation: Simulation, call: Call) -> Answer:
    """Answer the server's clock in the district's time zone."""
    skew = timedelta(seconds=simulation.settings.clock_skew_seconds)
    now = datetime.now(ZoneInfo(_timezone(simulation))) + skew
    clock = {
        "date": now.strftime("%Y-%m-%d"),
        "time": now.strftime("%H:%M:%S"),
        "timestamp": int(now.timestamp()),
    }
    return Answer(200, {"time": clock})


def district(simulation: Simulation, call: Call) -> Answer:
    """Answer the district's name."""
    _check_level(simulation)
    return Answer(200, {"district": {"name": "Simulated district", "@expansions": ""}})


def schools(simulation: Simulation, call: Call) -> Answer:
    """Answer the schools, identified by DCID."""
    _check_level(simulation)
    listed = [
        {"id": school.index + 1, "school_number": school.number, "name": school.name}
        for school in simulation.district.schools.values()
    ]
    body = {"@expansions": "", "@extensions": "", "school": listed}
    return Answer(200, {"schools": body})


def nothing(simulation: Simulation, call: Call) -> Answer:
    """Refuse any other resource, by access level first."""
    _check_level(simulation)
    raise refusal(404, "Resource not found")


def _timezone(simulation: Simulation) -> str:
    return simulation.settings.district_timezone or simulation.district.timezone


def _check_level(simulation: Simulation) -> None:
    settings = simulation.settings
    if settings.is_at_least(25, 2) and settings.accessLevelV1Api == "NONE":
        raise Refusal(Answer(401, {"errorMessage": {"message": MISSING_LEVEL}}))
