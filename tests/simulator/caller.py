"""A plugin that calls the simulator the way PowerSchool's clients do."""

from typing import Any

import requests

from vmps.simulator.control import Simulator

DAY = "2026-11-23"  # a Monday of the school year 2026-27
YEARID = "36"
SCHOOL = "1817"
OTHER_SCHOOL = "1818"
QUERIES = {
    "attendance_code_by_school_date": "com.pearson.core.attendance.",
    "daily_attendance_template": "com.pearson.core.attendance.",
    "meeting_interval_attendance_template": "com.pearson.core.attendance.",
    "time_attendance_template": "com.pearson.core.attendance.",
    "student_attendance_detail": "com.pearson.core.attendance.",
    "student_dcid_id_map": "com.pearson.core.student.",
}


class Caller:
    """One plugin with its token."""

    def __init__(self, simulator: Simulator, seed: dict[str, Any]) -> None:
        self.simulator = simulator
        self.seed = seed
        self.session = requests.Session()
        self.session.trust_env = False
        self.codes: dict[str | None, str] = {}

    def ask_token(self, secret: str | None = None) -> requests.Response:
        """Ask for the token by Basic header."""
        return requests.post(
            f"{self.simulator.url}/oauth/access_token",
            data={"grant_type": "client_credentials"},
            auth=(self.seed["client_id"], secret or self.seed["client_secret"]),
            timeout=5,
        )

    def log_in(self) -> str:
        """Use the current token from now on."""
        token: str = self.ask_token().json()["access_token"]
        self.session.headers["Authorization"] = f"Bearer {token}"
        return token

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        """Call any path."""
        more.setdefault("timeout", 5)
        url = self.simulator.url + path
        return self.session.request(method, url, allow_redirects=False, **more)

    def table(self, name: str, projection: str = "dcid", **params: Any) -> Any:
        """Read rows of a table."""
        params["projection"] = projection
        return self.call("GET", f"/ws/schema/table/{name}", params=params)

    def rows(self, name: str, projection: str = "dcid", **params: Any) -> list[Any]:
        """Read the columns of a table's rows."""
        answer = self.table(name, projection, **params).json()
        return [row["tables"][name] for row in answer.get("record", [])]

    def query(self, name: str, **more: Any) -> requests.Response:
        """Run a built-in PowerQuery."""
        path = f"/ws/schema/query/{QUERIES[name]}{name}"
        return self.call("POST", path, **more)

    def students(self, school: str = SCHOOL) -> list[dict[str, Any]]:
        """Return the seeded students of a school."""
        return [
            student
            for student in self.seed["students"]
            if student["school_number"] == school
        ]

    def code(self, text: str | None) -> str:
        """Return the id of a code at the first school on the day."""
        if not self.codes:
            arguments = {"schoolid": SCHOOL, "att_date": DAY}
            answer = self.query("attendance_code_by_school_date", json=arguments)
            rows = [row["tables"]["attendance_code"] for row in answer.json()["record"]]
            self.codes = {row.get("att_code"): row["attendance_codeid"] for row in rows}
        return self.codes[text]

    def record(self, place: int = 0, code: str = "T", **fields: Any) -> dict[str, Any]:
        """Make a daily record for a student of the first school."""
        attendance = {
            "studentid": str(self.students()[place]["id"]),
            "schoolid": SCHOOL,
            "yearid": YEARID,
            "att_date": DAY,
            "att_mode_code": "ATT_ModeDaily",
            "attendance_codeid": self.code(code),
            **fields,
        }
        return {"name": "ATTENDANCE", "tables": {"attendance": attendance}}

    def write(self, *records: Any, **more: Any) -> requests.Response:
        """Post records to daily_time."""
        body = {"name": "ATTENDANCE", "record": list(records)}
        return self.call("POST", "/ws/attendance/daily_time", json=body, **more)

    def meeting_record(
        self, meeting: dict[str, Any], place: int = 0, code: str = "T", **fields: Any
    ) -> dict[str, Any]:
        """Make the record of one of a student's meetings."""
        own: dict[str, Any] = {
            "att_mode_code": meeting["att_mode_code"],
            "ccid": str(meeting["ccid"]),
            "periodid": str(meeting["periodid"]),
            "start_time": meeting["start_time"],
            "end_time": meeting["end_time"],
        }
        if meeting["att_interval"]:
            own["att_interval"] = str(meeting["att_interval"])
        return self.record(place, code, **{**own, **fields})

    def write_meetings(self, *records: Any) -> requests.Response:
        """Post records to meeting_interval."""
        body = {"name": "ATTENDANCE", "record": list(records)}
        return self.call("POST", "/ws/attendance/meeting_interval", json=body)

    def write_batch(self, *records: Any) -> requests.Response:
        """Post records to batch_daily_time."""
        body = {"name": "ATTENDANCE", "record": list(records)}
        return self.call("POST", "/ws/attendance/batch_daily_time", json=body)
