"""What can go wrong between us and PowerSchool, typed once.

PowerSchoolError                 status, excerpt (redacted), is_ambiguous
├── NotSent                      nothing was written: DNS, refused, no time left
│   ├── AddressRefused           the host's address is not one we may talk to
│   └── TLSRefused               the certificate or the handshake was not accepted
├── TimedOut                *    written, then silence or a drip until the deadline
├── ConnectionLost          *    written, then reset or closed
├── ServerError             *    5xx (and 408, 425): try again later
├── MalformedAnswer         *    HTML, truncated JSON, wrong shape, too large
│   └── PartlyWritten       *    of one call's records some were refused
├── UnexpectedRedirect      *    3xx: never followed
├── Throttled                    429, 503, 509, "too many requests"; retry_after
├── CredentialsRefused           invalid_client: wrong id or secret, plugin disabled
├── TokenRefused                 401 again with a token that was just fetched
├── V1AccessMissing              the plugin lacks accessLevelV1Api
├── FieldsNotGranted             403; fields, plugin_lines()
├── TooManyPages                 more rows than the caller wants to read
│   └── TooManyRows              they were counted, and none was read
├── Rejected                     another 4xx, or a 200 that says it failed
└── NotFound                     404

* ambiguous: PowerSchool may have done what was asked, so read before writing again.
While the token is fetched nothing of the request was written, so an error of that
step has `is_ambiguous` False whatever its class.
"""

from dataclasses import dataclass
from typing import ClassVar
from xml.sax.saxutils import quoteattr

VIEW_ONLY = "ViewOnly"
FULL_ACCESS = "FullAccess"


class PowerSchoolError(Exception):
    """A call that did not succeed; the message is plain words without secrets."""

    ambiguous_by_nature: ClassVar[bool] = False

    def __init__(
        self, message: str, *, status: int | None = None, excerpt: str = ""
    ) -> None:
        super().__init__(message)
        self.status = status
        self.excerpt = excerpt
        self.is_ambiguous = self.ambiguous_by_nature


class NotSent(PowerSchoolError):
    """Nothing of the request reached PowerSchool."""


class AddressRefused(NotSent):
    """The host resolves to an address we may not connect to."""


class TLSRefused(NotSent):
    """The TLS handshake failed or the certificate is not for this host."""


class TimedOut(PowerSchoolError):
    """The request was written, and no whole answer came in time."""

    ambiguous_by_nature = True


class ConnectionLost(PowerSchoolError):
    """The request was (possibly) written, and the connection broke."""

    ambiguous_by_nature = True


class ServerError(PowerSchoolError):
    """PowerSchool answered that it failed; trying again later may help."""

    ambiguous_by_nature = True


class MalformedAnswer(PowerSchoolError):
    """The answer is not one PowerSchool's API gives."""

    ambiguous_by_nature = True


class PartlyWritten(MalformedAnswer):
    """Some records of one call were refused, others seem to be written.

    Nobody says whether such a call counts as a whole, so read before writing again.
    """


class UnexpectedRedirect(PowerSchoolError):
    """The answer points elsewhere; the base URL is probably not PowerSchool's."""

    ambiguous_by_nature = True


class Throttled(PowerSchoolError):
    """Not now; `retry_after` is in seconds when PowerSchool said it.

    `came_too_soon`: there were too many requests, it is not down for maintenance.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        excerpt: str = "",
        retry_after: float | None = None,
        came_too_soon: bool = True,
    ) -> None:
        super().__init__(message, status=status, excerpt=excerpt)
        self.retry_after = retry_after
        self.came_too_soon = came_too_soon


class CredentialsRefused(PowerSchoolError):
    """The client id and secret are wrong, or the plugin is not enabled."""


class TokenRefused(PowerSchoolError):
    """A token fetched just now was not accepted either."""


class V1AccessMissing(PowerSchoolError):
    """The plugin was installed without accessLevelV1Api."""


@dataclass(frozen=True, slots=True)
class FieldGrant:
    """One line of a plugin's access request."""

    table: str
    field: str
    access: str

    def plugin_line(self) -> str:
        """The line as plugin.xml wants it."""
        return (
            f"<field table={quoteattr(self.table)} field={quoteattr(self.field)}"
            f" access={quoteattr(self.access)}/>"
        )


class FieldsNotGranted(PowerSchoolError):
    """The plugin may not touch these fields; empty when PowerSchool named none."""

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        excerpt: str = "",
        fields: tuple[FieldGrant, ...] = (),
    ) -> None:
        super().__init__(message, status=status, excerpt=excerpt)
        self.fields = fields

    def plugin_lines(self) -> str:
        """The lines missing from plugin.xml, one a line."""
        return "\n".join(field.plugin_line() for field in self.fields)


class TooManyPages(PowerSchoolError):
    """The rows take more pages than the caller wants to read."""


class TooManyRows(TooManyPages):
    """The rows were counted: too many for the caller, so none was read."""


class Rejected(PowerSchoolError):
    """PowerSchool understood the request and refuses it."""


class NotFound(PowerSchoolError):
    """No such resource, query or row."""
