"""Page after page until a short one."""

from collections.abc import Callable
from typing import TypeVar

from vmps.powerschool.errors import TooManyPages

PAGE_SIZE = 100  # what a plugin may always ask for; more is refused, not shortened

Item = TypeVar("Item")


def all_pages(
    read: Callable[[int], list[Item]], page_size: int, most_pages: int | None = None
) -> list[Item]:
    """Everything that `read(page)` brings; the call's deadline bounds the loop.

    Raises TooManyPages where `most_pages` are full.
    """
    items: list[Item] = []
    page = 1
    while True:
        found = read(page)
        items += found
        if len(found) < page_size:
            return items
        if page == most_pages:
            raise TooManyPages(f"There are more rows than {page} pages hold.")
        page += 1
