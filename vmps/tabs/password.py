"""One's own password."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form, PasswordField
from wtforms.validators import EqualTo, InputRequired

from vmps.services.problems import Problem
from vmps.services.users import change_own_password
from vmps.web.access import EVERYBODY, allow
from vmps.web.clock import now
from vmps.web.htmx import redirect_to, render
from vmps.web.sessions import signed_in, token_in_use

bp = Blueprint("password", __name__, url_prefix="/password")

TITLE = "Change Password"


class PasswordForm(Form):
    """The present password and the new one, twice."""

    current = PasswordField(
        "Current password",
        [InputRequired("Enter your current password.")],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        "New password",
        [InputRequired("Enter a new password.")],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        "New password again",
        [EqualTo("new", "The two new passwords differ.")],
        render_kw={"autocomplete": "new-password"},
    )


@bp.get("/")
@allow(*EVERYBODY)
def index() -> ResponseReturnValue:
    """Show the form."""
    return _page(PasswordForm())


@bp.post("/")
@allow(*EVERYBODY)
def update() -> ResponseReturnValue:
    """Set the new password; all other sessions of the user end."""
    form = PasswordForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    try:
        change_own_password(
            signed_in(),
            form.current.data or "",
            form.new.data or "",
            keep_token=token_in_use(),
            now=now(),
        )
    except Problem as problem:
        form.form_errors.append(problem.message)
        return _page(form, status=422)
    flash("Your password is changed. You are signed out everywhere else.")
    return redirect_to(url_for(".index"))


def _page(form: PasswordForm, *, status: int = 200) -> Response:
    return render(
        "password/index.html",
        partial="password/_form.html",
        title=f"Error: {TITLE}" if form.errors else TITLE,
        status=status,
        form=form,
    )
