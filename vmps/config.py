"""Every setting of the product, as data; the only reader of the environment."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import click

DEVELOPMENT_SECRET_KEY = "development-only-secret-key"  # noqa: S105 refused in production
DEVELOPMENT_ENCRYPTION_KEY = "ZGV2ZWxvcG1lbnQtb25seS1lbmNyeXB0aW9uLWtleSE="


_SWITCH = {"yes": True, "true": True, "1": True} | {
    "no": False, "false": False, "0": False,
}  # fmt: skip


class ConfigurationError(click.ClickException):
    """A setting cannot be used; the message names it and says what to do."""


@dataclass(frozen=True)
class Setting:
    """One setting: its environment name, how to read it, its default, what it does."""

    name: str
    kind: type
    default: Any
    help: str
    is_secret: bool = False

    def read(self, raw: object) -> Any:
        """Return the value of `raw` in this setting's kind."""
        if isinstance(raw, str):
            return self._parse(raw.strip())
        return raw

    def _parse(self, text: str) -> Any:
        try:
            if self.kind is tuple:
                return tuple(part.strip() for part in text.split(",") if part.strip())
            if self.kind is bool:
                return _SWITCH[text.lower()]
            return self.kind(text)
        except (ValueError, KeyError):
            kind = "yes or no" if self.kind is bool else f"a {self.kind.__name__}"
            raise ConfigurationError(
                f"{self.name} must be {kind}, not {text!r}."
            ) from None


SETTINGS = (
    Setting(
        "ENVIRONMENT",
        str,
        "production",
        "`production` or `development`; production refuses development secrets.",
    ),
    Setting(
        "DATABASE_URL",
        str,
        "sqlite:///var/vmps.sqlite3",
        "`sqlite:///path` or `postgresql://user:password@host/name`.",
    ),
    Setting(
        "REDIS_URL",
        str,
        "",
        "The doorbell. Empty: the scheduler delivers, within a few seconds.",
    ),
    Setting(
        "SECRET_KEY",
        str,
        DEVELOPMENT_SECRET_KEY,
        "Signs sessions. At least 32 random characters.",
        is_secret=True,
    ),
    Setting(
        "ENCRYPTION_KEYS",
        tuple,
        (DEVELOPMENT_ENCRYPTION_KEY,),
        "Fernet keys, comma separated; the first encrypts, all decrypt.",
        is_secret=True,
    ),
    Setting(
        "ALLOWED_NETWORKS",
        tuple,
        (),
        "Networks (CIDR) where a private or plain http PowerSchool may stand.",
    ),
    Setting("LANE_CONCURRENCY", int, 4, "PowerSchool calls at a time, per district."),
    Setting("LANES_PER_PROCESS", int, 8, "Districts one process delivers for at once."),
    Setting("LEASE_SECONDS", float, 20.0, "How long a silent drain keeps its lane."),
    Setting("DRAIN_SECONDS", float, 10.0, "How long one drain works before the next."),
    Setting(
        "ATTEMPT_SECONDS",
        float,
        20.0,
        "Wall clock for one attempt, or test, all calls.",
    ),
    Setting("CALL_SECONDS", float, 10.0, "Wall clock for one PowerSchool call."),
    Setting("PROBE_SECONDS", float, 300.0, "How often a paused lane is probed."),
    Setting("TICK_SECONDS", float, 2.0, "How often the scheduler looks for due work."),
    Setting(
        "IDENTITY_HOURS",
        float,
        24.0,
        "How long a student's PowerSchool record is trusted before it is read again.",
    ),
    Setting(
        "KIOSK_CACHE_SECONDS",
        float,
        10.0,
        "How long a web process remembers a kiosk; rotation takes this long.",
    ),
    Setting(
        "KIOSK_REQUESTS_PER_SECOND",
        float,
        100.0,
        "Per kiosk and web process, bursts of ten times that; 0 switches it off.",
    ),
    Setting(
        "SESSION_IDLE_MINUTES",
        float,
        30.0,
        "A session that nobody used for so long ends.",
    ),
    Setting("SESSION_HOURS", float, 8.0, "No session lasts longer."),
    Setting(
        "PLAIN_HTTP",
        bool,
        False,
        "`yes` only to try things on loopback: cookies travel without TLS.",
    ),
    Setting(
        "TRUSTED_PROXIES",
        int,
        0,
        "How many proxies in front set X-Forwarded-For, -Proto and -Host.",
    ),
    Setting(
        "CDN",
        bool,
        True,
        "Take htmx from its CDN, with a local fallback; `no`: from here at once.",
    ),
    Setting("WEB_WORKERS", int, 2, "Web processes."),
    Setting("WEB_THREADS", int, 4, "Threads of each web process."),
    Setting("WEB_BIND", str, "127.0.0.1:8000", "Where the web server listens."),
    Setting(
        "PLUGIN_CONTACT",
        str,
        "operator@vmps.invalid",
        "E-mail of whoever runs this server: the plugin's publisher in PowerSchool.",
    ),
    Setting("LOG_LEVEL", str, "INFO", "DEBUG, INFO, WARNING or ERROR."),
)

