"""Looking students up: by school, by an id, or many by ranges or lists of ids."""

from collections.abc import Collection, Iterable

from vmps.powerschool.calls import Calls
from vmps.powerschool.deadline import Deadline
from vmps.powerschool.fiql import Condition, between
from vmps.powerschool.paging import PAGE_SIZE, all_pages
from vmps.powerschool.plugin.queries import STUDENTS_LISTED, lists_of
from vmps.powerschool.records import StudentRecord
from vmps.powerschool.rows import STUDENT_COLUMNS, student_of

ID_COLUMNS = frozenset({"dcid", "id", "student_number"})


class People:
    """The part of the client that knows STUDENTS."""

    _calls: Calls

    def students(
        self,
        *,
        deadline: Deadline,
        school_number: int | None = None,
        id: int | None = None,
        dcid: int | None = None,
        student_number: int | str | None = None,
        page_size: int = PAGE_SIZE,
    ) -> list[StudentRecord]:
        """All students that fit, page after page until a short one."""
        return all_pages(
            lambda page: self.students_page(
                page,
                deadline=deadline,
                school_number=school_number,
                id=id,
                dcid=dcid,
                student_number=student_number,
                page_size=page_size,
            ),
            page_size,
        )

    def students_page(
        self,
        page: int,
        *,
        deadline: Deadline,
        school_number: int | None = None,
        id: int | None = None,
        dcid: int | None = None,
        student_number: int | str | None = None,
        page_size: int = PAGE_SIZE,
    ) -> list[StudentRecord]:
        """One page, from 1; fewer than `page_size` students means the last one."""
        number = None if student_number is None else str(student_number)
        if number is not None and not (number.isascii() and number.isdecimal()):
            return []  # PowerSchool's numbers are digits, and it answers 400 to others
        conditions: list[Condition] = [
            ("schoolid", "==", school_number),
            ("id", "==", id),
            ("dcid", "==", dcid),
            ("student_number", "==", number),
        ]
        return self._read(conditions, page, page_size, deadline)

    def students_between(
        self,
        school_number: int | None,
        column: str,
        bounds: tuple[int, int],
        *,
        deadline: Deadline,
        page_size: int = PAGE_SIZE,
    ) -> list[StudentRecord]:
        """A school's students whose `dcid`, `id` or `student_number` is in bounds.

        Without a school those of the whole district.
        """
        conditions = [("schoolid", "==", school_number), *between(column, bounds)]
        return all_pages(
            lambda page: self._read(conditions, page, page_size, deadline), page_size
        )

    def students_with(
        self,
        column: str,
        values: Collection[int],
        *,
        deadline: Deadline,
        school_number: int | None = None,
        page_size: int = PAGE_SIZE,
    ) -> list[StudentRecord]:
        """The students whose `dcid`, `id` or `student_number` is one of these.

        One call for each window of `page_size` numbers: values that are close together
        need few of them.
        """
        wanted = _wanted(column, values)
        return [
            student
            for window in windows_of(values, page_size)
            for student in self._read(
                [
                    ("schoolid", "==", school_number),
                    *between(column, (window[0], window[-1])),
                ],
                1,
                page_size,
                deadline,
            )
            if str(getattr(student, column)) in wanted
        ]

    def students_listed(
        self, column: str, values: Collection[int], *, deadline: Deadline
    ) -> list[StudentRecord]:
        """The same students, by the query that the plugin brings: in a call or two.

        NotFound where an older plugin is installed, which has no such query.
        """
        wanted = _wanted(column, values)
        return [
            student
            for numbers in lists_of(values)
            for student in map(
                student_of,
                self._calls.query(
                    STUDENTS_LISTED, {"kind": column, "numbers": numbers}, deadline
                ),
            )
            if str(getattr(student, column)) in wanted
        ]

    def _read(
        self,
        conditions: Iterable[Condition],
        page: int,
        page_size: int,
        deadline: Deadline,
    ) -> list[StudentRecord]:
        rows = self._calls.table(
            "students",
            STUDENT_COLUMNS,
            conditions,
            deadline,
            page=page,
            page_size=page_size,
        )
        return [student_of(row) for row in rows]


def _wanted(column: str, values: Collection[int]) -> set[str]:
    if column not in ID_COLUMNS:
        raise ValueError(f"Students are not looked up by {column}.")
    return {str(value) for value in values}


def windows_of(values: Iterable[int], width: int = PAGE_SIZE) -> list[list[int]]:
    """The numbers in order, in groups that span at most `width` numbers.

    An id stands in one row, so a group's rows fit one page of that size.
    """
    windows: list[list[int]] = []
    for value in sorted(set(values)):
        if windows and value - windows[-1][0] < width:
            windows[-1].append(value)
        else:
            windows.append([value])
    return windows
