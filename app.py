"""The application: what it is made of, nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask

from vmps import cli, db, logs, secrets, webhooks
from vmps.clock import utcnow
from vmps.config import load_settings
from vmps.jobs.doorbell import Doorbell
from vmps.services import bell
from vmps.tabs import TABS
from vmps.web import (
    access,
    assets,
    csrf,
    errors,
    formats,
    frame,
    headers,
    health,
    metrics,
    proxies,
    sessions,
)


def create_app(config: Mapping[str, object] | None = None) -> Flask:
    """Return the application for the environment, with `config` winning over it."""
    settings = load_settings(config)
    app = Flask(__name__)
    app.config["SECRET_KEY"] = settings.secret_key
    app.config["MAX_CONTENT_LENGTH"] = webhooks.LARGEST_BODY
    app.extensions["vmps.settings"] = settings
    app.extensions["vmps.clock"] = utcnow

    logs.configure(settings.log_level)
    secrets.configure(settings.encryption_keys)
    db.configure(settings.database_url)
    bell.bind(Doorbell(settings.redis_url).ring)

    errors.init_app(app)
    proxies.init_app(app)
    headers.init_app(app)
    sessions.init_app(app)
    access.init_app(app)
    csrf.init_app(app)
    assets.init_app(app)
    formats.init_app(app)
    frame.init_app(app)

    cli.init_app(app)
    app.register_blueprint(health.bp)
    app.register_blueprint(metrics.bp)
    webhooks.init_app(app, clock=utcnow)
    csrf.protection.exempt(webhooks.bp)
    for tab in TABS:
        app.register_blueprint(tab)
    return app
