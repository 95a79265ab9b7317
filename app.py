"""The application: what it is made of, nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask

from vmps import cli, db, logs, secrets, webhooks
from vmps.clock import utcnow
from vmps.config import load_settings
from vmps.jobs.doorbell import Doorbell
from vmps.services import bell
from vmps.web import errors, health, metrics


def create_app(config: Mapping[str, object] | None = None) -> Flask:
    """Return the application for the environment, with `config` winning over it."""
    settings = load_settings(config)
    app = Flask(__name__)
    app.config["SECRET_KEY"] = settings.secret_key
    app.config["MAX_CONTENT_LENGTH"] = webhooks.LARGEST_BODY
    app.extensions["vmps.settings"] = settings

    logs.configure(settings.log_level)
    secrets.configure(settings.encryption_keys)
    db.configure(settings.database_url)
    bell.bind(Doorbell(settings.redis_url).ring)

    errors.init_app(app)
    cli.init_app(app)
    app.register_blueprint(health.bp)
    app.register_blueprint(metrics.bp)
    webhooks.init_app(app, clock=utcnow)
    return app
