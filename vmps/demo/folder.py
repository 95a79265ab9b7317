"""The demo's data folder: its paths, its lock, and its environment with the secrets."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vmps.config import SETTINGS, Settings, load_settings
from vmps.demo.districts import DemoDistrict
from vmps.demo.ports import HOST

ROOT = Path(__file__).parents[2]
DEFAULT_FOLDER = ROOT / "var" / "demo"
NO_DEMO = "There is no demo here yet: start one with `make demo`."
OLD_DEMO = (
    "The demo in {path} is of an earlier version: remove that folder (`make clean`"
    " does, with .venv), then start again."
)
LONGEST_SOCKET_PATH = 100  # the system's limit is 104 to 108 bytes


class DemoError(Exception):
    """The demo cannot go on; the message says what to do."""


@dataclass(frozen=True)
class DistrictFolder:
    """What the demo keeps of one district: what is in its PowerSchool, and a roster."""

    path: Path

    @property
    def seed(self) -> Path:
        """Return the file that the simulator starts from."""
        return self.path / "seed.json"

    @property
    def roster(self) -> Path:
        """Return the file that the students were imported from."""
        return self.path / "students.csv"

    @property
    def simulator(self) -> Path:
        """Return the simulator's own folder."""
        return self.path / "simulator"

    @property
    def journal(self) -> Path:
        """Return the simulator's journal of everything written to it."""
        return self.simulator / "journal.jsonl"


class DemoFolder:
    """Everything that one demo keeps; removing the folder starts a new one."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.logs = self.path / "logs"
        self.database = self.path / "vmps.sqlite3"
        self.supervisor_file = self.path / "supervisord.conf"
        self._environment = self.path / "environment"

    @property
    def socket(self) -> Path:
        """Return where Valkey listens; elsewhere when the path is too long for one."""
        path = self.path / "valkey.sock"
        if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
            return path
        name = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"vmps-{name}.sock"

    @property
    def web_url(self) -> str:
        """Return the product's own address."""
        return f"http://{self._kept('WEB_BIND')}"

    def of(self, plan: DemoDistrict) -> DistrictFolder:
        """Return a district's part of the folder."""
        return DistrictFolder(self.path / plan.name.lower())

    def simulator_url(self, plan: DemoDistrict) -> str:
        """Return the address of a district's simulated PowerSchool."""
        return f"http://{HOST}:{self._kept(plan.port_name)}"

    def create(self) -> None:
        """Make the folder, closed to others, where it is not there yet."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (self.path / "seed.json").exists():
            raise DemoError(OLD_DEMO.format(path=self.path))
        self.logs.mkdir(exist_ok=True)

    def read(self) -> dict[str, str]:
        """Return what earlier starts kept; empty before the first."""
        if not self._environment.exists():
            return {}
        lines = self._environment.read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line)

    def write(self, values: Mapping[str, str]) -> None:
        """Keep settings and secrets for the next start, readable by the owner only."""
        text = "".join(f"{name}={value}\n" for name, value in values.items())
        write_whole(self._environment, text)

    def settings(self) -> Settings:
        """Return the demo's settings, whatever stands in the caller's environment."""
        return load_settings(self.overrides(), environ={})

    def overrides(self) -> dict[str, str]:
        """Return the settings that the demo sets."""
        kept = self.read()
        if not kept:
            raise DemoError(NO_DEMO)
        names = {setting.name for setting in SETTINGS}
        return {name: value for name, value in kept.items() if name in names}

    def _kept(self, name: str) -> str:
        try:
            return self.read()[name]
        except KeyError:
            raise DemoError(NO_DEMO) from None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let one demo run at a time in this folder."""
        with (self.path / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise DemoError(
                    f"A demo is running in {self.path} already: stop it first."
                ) from None
            yield


def write_whole(path: Path, text: str) -> None:
    """Write a file for the owner only: all of it, or not at all."""
    unfinished = path.with_name(f"{path.name}.new")
    descriptor = os.open(unfinished, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    unfinished.replace(path)
