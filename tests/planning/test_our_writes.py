"""What stood in PowerSchool before us, told from one attempt after the other."""

from __future__ import annotations

from vmps.services.our_writes import Marked, OurWrites
from vmps.services.planning.day import BLANK, DAY, PRESENT, Before


def after(*written: tuple[str, str | None]) -> OurWrites:
    """Return what is ours after attempts of these codes, each with its prior one."""
    ours = OurWrites()
    for code, prior in written:
        ours.add(Marked(DAY, code, prior), is_certain=True)
    return ours


def test_what_we_replaced_first_stood_before() -> None:
    assert after(("T", "A"), ("ED", "T")).before[DAY] == Before("A")


def test_what_was_put_back_is_theirs() -> None:
    ours = after(("T", "A"), ("A", "T"))
    assert ours.by_slot()[DAY] == {"T"}
    assert ours.standing[DAY] == frozenset()


def test_what_somebody_marked_since_stood_before() -> None:
    assert after(("T", None), (BLANK, "T"), ("T", "A")).before[DAY] == Before("A")


def test_what_somebody_cleared_since_does_not_come_back() -> None:
    ours = after(("T", None), (BLANK, "T"), ("T", "A"), ("A", "T"), ("T", BLANK))
    assert ours.before[DAY] == PRESENT


def test_our_own_blank_hides_nothing() -> None:
    assert after(("T", None), (BLANK, "T"), ("T", BLANK)).before[DAY] == PRESENT
