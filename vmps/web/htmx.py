"""The one place that knows htmx: page or fragment, redirects, messages."""

# Page and fragment come from the same partial, so they cannot drift. A fragment brings
# the page's title, and its messages for the status region (`frame.html`).

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

#: The header that tells htmx's requests from a browser's own.
REQUEST = "HX-Request"
#: A request with this argument is the page's own: no activity, and no messages.
POLL = "poll"


def is_poll() -> bool:
    """Tell whether the page asks by itself what is new."""
    return POLL in request.args


def is_htmx() -> bool:
    """Tell whether a script of a page asks, not the browser itself."""
    return request.headers.get(REQUEST) == "true"


def page_asked_from() -> str:
    """Return path and query of the page on which htmx asks, as the browser says."""
    try:
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:
        return ""
    return page.path + (f"?{page.query}" if page.query else "")


def wants_fragment() -> bool:
    """Tell whether htmx asks for a part of the page; after Back it asks for all."""
    headers = request.headers
    return (
        is_htmx()
        and headers.get("HX-Request-Type", "partial") != "full"
        and "HX-History-Restore-Request" not in headers
    )


def render(
    template: str, *, partial: str, title: str, status: int = 200, **context: object
) -> Response:
    """Return the page, or to htmx its partial; both get the same context.

    The title of what was refused begins with "Error", which is read out first.
    """
    if status >= 400:
        title = f"Error: {title}"
    if not wants_fragment():
        return make_response(render_template(template, title=title, **context), status)
    html = render_template(
        "fragment.html", title=title, partial=partial, is_poll=is_poll(), **context
    )
    return make_response(html, status)


def redirect_to(location: str) -> BaseResponse:
    """Send the browser on after a change; htmx follows and takes the fragment."""
    return redirect(location, code=303)


def leave_for(location: str, *, status: int = 200) -> Response:
    """Let htmx load another whole page."""
    return Response("", status, headers={"HX-Redirect": location})


def alert(message: str, *, status: int, details: Sequence[str] = ()) -> Response:
    """Return an error for the page's alert region; what was typed stays."""
    html = render_template("errors/_alert.html", message=message, details=details)
    headers = {"HX-Retarget": "#alert", "HX-Reswap": "innerHTML"}
    return make_response(html, status, headers)
