"""The simulation: the state of one PowerSchool, kept across restarts in a folder."""

import json
import os
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from vmps.simulator.attendance import Attendance
from vmps.simulator.district import EMPTY_SEED, District
from vmps.simulator.envelopes import Envelopes
from vmps.simulator.faults import Faults
from vmps.simulator.grants import Grants
from vmps.simulator.journal import Journal
from vmps.simulator.plugins import Plugin
from vmps.simulator.settings import Settings
from vmps.simulator.throttle import Throttle
from vmps.simulator.tokens import Tokens


class Simulation:
    """Everything the endpoints read and change."""

    def __init__(self, data: Path, plugin: Plugin, settings: Settings) -> None:
        self.data = data
        self.plugin = plugin
        self.grants = Grants(plugin.xml)
        self.first_settings = settings.changed(
            {"accessLevelV1Api": self.grants.access_level}
        )
        self.settings = self.first_settings
        self.tokens = Tokens()
        self.throttle = Throttle()
        self.envelopes = Envelopes()
        self.faults = Faults()
        self.calls: Counter[str] = Counter()
        self.attendance = Attendance()
        self.journal = Journal(data / "journal.jsonl")
        self.district = District(EMPTY_SEED)

    def load(self, seed: dict[str, Any] | None) -> None:
        """Take up what an earlier run left; a given seed wins over its district."""
        self._use_district(self._read("district.json") or EMPTY_SEED)
        if (state := self._read("state.json")) is not None:
            self.settings = self.settings.changed(state["settings"])
            self.grants.withdrawn = {(table, field) for table, field in state["grants"]}
            self.tokens.restore(state["token"])
        if seed is not None:
            self._use_district(seed)
        for change in self.journal.changes():
            self.attendance.apply(change)
        self.save_district()
        self.save()

    def replace_district(self, seed: dict[str, Any]) -> None:
        """Start over with another district: nothing of the old one stays."""
        self._use_district(seed, self.first_settings)
        self.attendance = Attendance()
        self.journal.clear()
        self.tokens = Tokens()
        self.throttle = Throttle()
        self.faults.replace([])
        self.grants.restore()
        self.calls.clear()
        self.save_district()
        self.save()

    def change_secret(self, secret: str) -> None:
        """Regenerate the plugin's secret, which revokes its token."""
        self.district.seed["client_secret"] = secret
        self.tokens.revoke()
        self.save_district()
        self.save()

    def change_students(self, changes: dict[int, dict[str, Any] | None]) -> None:
        """Change students by DCID; None takes one away who is in no section."""
        seed = self.district.seed
        students = [
            student | (changes.get(int(student["dcid"])) or {})
            for student in seed["students"]
            if changes.get(int(student["dcid"]), {}) is not None
        ]
        self.district = District(seed | {"students": students})
        self.save_district()

    def change_schools(self, changes: dict[str, dict[str, Any]]) -> None:
        """Change schools by number, as their seed says it; attendance stays."""
        seed = self.district.seed
        numbers = {str(school["number"]) for school in seed["schools"]}
        if unknown := changes.keys() - numbers:
            raise ValueError(f"no such school: {sorted(unknown)}")
        schools = [
            school | changes.get(str(school["number"]), {})
            for school in seed["schools"]
        ]
        self.district = District(seed | {"schools": schools})
        self.save_district()

    def save_district(self) -> None:
        """Write down the seed; large, so only when it changed."""
        self._write("district.json", self.district.seed)

    def save(self) -> None:
        """Write down what else a restart needs, besides the journal."""
        state = {
            "settings": asdict(self.settings),
            "grants": sorted(self.grants.withdrawn),
            "token": self.tokens.state(),
        }
        self._write("state.json", state)

    def _use_district(
        self, seed: dict[str, Any], settings: Settings | None = None
    ) -> None:
        named = [name for name in ("version", "page_size") if name in seed]
        changed = (settings or self.settings).changed(
            {name: seed[name] for name in named}
        )
        self.district = District(seed)
        self.settings = changed

    def _read(self, name: str) -> dict[str, Any] | None:
        path = self.data / name
        if not path.exists():
            return None
        content: dict[str, Any] = json.loads(path.read_text())
        return content

    def _write(self, name: str, content: dict[str, Any]) -> None:
        unfinished = self.data / f"{name}.new"
        unfinished.write_text(json.dumps(content))
        os.replace(unfinished, self.data / name)
