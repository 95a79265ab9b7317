"""Start the simulator: `python -m vmps.simulator --port 0 --data FOLDER`."""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from aiohttp import web

from vmps.simulator.plugins import PluginRefused, read_plugin
from vmps.simulator.server import create_application
from vmps.simulator.settings import Settings
from vmps.simulator.simulation import Simulation

SHUTDOWN_SECONDS = 0.2  # held connections do not end by themselves


def main() -> None:
    """Read the command line and serve until told to stop."""
    parser = _parser()
    arguments = parser.parse_args()
    arguments.data.mkdir(parents=True, exist_ok=True)
    given = {"latency_ms": arguments.latency_ms} if arguments.latency_ms else {}
    settings = Settings().changed(given)
    try:
        plugin = read_plugin(arguments.plugin)
        simulation = Simulation(arguments.data, plugin, settings)
    except PluginRefused as refused:
        parser.error(f"the plugin is refused: {refused}")
    seed = json.loads(arguments.seed.read_text()) if arguments.seed else None
    simulation.load(seed)
    simulation.settings = simulation.settings.changed(given)
    asyncio.run(_serve(simulation, arguments.host, arguments.port))
    simulation.journal.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m vmps.simulator")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--plugin", type=Path, help="a ZIP; if not given, vmps's own")
    parser.add_argument("--seed", type=Path)
    parser.add_argument("--latency-ms", type=float)
    return parser


async def _serve(simulation: Simulation, host: str, port: int) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    runner = web.AppRunner(
        create_application(simulation),
        access_log=None,
        shutdown_timeout=SHUTDOWN_SECONDS,
    )
    await runner.setup()
    site = web.TCPSite(runner, host, port, backlog=1024)
    await site.start()
    _announce(simulation.data, host, runner.addresses[0][1])
    await stopping.wait()
    await runner.cleanup()


def _announce(data: Path, host: str, port: int) -> None:
    url = f"http://{host}:{port}"
    (data / "url").write_text(url)
    sys.stdout.write(json.dumps({"url": url}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
