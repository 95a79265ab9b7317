"""The minimum time interval between API requests of one plugin."""

import math
import time

from vmps.simulator.answers import Answer, Refusal
from vmps.simulator.settings import Settings


class Throttle:
    """Refuses a request that follows the last accepted one too soon."""

    def __init__(self) -> None:
        self._accepted_at = -math.inf

    def check(self, settings: Settings) -> None:
        """Let a request pass, or refuse it with the seconds to wait."""
        if not settings.min_interval_ms:
            return
        now = time.monotonic()
        left = self._accepted_at + settings.min_interval_ms / 1000 - now
        if left <= 0:
            self._accepted_at = now
            return
        seconds = max(1, math.ceil(left))
        message = f"Too many requests. Please wait {seconds} seconds and try again."
        headers = {"Retry-After": str(seconds)} if settings.throttle_retry_after else {}
        raise Refusal(Answer(settings.throttle_status, {"message": message}, headers))
