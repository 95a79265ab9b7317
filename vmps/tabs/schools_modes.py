"""What PowerSchool's recent attendance says of the modes, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vmps.services.check_modes import ModesChecked
from vmps.services.list_schools import ListedSchool
from vmps.services.observed_modes import ModeDifference, Preferences
from vmps.words import count_of

_PREFERENCES = {
    Preferences.AGREE: ", and its preferences say so too",
    Preferences.DISAGREE: ", though its preferences do not say so",
    Preferences.UNKNOWN: "",
}


@dataclass(frozen=True, slots=True)
class ModeNote:
    """How a school's mode differs, and who does what."""

    text: str
    fix: str


def notes_of(schools: Iterable[ListedSchool], *, can_edit: bool) -> dict[int, ModeNote]:
    """Return a note for each school that differs, by its id."""
    return {
        listed.school.id: _note(listed.difference, listed, can_edit=can_edit)
        for listed in schools
        if listed.difference
    }


def _note(
    difference: ModeDifference, listed: ListedSchool, *, can_edit: bool
) -> ModeNote:
    modes = " and ".join(mode.label for mode in difference.used)
    text = (
        f"PowerSchool seems to keep attendance by {modes} here:"
        f" {difference.count} of the last {count_of(difference.total, 'row')}"
        f"{_PREFERENCES[difference.preferences]}."
    )
    if not can_edit:
        return ModeNote(text, "Tell a District Admin.")
    if not listed.school.mode:
        return ModeNote(text, "If that is right, choose it and save.")
    choice = "one of them" if len(difference.used) > 1 else modes
    return ModeNote(
        text,
        f"If that is right, choose {choice} and save; if not, have a PowerSchool"
        " administrator check how the school takes attendance.",
    )


def told_of(checked: ModesChecked) -> str:
    """Return what a check found."""
    told = f"Checked {count_of(checked.checked, 'school')}."
    if not checked.different:
        told += " None differs from PowerSchool."
    elif checked.different == 1:
        told += " One differs from PowerSchool: see the note beside it."
    else:
        told += f" {checked.different} differ from PowerSchool: see their notes."
    if checked.left:
        left = count_of(checked.left, "school")
        told += f" Time ran out for {left}: press again to go on."
    return told
