"""A kiosk: signs what it sends, sends again until it hears 202, remembers each id."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import requests
from standardwebhooks import Webhook

from tests.cast import SECRET
from tests.faults.homes import SCHOOL, Home, school_morning

PAUSE_SECONDS = 0.25
ANSWER_SECONDS = 15
TRY_AGAIN = {429, 503}
GOOD = {"accepted", "duplicate"}

LATE = ("student.late_check_in", "Bus late", "T")
LEAVES = ("student.early_check_out", "Dentist", "ED")


@dataclass(frozen=True)
class Sent:
    """One event that was answered 202, and the code it should lead to."""

    id: str
    sis_id: str
    occurred_at: datetime
    code: str


class FrontDesk:
    """One kiosk of a district; its threads may send at the same time."""

    def __init__(self, home: Home, web_url: str) -> None:
        self.home = home
        self.accepted: list[Sent] = []
        self.refusals: list[str] = []  # what made it send again
        self.seconds: list[float] = []  # of each request
        self._url = f"{web_url}/webhooks/kiosks/{home.kiosk_id}/events"
        self._signer = Webhook(SECRET)
        self._numbers = itertools.count()
        self._morning = school_morning()
        self._local = threading.local()

    def report(self, sis_id: str, kind: tuple[str, str, str] = LATE) -> None:
        """Send one event until it is answered 202."""
        sent, event = self._make(sis_id, kind)
        self._send(sent.id, event)
        self.accepted.append(sent)

    def flush(self, sis_ids: Sequence[str]) -> None:
        """Send many events in one request, as after an outage."""
        made = [self._make(sis_id, LATE) for sis_id in sis_ids]
        events = [{"id": sent.id, **event} for sent, event in made]
        batch = {"type": "student.events", "data": {"events": events}}
        self._send(f"flush-{made[0][0].id}", batch)
        self.accepted.extend(sent for sent, _ in made)

    def report_all(
        self, sis_ids: Sequence[str], *, per_second: float = 0, threads: int = 8
    ) -> None:
        """Send an event a student, at a steady rate however slow the answers."""
        with ThreadPoolExecutor(threads) as pool:
            began = time.monotonic()
            sending = []
            for place, sis_id in enumerate(sis_ids):
                at = began + (place / per_second if per_second else 0)
                time.sleep(max(0.0, at - time.monotonic()))
                sending.append(pool.submit(self.report, sis_id))
            for future in sending:
                future.result()

    def p99(self) -> float:
        """Return the 99th percentile of the requests' seconds."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]

    def _make(
        self, sis_id: str, kind: tuple[str, str, str]
    ) -> tuple[Sent, dict[str, object]]:
        number = next(self._numbers)
        at = self._morning + timedelta(seconds=number)
        sent = Sent(f"{self.home.kiosk_id}-{number}", sis_id, at, kind[2])
        data = {"student_id": sis_id, "school_number": SCHOOL, "reason": kind[1]}
        return sent, {"type": kind[0], "timestamp": at.isoformat(), "data": data}

    def _send(self, message_id: str, payload: dict[str, object]) -> None:
        body = json.dumps(payload)
        while True:
            response = self._post(message_id, body)
            if response is not None:
                break
            time.sleep(PAUSE_SECONDS)
        assert response.status_code == 202, response.text
        answers = {result["status"] for result in response.json()["results"]}
        assert answers <= GOOD, response.text

    def _post(self, message_id: str, body: str) -> requests.Response | None:
        """Return an answer that is final, or None where a kiosk tries again."""
        now = datetime.now(UTC)
        headers = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signer.sign(message_id, now, body),
        }
        began = time.monotonic()
        try:
            response = self._session().post(
                self._url, data=body, headers=headers, timeout=ANSWER_SECONDS
            )
        except requests.RequestException as error:
            self.refusals.append(type(error).__name__)
            return None
        self.seconds.append(time.monotonic() - began)
        if response.status_code in TRY_AGAIN:
            self.refusals.append(str(response.status_code))
            return None
        return response

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            self._local.session.trust_env = False
        return self._local.session
