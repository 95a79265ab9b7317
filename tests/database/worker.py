"""Other processes on the same database: `python -m tests.database.worker what url …`.

Each prints one line when it has begun and one when it is done.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from datetime import UTC, datetime
from itertools import count
from typing import Any

from vmps import db, migrations
from vmps.models import District
from vmps.services.store import EventRow, store
from vmps.write_gate import GateTimeout


def say(word: object) -> None:
    """Print one line at once."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def count_up(url: str, times: str) -> None:
    """Read the zone of the first district as a number and write one more."""
    db.configure(url)
    say("ready")
    sys.stdin.readline()
    failures = 0
    for _ in range(int(times)):
        try:
            with db.transaction():
                (district,) = District.select().limit(1)
                number = int(district.timezone) + 1
                District.update(timezone=str(number)).execute()
        except (*db.UNAVAILABLE, GateTimeout):
            failures += 1
    say(failures)


def hold(url: str, seconds: str) -> None:
    """Hold the database's own write lock, as a program without our gate would."""
    db.configure(url)
    with db.database.atomic():
        District.update(timezone="UTC").execute()
        say("held")
        time.sleep(float(seconds))
    say("done")


def hold_gate(url: str, seconds: str) -> None:
    """Hold our gate, as a writer of ours does."""
    db.configure(url)
    with db.transaction():
        say("held")
        time.sleep(float(seconds))
    say("done")


def take_turns(url: str, seconds: str) -> None:
    """Write for some seconds; say how often, and how long the longest wait was."""
    db.configure(url)
    say("ready")
    sys.stdin.readline()
    turns, longest, end = 0, 0.0, time.monotonic() + float(seconds)
    while time.monotonic() < end:
        began = time.monotonic()
        with db.transaction():
            longest = max(longest, time.monotonic() - began)
            District.update(timezone="UTC").execute()
        turns += 1
    say(f"{turns} {longest}")


def keep_events(url: str, name: str) -> None:
    """Keep events until told to stop, as a kiosk's requests do in the first schema.

    What is not kept is sent again; say the ids of what is.
    """
    db.configure(url)
    now = db.utc_text(datetime.now(UTC))
    ((*place, student, kiosk),) = db.query(
        "SELECT s.district_id, s.school_id, s.id, k.id FROM student s, kiosk k LIMIT 1"
    )
    texts = ("late_check_in", now, now[:10], "Maria", "Lopez", "9", "Bus", "", "", now)
    kept = []
    say("ready")
    for number in count():
        if select.select([sys.stdin], [], [], 0)[0]:
            break
        row = EventRow(*place, student, kiosk, f"{name}-{number}", "print", *texts)
        while not _is_kept(row, now):
            time.sleep(0.02)
        kept.append(row.external_id)
    say(" ".join(kept))


def _is_kept(row: EventRow, now: str) -> bool:
    try:
        with db.transaction():
            store([row], give_up_at=now)
    except db.UNAVAILABLE:
        db.drop_connection()
        return False
    return True


def die_upgrading(url: str, statements: str) -> None:
    """Upgrade, and end as a power cut would after some changes of the schema."""
    db.configure(url)
    changes = count(1)

    def listen(event: Any) -> None:
        if event.sql.startswith("ALTER") and next(changes) == int(statements):
            os.kill(os.getpid(), signal.SIGKILL)

    db.database.query_hooks.append(listen)
    say("ready")
    sys.stdin.readline()
    migrations.upgrade()


def upgrade(url: str) -> None:
    """Upgrade the database; say how many steps that took."""
    db.configure(url)
    say("ready")
    sys.stdin.readline()
    say(len(migrations.upgrade()))


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
    db.drop_connection()
