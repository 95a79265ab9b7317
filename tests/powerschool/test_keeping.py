"""What is kept for some minutes: read once, by one thread, and never an error."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from vmps.powerschool import Deadline, NotSent, keeping
from vmps.powerschool.keeping import Keeper


def fail() -> int:
    raise NotSent("no")


def test_a_key_is_read_once(soon: Deadline) -> None:
    keeper = Keeper()
    assert keeper.get("a", lambda: 1, soon) == 1
    assert keeper.get("a", fail, soon) == 1
    assert keeper.get("b", lambda: 2, soon) == 2


def test_none_is_kept_like_any_other(soon: Deadline) -> None:
    keeper = Keeper()
    assert keeper.get("a", lambda: None, soon) is None
    assert keeper.get("a", fail, soon) is None


def test_an_error_is_not_kept(soon: Deadline) -> None:
    keeper = Keeper()
    with pytest.raises(NotSent):
        keeper.get("a", fail, soon)
    assert keeper.get("a", lambda: 1, soon) == 1


def test_of_many_threads_one_reads_and_the_others_wait(soon: Deadline) -> None:
    keeper, reads, may_end = Keeper(), [], threading.Event()

    def read() -> int:
        reads.append(1)
        assert may_end.wait(5)
        return 7

    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(keeper.get, "a", read, soon) for _ in range(4)]
        may_end.set()
        assert {one.result() for one in waiting} == {7}
    assert len(reads) == 1


def test_who_waits_for_another_keeps_to_the_own_deadline(soon: Deadline) -> None:
    keeper, has_begun, may_end = Keeper(), threading.Event(), threading.Event()

    def read() -> int:
        has_begun.set()
        assert may_end.wait(5)
        return 7

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(keeper.get, "a", read, soon)
        assert has_begun.wait(5)
        with pytest.raises(NotSent, match="time"):
            keeper.get("a", fail, Deadline.after(0))
        may_end.set()
        assert slow.result() == 7


def test_what_is_old_makes_room(
    soon: Deadline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_KEPT", 2)
    keeper = Keeper(seconds=0)
    for key in "abcd":
        keeper.get(key, lambda: 1, soon)
    assert len(keeper._kept) <= 2
