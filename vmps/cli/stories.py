"""How writebacks read on a terminal and in JSON."""

from __future__ import annotations

from collections.abc import Sequence

from vmps.cli.output import moment, table
from vmps.models import Attempt, Status
from vmps.services.list_writebacks import WritebackStory, WritebackView


def line_of(view: WritebackView) -> dict[str, object]:
    """Return one line of the log for JSON."""
    return {
        "id": view.id,
        "event": view.event,
        "district": view.district,
        "school": view.school_number,
        "type": view.type,
        "sis_id": view.sis_id,
        "ps_id": view.ps_id,
        "occurred_at": moment(view.occurred_at),
        "day": view.school_day.isoformat(),
        "grade": view.grade,
        "reason": view.reason,
        "voided": view.is_void,
        "status": view.status,
        "cause": view.cause,
        "explanation": view.explanation.text,
        "fix": view.explanation.fix,
    }


def list_text(views: Sequence[WritebackView]) -> str:
    """Return the log in columns."""
    headings = (
        "ID", "TYPE", "SCHOOL", "SIS ID", "PS ID", "DATE/TIME", "GRADE", "REASON",
        "STATUS", "WHY",
    )  # fmt: skip
    return table(
        headings,
        [
            (
                view.id,
                view.type.label,
                view.school_number,
                view.sis_id,
                view.ps_id,
                view.occurred_at.strftime("%Y-%m-%d %H:%M"),
                view.grade,
                view.reason,
                view.status,
                view.explanation.text if view.cause else "",
            )
            for view in views
        ],
    )


def story_of(story: WritebackStory) -> dict[str, object]:
    """Return everything of one writeback for JSON."""
    return {
        **line_of(story.view),
        "detail": story.detail,
        "student": story.student,
        "kiosk": story.kiosk,
        "note": story.note,
        "released_to": story.released_to,
        "accepted_at": moment(story.accepted_at),
        "voided_at": moment(story.voided_at),
        "due_at": moment(story.due_at),
        "give_up_at": moment(story.give_up_at),
        "settled_at": moment(story.settled_at),
        "tries": story.tries,
        "covered_by": story.covered_by,
        "attempts": [_attempt(attempt) for attempt in story.attempts],
    }


def _attempt(attempt: Attempt) -> dict[str, object]:
    return {
        "id": attempt.id,
        "started_at": moment(attempt.started_at),
        "finished_at": moment(attempt.finished_at),
        "outcome": attempt.outcome,
        "cause": attempt.cause,
        "detail": attempt.detail,
        "http_status": attempt.http_status,
        "code": attempt.code,
        "prior_code": attempt.prior_code,
        "ps_row": attempt.ps_row,
        "request": attempt.request,
        "answer": attempt.answer,
    }


def story_text(story: WritebackStory) -> str:
    """Return everything of one writeback for people."""
    lines = [f"{name:11} {value}" for name, value in _facts(story) if value]
    headings = ("ATTEMPT", "STARTED", "OUTCOME", "CAUSE", "HTTP", "CODE", "BEFORE")
    rows = [
        (
            attempt.id,
            attempt.started_at,
            attempt.outcome,
            attempt.cause,
            attempt.http_status,
            attempt.code,
            attempt.prior_code,
        )
        for attempt in story.attempts
    ]
    return "\n".join([*lines, "", table(headings, rows)])


def _facts(story: WritebackStory) -> Sequence[tuple[str, str | None]]:
    view = story.view
    is_pending = view.status is Status.PENDING
    ids = f"SIS ID {view.sis_id}, PS ID {view.ps_id or '-'}"
    return (
        ("Writeback", f"{view.id}, {view.status}, {story.tries} tries"),
        ("Why", view.explanation.text),
        ("Fix", view.explanation.fix),
        ("Detail", story.detail),
        ("Event", f"{view.event}, {view.type.label}, {view.reason or 'no reason'}"),
        ("Happened", view.occurred_at.strftime("%Y-%m-%d %H:%M:%S %Z")),
        ("Student", f"{story.student}, {ids}"),
        ("School", view.school_number),
        ("Kiosk", story.kiosk),
        ("Covered by", f"event {story.covered_by}" if story.covered_by else None),
        ("Voided", moment(story.voided_at)),
        ("Next try", moment(story.due_at) if is_pending else None),
        ("Settled", moment(story.settled_at)),
    )