_MORE_THAN_ZERO = (
    "LANE_CONCURRENCY",
    "LANES_PER_PROCESS",
    "LEASE_SECONDS",
    "DRAIN_SECONDS",
    "ATTEMPT_SECONDS",
    "CALL_SECONDS",
    "TICK_SECONDS",
    "SESSION_IDLE_MINUTES",
    "SESSION_HOURS",
)

_BY_NAME = {setting.name: setting for setting in SETTINGS}


class Settings(SimpleNamespace):
    """The settings in force: one lower-case attribute a setting."""

    if TYPE_CHECKING:
        environment: str
        database_url: str
        redis_url: str
        secret_key: str
        encryption_keys: tuple[str, ...]
        allowed_networks: tuple[str, ...]
        lane_concurrency: int
        lanes_per_process: int
        lease_seconds: float
        drain_seconds: float
        attempt_seconds: float
        call_seconds: float
        probe_seconds: float
        tick_seconds: float
        identity_hours: float
        kiosk_cache_seconds: float
        kiosk_requests_per_second: float
        session_idle_minutes: float
        session_hours: float
        plain_http: bool
        trusted_proxies: int
        cdn: bool
        web_workers: int
        web_threads: int
        web_bind: str
        plugin_contact: str
        log_level: str


def load_settings(
    overrides: Mapping[str, object] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """Read the environment, let `overrides` win, refuse what cannot work.

    A secret may also come from a file named by `<NAME>_FILE`.
    """
    environ = os.environ if environ is None else environ
    given = dict(overrides or {})
    unknown = sorted(set(given) - set(_BY_NAME))
    if unknown:
        raise ConfigurationError(f"Unknown setting: {', '.join(unknown)}.")
    values = {s.name.lower(): _value_of(s, given, environ) for s in SETTINGS}
    settings = Settings(**values)
    problems = find_problems(settings)
    if problems:
        raise ConfigurationError("\n".join(problems))
    return settings


def _value_of(
    setting: Setting, given: Mapping[str, object], environ: Mapping[str, str]
) -> Any:
    if setting.name in given:
        return setting.read(given[setting.name])
    if setting.is_secret and environ.get(f"{setting.name}_FILE"):
        with open(environ[f"{setting.name}_FILE"], encoding="utf-8") as file:
            return setting.read(file.read())
    if setting.name in environ:
        return setting.read(environ[setting.name])
    return setting.default


def find_problems(settings: Settings) -> list[str]:
    """Return a sentence for each setting that cannot be used as it is."""
    problems = []
    if settings.environment not in {"production", "development"}:
        problems.append("ENVIRONMENT must be production or development.")
    if not settings.database_url.startswith(("sqlite:///", "postgresql://")):
        problems.append("DATABASE_URL must begin with sqlite:/// or postgresql://.")
    for name in _MORE_THAN_ZERO:
        if getattr(settings, name.lower()) <= 0:
            problems.append(f"{name} must be more than 0.")
    if "@" not in settings.plugin_contact or len(settings.plugin_contact) > 40:
        problems.append("PLUGIN_CONTACT must be an e-mail of 40 characters at most.")
    problems.extend(_network_problems(settings))
    if settings.environment == "production":
        problems.extend(_development_secrets(settings))
    return problems


def _network_problems(settings: Settings) -> list[str]:
    problems = []
    for network in settings.allowed_networks:
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            problems.append(f"ALLOWED_NETWORKS: {error}.")
    return problems


def _development_secrets(settings: Settings) -> list[str]:
    problems = []
    if settings.secret_key == DEVELOPMENT_SECRET_KEY or len(settings.secret_key) < 32:
        problems.append(
            "SECRET_KEY is the development one or shorter than 32 characters: "
            "set SECRET_KEY to a long random value."
        )
    if DEVELOPMENT_ENCRYPTION_KEY in settings.encryption_keys:
        problems.append(
            "ENCRYPTION_KEYS holds the development key: set ENCRYPTION_KEYS to a key "
            "from `ENVIRONMENT=development flask --app app secrets generate`."
        )
    return problems
