"""docs/failures.md, made from the code; `python -m tests.failures` renews it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from flask import Flask

from app import create_app
from tests.delivery.outages import OUTAGES, Outage
from tests.kiosk_failures import kiosk_failures
from tests.routes import routes
from vmps.models import Cause
from vmps.powerschool import errors
from vmps.services.check_connection import RUNNING
from vmps.services.explain import explain_cause
from vmps.services.page_calls import Crowded
from vmps.services.passwords import Busy
from vmps.services.reaction import LaneEffect, Reaction, react
from vmps.services.sign_in import SignInRefused, TooManyTries
from vmps.services.step_faults import FAULTS, FaultText
from vmps.services.turns import Turn, whose_turn
from vmps.tabs.logs_fixes import PLACES, Place
from vmps.web.errors import MESSAGES, OLD_FORM, TITLES

FAILURES = Path(__file__).parents[1] / "docs" / "failures.md"

HEAD = """\
# Failures

Every failure that people or kiosks can meet: what they read, whose turn it is, what
to do, and where. Made from the code by `.venv/bin/python -m tests.failures`; a test
keeps it current. “…” stands for what is known only when it happens.
"""

_LANES = {
    LaneEffect.NONE: "go on",
    LaneEffect.FAILURE: "go on; after five in a row they wait 30 seconds, doubling up"
    " to 5 minutes, then one event is tried",
    LaneEffect.THROTTLE: "wait as long as PowerSchool asks; without a word from 0.2"
    " seconds, doubling up to a minute",
    LaneEffect.PAUSE: "are paused; one event is tried every 5 minutes; all go on when"
    " that works, when a connection is saved or a test of it is good",
    LaneEffect.PAUSE_MODE: "only that attendance mode is paused, tried likewise",
}


def document(app: Flask) -> str:
    """Return the whole document."""
    sections = (
        HEAD,
        "## Events\n",
        "What a writeback's page says of it, and where the link leads.\n",
        _table(
            ("word", "what is read", "whose turn", "what to do", "where"), _events(app)
        ),
        "\n## Deliveries of a district\n",
        "What an error of PowerSchool does to the district's other events. Pages of"
        " PowerSchool Setup say it in\na banner; Settings also beside the last test.\n",
        _table(("error", "word", "deliveries"), _lanes()),
        "\n## Outages\n",
        "Each is tried against the simulator, which tells that it happened; nothing is"
        " lost or written twice.\n",
        _table(
            ("what happens", "word", "deliveries", "goes on"), map(_outage, OUTAGES)
        ),
        "\n## Test connection\n",
        "On Settings, and `connections test`.\n",
        _table(("step", "what is read", "whose turn", "what to do"), _steps()),
        "\n## Pages\n",
        "A refused form keeps what was typed; an error page links to the start page.\n",
        _table(("when", "what is read", "whose turn"), _pages()),
        "\n## Kiosks\n",
        "Answers of the webhook; [kiosk-webhook.md](kiosk-webhook.md) is the contract."
        " It is the kiosk's turn:\nwhat was refused is not stored. In a batch 409 and"
        " 422 stand beside the event they are about.\n",
        _table(("status", "field", "detail", "what to do"), _kiosks()),
    )
    return "\n".join(sections) + "\n"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |"
        for line in lines
    )


def _events(app: Flask) -> list[Sequence[str]]:
    addresses = {route.rule.endpoint: route.rule.rule for route in routes(app)}
    rows = []
    for cause in Cause:
        said = explain_cause(cause, "…")
        place = PLACES[cause]
        where = _where(place, addresses) if place else "on the page itself"
        fix = said.fix or "Nothing to do."
        rows.append((f"`{cause.value}`", said.text, whose_turn(cause), fix, where))
    return rows


def _where(place: Place, addresses: dict[str, str]) -> str:
    who = " (District Admins)" if place is Place.SETTINGS else ""
    return f"{place.label}, `{addresses[place.value]}`{who}"


def _kinds(kind: type[errors.PowerSchoolError]) -> list[type[errors.PowerSchoolError]]:
    below = [each for sub in kind.__subclasses__() for each in _kinds(sub)]
    return [kind, *below]


def _lanes() -> list[Sequence[str]]:
    rows = []
    for kind in _kinds(errors.PowerSchoolError)[1:]:
        reaction, (said, *_) = _reaction(kind), (kind.__doc__ or "").splitlines()
        rows.append((said, f"`{reaction.cause.value}`", _LANES[reaction.lane]))
    return rows


def _reaction(kind: type[errors.PowerSchoolError]) -> Reaction:
    return react(kind("said"), is_write=True)


def _outage(outage: Outage) -> Sequence[str]:
    word = f"`{outage.cause.value}`" if outage.cause else "none"
    return outage.name, word, outage.lane, _goes_on(outage)


def _goes_on(outage: Outage) -> str:
    if outage.by:
        return f"at once, by {outage.by}"
    if not outage.cause:
        return "nothing waited"
    minutes = round(outage.seconds / 60)
    return f"by itself within {minutes} min" if minutes else "by itself within seconds"


def _steps() -> list[Sequence[str]]:
    return [_step(text) for text in FAULTS.values()]


def _step(text: FaultText) -> Sequence[str]:
    name = text.name.label if text.name else "Any that reads"
    words = dict.fromkeys(
        (
            "said",
            "what",
            "uses",
            "table",
            "school",
            "id_kind",
            "theirs",
            "ours",
            "minutes",
            "side",
            "version",
        ),
        "…",
    )
    said = text.message.format(**words)
    shown = "what PowerSchool or the network said" if said == "…" else said
    return f"{name} ({text.status.value})", shown, text.turn.value, text.fix


def _pages() -> list[Sequence[str]]:
    mine, operator = Turn.ONESELF.value, Turn.OPERATOR.value
    rows = [
        ("signing in", SignInRefused().message, mine),
        ("signing in", TooManyTries(60).message, mine),
        ("signing in", Busy().message, mine),
        ("Test connection, looking up codes", Crowded().message, mine),
        ("Test connection", RUNNING, mine),
        ("a form that is too old", OLD_FORM, mine),
    ]
    for status, text in MESSAGES.items():
        turn = operator if status >= 500 else mine
        rows.append((f"{status}: {TITLES.get(status, TITLES[400])}", text, turn))
    return rows


_AT_KIOSKS = {
    400: "correct the kiosk's program",
    401: "correct the kiosk's address, secret, clock or signature",
    409: "give every event an id of its own",
    413: "send fewer events at once",
    415: "correct the kiosk's program",
    422: "correct the field, then send it again",
    429: "wait as Retry-After says, then send it again",
    503: "keep it, wait as Retry-After says, then send it again",
}


def _kiosks() -> list[Sequence[str]]:
    return [
        (
            str(failure.status),
            f"`{failure.field}`" if failure.field else "",
            failure.detail,
            _AT_KIOSKS[failure.status],
        )
        for failure in kiosk_failures()
    ]


def renew() -> None:
    """Write the document."""
    app = create_app({"ENVIRONMENT": "development", "LOG_LEVEL": "ERROR"})
    FAILURES.write_text(document(app))


if __name__ == "__main__":
    renew()
