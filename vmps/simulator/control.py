"""A client that starts a simulator and controls it, for tests, demo and benchmarks."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import requests

ROOT = Path(__file__).parents[2]
TIMEOUT_SECONDS = 30
STOP_SECONDS = 10


class Simulator:
    """A simulator in a process of its own."""

    def __init__(
        self, data_dir: Path, latency_ms: float = 0, plugin: Path | None = None
    ) -> None:
        self.data_dir = data_dir
        self.latency_ms = latency_ms
        self.plugin = plugin
        self.url = ""
        self._process: subprocess.Popen[str] | None = None
        self._session = requests.Session()
        self._session.trust_env = False

    @classmethod
    def start(
        cls,
        data_dir: Path,
        *,
        seed: dict[str, Any] | None = None,
        port: int = 0,
        latency_ms: float = 0,
        plugin: Path | None = None,
    ) -> Self:
        """Start a simulator and wait until it answers.

        `plugin` is a file that PowerSchool would install, vmps's own if none is given;
        RuntimeError says why one is refused.
        """
        simulator = cls(Path(data_dir), latency_ms, plugin)
        simulator._launch(port)
        if seed is not None:
            simulator.seed(seed)
        return simulator

    def stop(self) -> int:
        """End the process as an operator does; returns its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """End the process without a chance to tidy up."""
        return self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Start again at the same address with the same data."""
        self.stop()
        self._launch(int(self.url.rpartition(":")[2]))

    def seed(self, district: dict[str, Any]) -> None:
        """Start over with this district."""
        self._request("PUT", "district", district)

    def district(self) -> dict[str, Any]:
        """Return the district as it is now, in the form of a seed."""
        return dict(self._request("GET", "district"))

    def settings(self, **changes: Any) -> dict[str, Any]:
        """Change some settings; returns all of them.

        `vmps/simulator/settings.py` lists them. Some of what they do:
        version="25.3.0.0"           an upgrade: the batch endpoint is there from 25.3
        plugin_enabled=False         invalid_client, and no bearer is good
        min_interval_ms=500, throttle_status=429 or 509, throttle_retry_after=True
        clock_skew_seconds=-90       Date and /ws/v1/time are so far off
        district_timezone="…"        another zone than the seed's, in metadata
        template_has_ccid=False      no ccid, att_interval and att_mode_code in the
                                     meeting template
        missing_queries=["…"]        queries that answer 404, PowerSchool's own or the
                                     plugin's, by full or last name, such as
                                     meeting_interval_attendance_template
        """
        return dict(self._request("PUT", "settings", changes))

    def faults(self, faults: list[dict[str, Any]]) -> None:
        """Replace the faults; an empty list makes PowerSchool healthy.

        A maintenance window is [{"kind": "html_503"}], or "html_page" with status 200;
        `vmps/simulator/faults.py` lists the kinds and what else a fault may say.
        """
        self._request("PUT", "faults", faults)

    def fired(self) -> list[dict[str, Any]]:
        """Return the faults, each with `fired` and the `journal` numbers it hit."""
        return list(self._request("GET", "faults"))

    def attendance(self, **equal: Any) -> list[dict[str, Any]]:
        """Return attendance rows, of one `schoolid` or `att_date` if given."""
        return list(self._request("GET", "attendance", params=equal))

    def put_attendance(
        self,
        studentid: int,
        schoolid: int,
        att_date: str,
        att_code: str | None,
        **more: Any,
    ) -> dict[str, Any]:
        """Write a row as a clerk does, in any mode; nothing is refused.

        More may be `att_comment`, `att_mode_code` (ATT_ModeDaily without it),
        `total_minutes`, `dcid` (which time row to update), `ccid`, `periodid` and
        `att_interval`. A row of the same key is updated, but in time mode.
        """
        row = {
            "studentid": studentid,
            "schoolid": schoolid,
            "att_date": att_date,
            "att_code": att_code,
            **more,
        }
        return dict(self._request("POST", "attendance", row))

    def change_student(self, dcid: int, **changes: Any) -> None:
        """Rename, move or renumber a student; their rows stay."""
        self._request("PUT", "students", {str(dcid): changes})

    def remove_student(self, dcid: int) -> None:
        """Take a student away, as when two records of one child are merged."""
        self._request("PUT", "students", {str(dcid): None})

    def change_school(self, number: str, **changes: Any) -> None:
        """Change codes, calendar or bells of a school during the day; rows stay."""
        self._request("PUT", "schools", {number: changes})

    def meetings(self, studentid: int, att_date: str) -> list[dict[str, Any]]:
        """Return a student's meetings of a day, by time.

        Each has `ccid`, `periodid`, `period_number`, `period_name`, `att_mode_code`,
        `att_interval` (0 in meeting mode), `start_time` and `end_time` (seconds).
        """
        params = {"studentid": studentid, "att_date": att_date}
        return list(self._request("GET", "meetings", params=params))

    def expire_token(self) -> None:
        """Refuse the current token from now on."""
        self._request("POST", "token/expire")

    def change_secret(self, client_secret: str) -> None:
        """Regenerate the plugin's secret."""
        self._request("POST", "secret", {"client_secret": client_secret})

    def withdraw(self, table: str, field: str) -> None:
        """Take one granted field away."""
        self._request("PUT", "grants", {"withdraw": [[table, field]]})

    def restore_grants(self) -> None:
        """Give every field back."""
        self._request("PUT", "grants", {"restore": True})

    def calls(self) -> dict[str, int]:
        """Return how often each endpoint was called."""
        return dict(self._request("GET", "calls"))

    def reset_calls(self) -> None:
        """Count the calls from zero."""
        self._request("DELETE", "calls")

    def journal(self) -> list[dict[str, Any]]:
        """Read every accepted write from the file, oldest first."""
        lines = (self.data_dir / "journal.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def _launch(self, port: int) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "vmps.simulator", "--port", str(port)]
        command += ["--data", str(self.data_dir)]
        if self.latency_ms:
            command += ["--latency-ms", str(self.latency_ms)]
        if self.plugin:
            command += ["--plugin", str(self.plugin)]
        paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
        with (self.data_dir / "simulator.log").open("a") as log:
            self._process = subprocess.Popen(  # noqa: S603 (our own module)
                command, stdout=subprocess.PIPE, stderr=log, env=environment, text=True
            )
        assert self._process.stdout is not None  # noqa: S101 (a pipe was asked for)
        line = self._process.stdout.readline()
        if not line:
            self._end(signal.SIGKILL)
            log_text = (self.data_dir / "simulator.log").read_text()
            raise RuntimeError(f"the simulator did not start: {log_text[-2000:]}")
        self.url = json.loads(line)["url"]

    def _end(self, number: signal.Signals) -> int:
        self._session.close()
        process, self._process = self._process, None
        if process is None:
            return 0
        process.send_signal(number)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
        return process.returncode

    def _request(
        self,
        method: str,
        path: str,
        body: object = None,
        params: dict[str, Any] | None = None,
    ) -> Any:
        response = self._session.request(
            method,
            f"{self.url}/_simulator/{path}",
            json=body,
            params=params,
            timeout=TIMEOUT_SECONDS,
        )
        if response.status_code != requests.codes.ok:
            raise ValueError(f"{method} {path}: {response.status_code} {response.text}")
        return response.json()
