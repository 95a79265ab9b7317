"""A roster's CSV file: its columns, its lines, and everything wrong with them."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from vmps.services.problems import Problem

COLUMNS = (
    "school_number",
    "sis_id",
    "student_number",
    "first_name",
    "last_name",
    "grade",
)


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One student of the file."""

    school_number: str
    sis_id: str
    student_number: str
    first_name: str
    last_name: str
    grade: str

    @property
    def personal(self) -> tuple[str, str, str, str]:
        """Return what may change of a student at a school."""
        return self.student_number, self.first_name, self.last_name, self.grade


def read_roster(file: Path, school_numbers: Collection[str]) -> list[RosterLine]:
    """Return the file's students; a Problem lists every bad line with its number."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text, strict=True)
            _check_header(reader.fieldnames)
            checker = _Checker(school_numbers)
            lines = list(checker.check(reader))
    except OSError as error:
        raise Problem(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Problem(f"{file} is not UTF-8: save it as CSV UTF-8.") from None
    except csv.Error as error:
        raise Problem(f"{file}, line {reader.line_num}: {error}.") from None
    if checker.problems:
        count = len(checker.problems)
        raise Problem(
            f"Nothing was imported: {count} bad line{'s' if count > 1 else ''}.",
            details=checker.problems,
        )
    if not lines:
        raise Problem(f"{file} holds no students.")
    return lines


def _check_header(names: Collection[str] | None) -> None:
    missing = [column for column in COLUMNS if column not in (names or ())]
    if missing:
        raise Problem(f"Line 1 lacks the column {', '.join(missing)}.")


class _Checker:
    """Checks line by line, and remembers what was wrong."""

    def __init__(self, school_numbers: Collection[str]) -> None:
        self.problems: list[str] = []
        self._school_numbers = school_numbers
        self._seen: dict[str, int] = {}

    def check(self, reader: csv.DictReader[str]) -> Iterator[RosterLine]:
        for row in reader:
            if None in row or None in row.values():
                self._say(reader.line_num, "another number of columns than line 1")
                continue
            line = _line_of(row)
            problem = self._problem(line, reader.line_num)
            if problem:
                self._say(reader.line_num, problem)
            else:
                yield line

    def _problem(self, line: RosterLine, number: int) -> str:
        if not line.sis_id:
            return "sis_id is empty"
        first = self._seen.setdefault(line.sis_id, number)
        if first != number:
            return f"sis_id {line.sis_id} was on line {first} already"
        if not (line.first_name or line.last_name):
            return "the name is empty"
        if line.school_number not in self._school_numbers:
            return f"unknown school_number {line.school_number!r}"
        return ""

    def _say(self, number: int, problem: str) -> None:
        self.problems.append(f"Line {number}: {problem}.")


def _line_of(row: dict[str, str]) -> RosterLine:
    values = {column: row[column].strip() for column in COLUMNS}
    number = values["school_number"]
    if number.isascii() and number.isdigit():
        values["school_number"] = str(int(number))
    return RosterLine(**values)
