"""gunicorn's configuration: `gunicorn -c python:vmps.web.server 'app:create_app()'`."""

from __future__ import annotations

from typing import Any

from vmps.config import load_settings
from vmps.jobs.doorbell import Doorbell
from vmps.jobs.ringer import Ringer
from vmps.services import bell

_settings = load_settings()

bind = _settings.web_bind
workers = _settings.web_workers
worker_class = "gthread"
threads = _settings.web_threads
keepalive = 75
#: Its default stands in the user's home and is shared by all installations there.
control_socket_disable = True
graceful_timeout = 20
#: Paths and statuses only: a query string may hold a name that somebody searched for.
accesslog = None
errorlog = "-"
loglevel = _settings.log_level.lower()


def post_worker_init(_worker: Any) -> None:
    """In each web process, rings leave the requests' path."""
    bell.bind(Ringer(Doorbell(_settings.redis_url).ring).ring)
