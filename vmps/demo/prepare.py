"""Before anything starts: secrets, ports, the schema and the district Oakwood."""

from __future__ import annotations

import json
import secrets as random_secrets

from vmps import db, migrations, secrets
from vmps.demo.folder import DemoFolder
from vmps.demo.oakwood import invent_oakwood, set_up_oakwood
from vmps.demo.ports import HOST, choose_port

WEB_PORT = 8000
SIMULATOR_PORT = 8001


def prepare(folder: DemoFolder) -> None:
    """Make the folder ready; what an earlier start made is kept."""
    folder.create()
    kept = folder.read()
    folder.write(kept | _environment(folder, kept))
    open_database(folder)
    migrations.upgrade()
    seed = invent_oakwood()
    folder.seed.write_text(json.dumps(seed))
    kiosk = set_up_oakwood(folder, seed)
    folder.write(folder.read() | kiosk)
    db.drop_connection()


def open_database(folder: DemoFolder) -> None:
    """Bind this process to the demo's database and keys."""
    settings = folder.settings()
    secrets.configure(settings.encryption_keys)
    db.configure(settings.database_url)


def _environment(folder: DemoFolder, kept: dict[str, str]) -> dict[str, str]:
    web = choose_port(int(kept.get("DEMO_WEB_PORT", WEB_PORT)))
    simulator = choose_port(int(kept.get("DEMO_SIMULATOR_PORT", SIMULATOR_PORT)))
    made = {
        "SECRET_KEY": random_secrets.token_urlsafe(48),
        "ENCRYPTION_KEYS": secrets.generate_key(),
    }
    return {
        "ENVIRONMENT": "production",
        "DATABASE_URL": f"sqlite:///{folder.database}",
        "REDIS_URL": f"unix://{folder.socket}?db=0",
        "ALLOWED_NETWORKS": "127.0.0.0/8",
        "WEB_BIND": f"{HOST}:{web}",
        "DEMO_WEB_PORT": str(web),
        "DEMO_SIMULATOR_PORT": str(simulator),
        **{name: kept.get(name, value) for name, value in made.items()},
    }
