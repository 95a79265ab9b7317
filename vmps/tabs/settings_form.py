"""The form of the Settings tab: what was typed, and what came back with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from wtforms import Form, HiddenField, PasswordField, RadioField, StringField

from vmps.models import User, VisibleId
from vmps.services.connection_form import ConnectionForm, check_url
from vmps.services.connection_view import ConnectionView
from vmps.services.problems import Invalid
from vmps.services.typed_secrets import open_typed, seal_typed

VISIBLE_IDS = {
    VisibleId.SIS_ID: "SIS ID",
    VisibleId.STUDENT_NUMBER: "Student Number",
}
_AS_TYPED = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class SettingsForm(Form):
    """Checked where it is saved; here it only takes the errors."""

    url = StringField("PowerSchool URL", render_kw={"inputmode": "url", **_AS_TYPED})
    client_id = StringField("Client ID", render_kw=_AS_TYPED)
    client_secret = PasswordField(
        "Client Secret",
        # Not the admin's own password, which browsers like to fill in.
        render_kw={"autocomplete": "new-password"},
    )
    #: What was typed into the field above before the form came back, sealed.
    kept_secret = HiddenField()
    visible_id = RadioField(
        "Visible Student ID",
        choices={kind.value: label for kind, label in VISIBLE_IDS.items()},
        default=VisibleId.SIS_ID.value,
    )
    #: The saved version that the page showed.
    version = HiddenField()
    #: What the typed URL was probably meant to be.
    corrected: str | None = None

    @classmethod
    def showing(cls, saved: ConnectionView | None) -> Self:
        """Return the form with what is saved."""
        if saved is None:
            return cls()
        return cls(
            data={
                "url": saved.url,
                "client_id": saved.client_id,
                "visible_id": saved.visible_id.value,
                "version": saved.version,
            }
        )

    def takes_correction(self, offered: str | None, networks: Sequence[str]) -> bool:
        """Fill in the offered URL, if the typed one is still what it corrects.

        Enter presses the first button of a form: who corrected the URL by hand and
        presses it must not get another one.
        """
        if not offered:
            return False
        try:
            check_url(self.url.data or "", networks)
        except Invalid as invalid:
            if invalid.corrected == offered:
                self.url.data = offered
                return True
        return False

    def wanted(self, user: User) -> ConnectionForm:
        """Return what the user wants saved; an empty secret is none."""
        try:
            visible_id = VisibleId(self.visible_id.data or "")
        except ValueError:
            raise Invalid({"visible_id": "Choose a Visible Student ID."}) from None
        return ConnectionForm(
            url=self.url.data or "",
            client_id=self.client_id.data or "",
            client_secret=self._secret(user),
            visible_id=visible_id,
            seen_version=self.version.data or "",
        )

    def _secret(self, user: User) -> str | None:
        typed = (self.client_secret.data or "").strip()
        if not typed and self.kept_secret.data:
            typed = open_typed(self.kept_secret.data, user, field="client_secret")
        return typed or None

    def blame(self, invalid: Invalid) -> None:
        """Show each problem at its field."""
        for name, text in invalid.fields.items():
            self[name].errors = [text]
        self.corrected = invalid.corrected

    def keep_secret(self, user: User) -> None:
        """Let a typed secret come back with the form, unless it is the problem."""
        typed = (self.client_secret.data or "").strip()
        if self.client_secret.errors:
            self.kept_secret.data = ""
        elif typed:
            self.kept_secret.data = seal_typed(typed, user)
