"""The endpoints of the simulated PowerSchool, and the checks before each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from vmps.simulator import oauth, queries, tables, version_one, writes
from vmps.simulator.answers import Answer, Refusal, refusal
from vmps.simulator.calls import Call
from vmps.simulator.simulation import Simulation
from vmps.simulator.tokens import invalid_token

ANY_METHOD = "*"
OPEN = frozenset({"token", "v1:metadata", "v1:time"})  # no bearer needed


@dataclass(frozen=True)
class Endpoint:
    """A path with what answers it."""

    method: str
    path: str
    group: str  # which faults are on it: token, read, write or other
    name: str
    function: Callable[[Simulation, Call], Answer]

    def called(self, match: Mapping[str, str]) -> str:
        """Name a call for the counts, such as `table:attendance`."""
        if "query" in match:
            return f"{self.name}:{match['query'].rpartition('.')[2]}"
        if "table" in match:
            return f"{self.name}:{match['table'].lower()}"
        return self.name


def process(simulation: Simulation, endpoint: Endpoint, call: Call) -> Answer:
    """Answer one call as a healthy PowerSchool does; commits before it returns."""
    try:
        _check_throttle(simulation)
        if endpoint.name not in OPEN:
            _check_bearer(simulation, call)
        if endpoint.method not in (ANY_METHOD, call.method):
            raise refusal(405, "HTTP 405 Method Not Allowed")
        return endpoint.function(simulation, call)
    except Refusal as refused:
        return refused.answer


def _check_throttle(simulation: Simulation) -> None:
    try:
        simulation.throttle.check(simulation.settings)
    except Refusal:
        simulation.calls[THROTTLED] += 1
        raise


def _check_bearer(simulation: Simulation, call: Call) -> None:
    is_good = simulation.tokens.is_good(call.headers.get("Authorization"))
    if not is_good or not simulation.settings.plugin_enabled:
        raise invalid_token()


def _not_found(simulation: Simulation, call: Call) -> Answer:
    raise refusal(404, "Resource not found")


#: Counts the calls that came too soon, beside the counts of all calls.
THROTTLED = "throttled"

ACCESS = "/oauth/access_token{slash:/?}"
TABLE = "/ws/schema/table/{table}"
QUERY = "/ws/schema/query/{query}"
BATCH = "/ws/attendance/batch_daily_time"
MEETINGS = "/ws/attendance/meeting_interval"
ENDPOINTS = (
    Endpoint("POST", ACCESS, "token", "token", oauth.issue_token),
    Endpoint("*", "/oauth/{rest:.*}", "other", "unknown", _not_found),
    Endpoint("GET", "/ws/v1/metadata", "read", "v1:metadata", version_one.metadata),
    Endpoint("GET", "/ws/v1/time", "read", "v1:time", version_one.time),
    Endpoint("GET", "/ws/v1/district", "read", "v1:district", version_one.district),
    Endpoint("GET", "/ws/v1/district/school", "read", "v1:school", version_one.schools),
    Endpoint("*", "/ws/v1/{rest:.*}", "read", "v1:other", version_one.nothing),
    Endpoint("GET", "/ws/schema/table", "read", "tables", tables.list_tables),
    Endpoint("*", TABLE, "read", "table", tables.list_rows),
    Endpoint("*", f"{TABLE}/count", "read", "count", tables.count_rows),
    Endpoint("*", f"{TABLE}/metadata", "read", "metadata", tables.show_metadata),
    Endpoint("*", f"{TABLE}/{{row}}", "read", "row", tables.show_row),
    Endpoint("*", QUERY, "read", "query", queries.run_query),
    Endpoint("*", f"{QUERY}/count", "read", "query_count", queries.count_query),
    Endpoint(
        "POST", "/ws/attendance/daily_time", "write", "daily_time", writes.write_one
    ),
    Endpoint("POST", BATCH, "write", "batch_daily_time", writes.write_batch),
    Endpoint("POST", MEETINGS, "write", "meeting_interval", writes.write_meetings),
    Endpoint("*", "/ws/{rest:.*}", "other", "unknown", _not_found),
)
