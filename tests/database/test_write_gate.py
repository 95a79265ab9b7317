"""The queue in front of SQLite: one writer, fair, patient for so long, fork-safe."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from tests.cast import make_district
from vmps import db
from vmps.write_gate import GateTimeout, WriteGate

from .conftest import Start, finish


@pytest.fixture
def gate(tmp_path: Path) -> WriteGate:
    return WriteGate(tmp_path / "writer")


def test_one_thread_writes_at_a_time(gate: WriteGate) -> None:
    inside: list[int] = []
    most: list[int] = []

    def write() -> None:
        for _ in range(50):
            with gate.held(10):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(most), max(most)) == (400, 1)


def test_a_thread_that_waits_too_long_is_told(gate: WriteGate) -> None:
    told: list[float] = []

    def wait() -> None:
        began = time.monotonic()
        with pytest.raises(GateTimeout, match="thread"), gate.held(0.2):
            pass
        told.append(time.monotonic() - began)

    with gate.held(1):
        other = threading.Thread(target=wait)
        other.start()
        other.join()
    assert 0.15 < told[0] < 1


def test_another_process_is_waited_for_so_long(tmp_path: Path) -> None:
    with WriteGate(tmp_path / "writer").held(1):
        began = time.monotonic()
        with (
            pytest.raises(GateTimeout, match="process"),
            WriteGate(tmp_path / "writer").held(0.2),
        ):
            pass
        assert 0.15 < time.monotonic() - began < 1


def test_the_gate_is_free_after_a_time_out_and_after_an_error(gate: WriteGate) -> None:
    with pytest.raises(ValueError, match="no"), gate.held(1):
        raise ValueError("no")
    with gate.held(0), pytest.raises(GateTimeout), gate.held(0.05):
        pass
    with gate.held(0):
        pass


def exit_code(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def fork_and_write(gate: WriteGate, wait_seconds: float) -> int:
    """Write in a child; return its process id. It ends with 0, or 7 on a time-out."""
    child = os.fork()
    if child:
        return child
    code = 9
    try:
        with gate.held(wait_seconds):
            code = 0
    except GateTimeout:
        code = 7
    finally:
        os._exit(code)


def test_a_child_of_a_process_that_writes_waits_for_it(gate: WriteGate) -> None:
    with gate.held(1):
        assert exit_code(fork_and_write(gate, 0.2)) == 7
        patient = fork_and_write(gate, 5)
        time.sleep(0.1)
    assert exit_code(patient) == 0


def test_a_child_gives_nothing_of_its_parents_away(gate: WriteGate) -> None:
    with gate.held(1):
        exit_code(fork_and_write(gate, 0))
        assert exit_code(fork_and_write(gate, 0.1)) == 7
    with gate.held(0):
        pass


def test_a_child_forked_while_a_thread_writes_can_write(gate: WriteGate) -> None:
    began, end = threading.Event(), threading.Event()

    def write() -> None:
        with gate.held(1):
            began.set()
            end.wait(5)

    thread = threading.Thread(target=write)
    thread.start()
    began.wait(5)
    child = fork_and_write(gate, 5)
    end.set()
    thread.join()
    assert exit_code(child) == 0


def test_a_child_keeps_no_lock_of_a_parent_that_died(tmp_path: Path) -> None:
    said, told = os.pipe()
    parent = os.fork()
    if not parent:
        gate = WriteGate(tmp_path / "writer")
        with gate.held(1):
            if not os.fork():
                os.write(told, b"x")
                time.sleep(3)
            else:
                time.sleep(0.2)
            os._exit(0)  # with the gate held, as a killed writer would
    os.read(said, 1)
    os.waitpid(parent, 0)
    with WriteGate(tmp_path / "writer").held(0.5):
        pass
    os.close(said)
    os.close(told)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_processes_take_turns(database_url: str, start: Start) -> None:
    make_district()
    processes = [start("take_turns", database_url, 2) for _ in range(4)]
    said = [line.split() for line in finish(*processes)]
    turns = [int(count) for count, _ in said]
    assert min(turns) > max(turns) / 10
    assert max(float(longest) for _, longest in said) < 1.5


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_writer_of_ours_is_waited_for(database_url: str, start: Start) -> None:
    make_district()
    other = start("hold_gate", database_url, 1)
    with pytest.raises(GateTimeout), db.transaction(wait_seconds=0.2):
        pass
    with db.transaction(wait_seconds=5):
        pass
    assert other.wait(5) == 0
