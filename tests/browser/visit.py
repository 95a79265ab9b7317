"""One person at one screen: a page, and everything the browser complained of."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect

from tests.browser.probes import find_defects

#: Another zone than any school's: what a page shows must be the school's time.
BROWSER_ZONE = "Asia/Tokyo"
#: A browser stops for this long at most: everything here stands on this machine.
PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)

_COLLECT = """
addEventListener("securitypolicyviolation", event =>
  console.error(`CSP ${event.effectiveDirective} ${event.blockedURI}`));
"""
_STATUS = re.compile(r"Failed to load resource: .* status of (\d{3})")


@dataclass(frozen=True)
class Look:
    """A screen's width in CSS pixels and its colours."""

    scheme: str
    width: int

    @property
    def height(self) -> int:
        return 800 if self.width > 600 else 740

    def __str__(self) -> str:
        return f"{self.scheme}-{self.width}"


WIDE, NARROW = Look("light", 1280), Look("light", 360)
LOOKS = (WIDE, Look("dark", 1280), NARROW, Look("dark", 360))


class Visit:
    """A browser with cookies of its own; `state` holds those of an earlier one."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        *,
        look: Look = WIDE,
        javascript: bool = True,
        state: object = None,
    ) -> None:
        self.context = browser.new_context(
            base_url=url,
            timezone_id=BROWSER_ZONE,
            locale="en-US",
            reduced_motion="reduce",
            color_scheme=look.scheme,
            viewport={"width": look.width, "height": look.height},
            java_script_enabled=javascript,
            storage_state=state,
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script(_COLLECT)
        self.complaints: list[str] = []
        self._expected: Collection[int] = ()
        self.context.on("page", self._watch)
        self.page: Page = self.context.new_page()

    def expect_statuses(self, *statuses: int) -> None:
        """Take an error that the test means to cause for no complaint, from now on."""
        self._expected = statuses

    def go(self, path: str) -> Response:
        """Load a page; return the answer."""
        answer = self.page.goto(path)
        assert answer, path
        return answer

    def check(self, looks: Sequence[Look] = LOOKS) -> None:
        """Look the page over on every screen: it keeps nobody out, nothing failed."""
        self.wait_until_idle()
        found = []
        for look in looks:
            self.resize(look)
            found += [f"{look}: {defect}" for defect in find_defects(self.page)]
        assert found == [], "\n".join(found)
        self.assert_quiet()

    def wait_until_idle(self) -> None:
        """Wait until nothing on the page is asked for any more: it is faded so long."""
        expect(self.page.locator('[aria-busy="true"]')).to_have_count(0)

    def resize(self, look: Look) -> None:
        """Show the page on another screen, as it stands."""
        self.page.emulate_media(color_scheme=look.scheme)
        self.page.set_viewport_size({"width": look.width, "height": look.height})

    def assert_quiet(self) -> None:
        """Hold that no script failed, and no policy was broken."""
        assert self.complaints == [], "\n".join(self.complaints)

    def close(self) -> None:
        self.context.close()

    def _watch(self, page: Page) -> None:
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        status = _STATUS.match(message.text)
        if status and int(status[1]) in self._expected:
            return
        self.complaints.append(message.text)
