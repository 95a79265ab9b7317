"""A PowerSchool of a few fixed answers, for testing the connection test."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

METADATA = {
    "metadata": {
        "powerschool_version": "25.4.1",
        "plugin_id": 12,
        "district_timezone": "America/Chicago",
    }
}
ROWS = {
    "calendar_day": {"id": "5", "insession": "1"},
    "students": {
        "id": "77",
        "dcid": "88",
        "student_number": "4822",
        "first_name": "Ann",
        "last_name": "Lee",
    },
}
CODES = {"record": [{"attendance_codeid": "9", "att_code": "T", "yearid": "36"}]}


class StandIn(ThreadingHTTPServer):
    """Answers by the path; `refused` are tables whose fields are not granted."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.metadata = METADATA
        self.token_status = 200
        self.refused = {}
        self.rows = dict(ROWS)
        self.codes = CODES
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, path):
        """Return status and payload for a path."""
        if path.startswith("/oauth"):
            known = {"access_token": "tok", "expires_in": "3600"}
            is_good = self.token_status == 200
            return self.token_status, known if is_good else {"error": "invalid_client"}
        if path.startswith("/ws/v1/metadata"):
            return 200, self.metadata
        if "students_listed" in path:
            return 200, {"record": [self.rows["students"]]}
        if path.startswith("/ws/schema/query/"):
            return 200, self.codes
        table = path.removeprefix("/ws/schema/table/").partition("?")[0].lower()
        for field in self.refused.get(table, ()):
            if field in path.lower():
                error = {"resource": table, "field": field}
                return 403, {"message": "No access", "errors": [error]}
        row = self.rows.get(table)
        return 200, {"record": [{"tables": {table: row}}] if row else []}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: StandIn

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, payload = self.server.answer(self.path)
        body = json.dumps(payload).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_arguments):
        """Say nothing."""
