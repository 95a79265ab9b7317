"""The form of a correction: the school's time on the event's day, and a reason."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, Self

from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField, SelectField, StringField

from vmps.models import label_key
from vmps.services.ask_change import Asked
from vmps.services.correct import moment_at
from vmps.services.problems import Invalid, Problem

_CLOCK = "%H:%M"


class CorrectionForm(Form):
    """Checked where it is saved; here it only takes the errors."""

    time = StringField("Time", render_kw={"type": "time", "autocomplete": "off"})
    reason = SelectField("Reason", validate_choice=False)
    seen = HiddenField()

    @classmethod
    def about(cls, asked: Asked, sent: MultiDict[str, str] | None = None) -> Self:
        """Return the form with what the event says, or with what was sent."""
        clock = asked.occurred_at.astimezone(asked.zone).strftime(_CLOCK)
        data = {"time": clock, "reason": asked.reason, "seen": asked.seen}
        form = cls(sent, data=data)
        form.reason.choices = _choices(asked)
        return form

    def wanted(self, asked: Asked) -> dict[str, Any]:
        """Return time and reason as the service takes them, None where unchanged.

        The page shows no seconds: an untouched time is no change.
        """
        typed = _parse(self.time.data or "")
        local = asked.occurred_at.astimezone(asked.zone)
        if typed == local.time().replace(second=0, microsecond=0):
            moment: datetime | None = None
        else:
            moment = moment_at(
                asked.school_day, typed, asked.zone, like=asked.occurred_at
            )
        return {"occurred_at": moment, "reason": self.reason.data}

    def blame(self, problem: Problem, asked: Asked) -> None:
        """Show each problem at its field, or above them all.

        What comes back shows the event as it is now, so it may be sent on that.
        """
        self.seen.data = asked.seen
        if not isinstance(problem, Invalid):
            self.form_errors.append(problem.message)
            return
        for name, text in problem.fields.items():
            self[name].errors = [text]


def _parse(text: str) -> time:
    try:
        return time.fromisoformat(text.strip()).replace(
            second=0, microsecond=0, tzinfo=None
        )
    except ValueError:
        raise Invalid({"time": "Give a time, like 08:14."}) from None


def _choices(asked: Asked) -> list[tuple[str, str]]:
    """Return the event's own reason first, if it is none of the school's any more."""
    choices = [
        (label, f"{label} ({code})" if code else label) for label, code in asked.offered
    ]
    if label_key(asked.reason) in {label_key(label) for label, _ in choices}:
        return choices
    return [(asked.reason, asked.reason or "None"), *choices]
