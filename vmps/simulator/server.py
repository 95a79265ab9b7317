"""The web server: calls come in, go through faults and endpoints, and are answered."""

import asyncio
import time
from dataclasses import replace
from email.utils import formatdate
from functools import partial

from aiohttp import web

from vmps.simulator import console
from vmps.simulator.calls import Call
from vmps.simulator.endpoints import ENDPOINTS, Endpoint, process
from vmps.simulator.faults import Kind
from vmps.simulator.simulation import Simulation
from vmps.simulator.wire import Exchange, play, respond

LARGEST_REQUEST = 256 * 1024 * 1024  # a seed of a whole district


def create_application(simulation: Simulation) -> web.Application:
    """Build the application for one simulation."""
    application = web.Application(client_max_size=LARGEST_REQUEST)
    for endpoint in ENDPOINTS:
        handler = partial(serve, simulation, endpoint)
        application.router.add_route("*", endpoint.path, handler)
    console.add_routes(application, simulation)
    return application


async def serve(
    simulation: Simulation, endpoint: Endpoint, request: web.Request
) -> web.StreamResponse:
    """Answer one request, or let it go wrong."""
    call = Call(
        method=request.method,
        path=request.path,
        origin=f"http://{request.host}",
        query_string=request.rel_url.raw_query_string,
        headers=request.headers,
        body=await request.read(),
        match=request.match_info,
    )
    simulation.calls[endpoint.called(call.match)] += 1
    if simulation.settings.latency_ms:
        await asyncio.sleep(simulation.settings.latency_ms / 1000)
    fault = simulation.faults.take(endpoint.group, call.path)
    response: web.StreamResponse
    if fault is None:
        response = respond(process(simulation, endpoint, call))
    else:
        if fault.kind is Kind.PARTLY_WRITTEN:
            call = replace(call, refuses_last=True)
        answered = partial(process, simulation, endpoint, call)
        exchange = Exchange(request, fault, simulation.journal, answered)
        response = await play(exchange)
    if skew := simulation.settings.clock_skew_seconds:
        response.headers["Date"] = formatdate(time.time() + skew, usegmt=True)
    return response
