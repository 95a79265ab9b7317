"""Oakwood's kiosk: signs events as any Standard Webhooks client does, and sends."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import requests
from standardwebhooks import Webhook

from vmps.demo.districts import OAKWOOD
from vmps.demo.folder import DemoError, DemoFolder
from vmps.demo.morning import KioskEvent

TIMEOUT_SECONDS = 15
TRIES = 10
BUSY = frozenset({429, 503})


class DemoKiosk:
    """Sends events from any thread; each has its own connection."""

    def __init__(self, folder: DemoFolder) -> None:
        self._base = folder.web_url
        kept = folder.read()
        kiosk_id = kept[OAKWOOD.kiosk_id_name]
        self._url = f"{self._base}/webhooks/kiosks/{kiosk_id}/events"
        self._webhook = Webhook(kept[OAKWOOD.kiosk_secret_name])
        self._threads = threading.local()

    def check_it_runs(self) -> None:
        """Refuse to go on where nobody listens."""
        try:
            self._session().get(f"{self._base}/healthz", timeout=TIMEOUT_SECONDS)
        except requests.RequestException:
            raise DemoError(
                "The demo does not run: start it with `make demo`."
            ) from None

    def send(self, event: KioskEvent) -> str:
        """Send one event; return the answer's word."""
        return self._post(event.id, event.as_json())[0]

    def send_batch(self, events: Sequence[KioskEvent]) -> list[str]:
        """Send many events in one request; return a word for each."""
        body = {
            "type": "student.events",
            "timestamp": datetime.now(UTC).isoformat(),
            "data": {"events": [{"id": e.id, **e.as_json()} for e in events]},
        }
        return self._post(f"msg_{uuid.uuid4().hex}", body)

    def _post(self, webhook_id: str, content: Mapping[str, object]) -> list[str]:
        body = json.dumps(content)
        for _ in range(TRIES):
            response = self._session().post(
                self._url,
                data=body,
                headers=self._headers(webhook_id, body),
                timeout=TIMEOUT_SECONDS,
            )
            if response.status_code not in BUSY:
                return _words(response)
            time.sleep(float(response.headers.get("Retry-After", 1)))
        raise DemoError(f"The product stayed busy: {response.status_code}.")

    def _headers(self, webhook_id: str, body: str) -> dict[str, str]:
        now = datetime.now(UTC)
        return {
            "content-type": "application/json",
            "webhook-id": webhook_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._webhook.sign(webhook_id, now, body),
        }

    def _session(self) -> requests.Session:
        if not hasattr(self._threads, "session"):
            self._threads.session = requests.Session()
            self._threads.session.trust_env = False
        session: requests.Session = self._threads.session
        return session


def _words(response: requests.Response) -> list[str]:
    """Return the status of each event; a single one that is refused has none."""
    if response.status_code == requests.codes.unprocessable_entity:
        return ["rejected"]
    if "results" not in response.text:
        raise DemoError(f"{response.status_code} from the webhook: {response.text}")
    return [result["status"] for result in response.json()["results"]]
