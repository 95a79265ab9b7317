"""Every situation of every mode, delivered for real: the lines of `docs/modes.md`."""

from __future__ import annotations

import pytest

from tests.modes.conftest import Play
from tests.modes.page import MODES, PAGE, make_page
from tests.modes.situation import Situation
from tests.modes.stage import Seen

EVERY = [
    pytest.param(mode, situation, id=f"{mode}: {situation.name}")
    for mode, (_, _, situations) in MODES.items()
    for situation in situations
]


@pytest.mark.parametrize(("mode", "situation"), EVERY)
def test_powerschool_holds_what_the_table_says(
    play: Play, mode: str, situation: Situation
) -> None:
    assert play(mode, situation) == Seen(
        situation.before, list(situation.written), situation.after, list(situation.log)
    )


def test_the_page_is_made_of_the_situations() -> None:
    assert PAGE.read_text() == make_page(), "run `.venv/bin/python -m tests.modes`"


def test_no_two_situations_have_one_name() -> None:
    names = [param.id for param in EVERY]
    assert len(set(names)) == len(names)
