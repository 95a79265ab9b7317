"""Sign-in and sign-out."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import EmailField, Form, PasswordField
from wtforms.validators import InputRequired

from vmps.services.problems import Problem
from vmps.services.sign_in import sign_in
from vmps.web.access import EVERYBODY, allow, public
from vmps.web.clock import now
from vmps.web.htmx import redirect_to, render
from vmps.web.sessions import close_session, find_user, open_session

bp = Blueprint("sign_in", __name__, url_prefix="/sign-in")

#: Of an address that is gone back to; no page of ours has a longer one.
LONGEST_NEXT = 2000


class SignInForm(Form):
    """An e-mail address and a password; managers and pasting work."""

    email = EmailField(
        "E-mail address",
        [InputRequired("Enter your e-mail address.")],
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )
    password = PasswordField(
        "Password",
        [InputRequired("Enter your password.")],
        render_kw={"autocomplete": "current-password"},
    )


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Show the form, or go on for who is signed in already."""
    if find_user():
        return redirect_to(_next_page())
    return _page(SignInForm())


@bp.post("/")
@public
def enter() -> ResponseReturnValue:
    """Sign in, and go on to the page that was asked for."""
    form = SignInForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    address = request.remote_addr or ""
    try:
        user = sign_in(
            form.email.data or "", form.password.data or "", address=address, now=now()
        )
    except Problem as problem:
        form.form_errors.append(problem.message)
        return _page(form, status=422)
    open_session(user)
    return redirect_to(_next_page())


@bp.post("/leave")
@allow(*EVERYBODY)
def leave() -> ResponseReturnValue:
    """Sign out: the session ends here and on the server."""
    close_session()
    return redirect_to(url_for(".index"))


@bp.get("/leave")
@public
def go_back() -> ResponseReturnValue:
    """Sign nobody out: a button's address was opened as if it were a page."""
    return redirect_to(url_for(".index"))


def _page(form: SignInForm, *, status: int = 200) -> Response:
    return render(
        "sign_in/index.html",
        partial="sign_in/_form.html",
        title="Error: Sign in" if form.errors else "Sign in",
        status=status,
        form=form,
        next_page=_next_page(),
    )


def _next_page() -> str:
    """Return where to go: a path of ours, never another site.

    Browsers read a backslash as a slash and drop tabs, line ends and other unseen
    characters: nothing that holds one is followed.
    """
    wanted = request.values.get("next", "")
    is_path = wanted.startswith("/") and not wanted.startswith("//")
    is_odd = "\\" in wanted or not wanted.isprintable() or len(wanted) > LONGEST_NEXT
    return wanted if is_path and not is_odd else url_for("home.index")
