"""The token endpoint: client credentials, by Basic header or in the form body."""

from urllib.parse import parse_qs

from vmps.simulator.answers import Answer, Refusal
from vmps.simulator.calls import Call
from vmps.simulator.simulation import Simulation
from vmps.simulator.tokens import basic_credentials, invalid_client


def issue_token(simulation: Simulation, call: Call) -> Answer:
    """Answer the plugin's token to who knows its secret."""
    form = parse_qs(call.body.decode("utf-8", "replace"))
    if form.get("grant_type") != ["client_credentials"]:
        raise Refusal(Answer(400, {"error": "unsupported_grant_type"}))
    sent = basic_credentials(call.headers.get("Authorization"))
    if sent is None:
        sent = (form.get("client_id", [""])[0], form.get("client_secret", [""])[0])
    seed = simulation.district.seed
    known = (seed.get("client_id"), seed.get("client_secret"))
    if sent != known or not simulation.settings.plugin_enabled:
        raise invalid_client()
    answer = simulation.tokens.issue(simulation.settings.token_lifetime_seconds)
    simulation.save()
    return answer
