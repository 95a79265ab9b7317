"""How far PowerSchool's clock is from ours."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from vmps.powerschool.transport import Answer


def clock_skew(answer: Answer, now: datetime) -> float | None:
    """Seconds that the server is ahead of `now`, None where it does not tell.

    The header counts whole seconds and the answer took its time, so this is good to a
    second or two.
    """
    header = answer.headers.get("Date")
    try:
        moment = parsedate_to_datetime(header) if header else None
    except ValueError:
        return None
    if moment is None:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - now).total_seconds()
