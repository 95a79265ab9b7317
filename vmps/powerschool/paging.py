"""Page after page until a short one."""

from collections.abc import Callable
from typing import TypeVar

PAGE_SIZE = 100  # what a plugin may always ask for; more is refused, not shortened

Item = TypeVar("Item")


def all_pages(read: Callable[[int], list[Item]], page_size: int) -> list[Item]:
    """Everything that `read(page)` brings; the call's deadline bounds the loop."""
    items: list[Item] = []
    page = 1
    while True:
        found = read(page)
        items += found
        if len(found) < page_size:
            return items
        page += 1
