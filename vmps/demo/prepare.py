"""Before anything starts: secrets, ports, the schema and the two districts."""

from __future__ import annotations

import secrets as random_secrets
from datetime import date
from zoneinfo import ZoneInfo

from vmps import db, migrations, secrets
from vmps.clock import utcnow
from vmps.demo.districts import DISTRICTS, DemoDistrict
from vmps.demo.folder import DemoFolder
from vmps.demo.history import write_history
from vmps.demo.invention import keep_seed
from vmps.demo.passwords import make_password
from vmps.demo.ports import HOST, choose_port
from vmps.demo.set_up import set_up

WEB_PORT = 8000


def prepare(folder: DemoFolder) -> None:
    """Make the folder ready; what an earlier start made is kept."""
    folder.create()
    kept = folder.read()
    folder.write(kept | _environment(folder, kept))
    open_database(folder)
    migrations.upgrade()
    for plan in DISTRICTS:
        seed = keep_seed(plan, folder.of(plan), _today(plan))
        district = set_up(plan, folder, seed)
        write_history(district, seed, plan, folder.of(plan).journal, now=utcnow())
    db.drop_connection()


def _today(plan: DemoDistrict) -> date:
    return utcnow().astimezone(ZoneInfo(plan.timezone)).date()


def open_database(folder: DemoFolder) -> None:
    """Bind this process to the demo's database and keys."""
    settings = folder.settings()
    secrets.configure(settings.encryption_keys)
    db.configure(settings.database_url)


def _environment(folder: DemoFolder, kept: dict[str, str]) -> dict[str, str]:
    web = choose_port(int(kept.get("DEMO_WEB_PORT", WEB_PORT)))
    return {
        "ENVIRONMENT": "production",
        "DATABASE_URL": f"sqlite:///{folder.database}",
        "REDIS_URL": f"unix://{folder.socket}?db=0",
        "ALLOWED_NETWORKS": "127.0.0.0/8",
        "PLAIN_HTTP": "yes",
        "CDN": "no",
        "WEB_BIND": f"{HOST}:{web}",
        "DEMO_WEB_PORT": str(web),
        **_simulator_ports(kept),
        **{name: kept.get(name, value) for name, value in _made_on_the_spot().items()},
    }


def _simulator_ports(kept: dict[str, str]) -> dict[str, str]:
    wanted = {
        plan.port_name: int(kept.get(plan.port_name, plan.simulator_port))
        for plan in DISTRICTS
    }
    return {name: str(choose_port(port)) for name, port in wanted.items()}


def _made_on_the_spot() -> dict[str, str]:
    """Return secrets for the first start; later ones keep theirs."""
    users = [user for plan in DISTRICTS for user in plan.users]
    return {
        "SECRET_KEY": random_secrets.token_urlsafe(48),
        "ENCRYPTION_KEYS": secrets.generate_key(),
        **{user.password_name: make_password(user.email) for user in users},
    }
