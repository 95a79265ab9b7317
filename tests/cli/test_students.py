"""`students import`: all of a file, or nothing and every bad line."""

import time
from datetime import UTC, date, datetime

import pytest

from vmps.models import AuditEntry, School, Student

HEADER = "school_number,sis_id,student_number,first_name,last_name,grade\n"
ANN = "1817,104822,4822,Ann,Lee,\n"


@pytest.fixture
def load(run, office, tmp_path):
    """Import these lines."""

    def _load(text, *options, header=HEADER, encoding="utf-8"):
        file = tmp_path / "roster.csv"
        file.write_text(header + text, encoding=encoding)
        return run("students", "import", "--district", "Oakwood", file, *options,
                   "--json")  # fmt: skip

    return _load


def test_import_counts_what_it_did(load):
    assert load(ANN + "1817,2,,Bob,Ray,8\n").json == {
        "added": 1, "updated": 0, "archived": 0, "unchanged": 1,
    }  # fmt: skip


def test_import_reads_what_spreadsheets_write(load):
    load("01817, 2 ,,José,Ray,8\r\n", encoding="utf-8-sig")
    student = Student.get(Student.sis_id == "2")
    assert (student.first_name, student.school.number) == ("José", "1817")


@pytest.mark.parametrize(
    "line",
    ["1817,104822,1,Ann,Lee,", "1817,104822,4822,Ann,Li,", "2,104822,4822,Ann,Lee,"],
)
def test_another_number_name_or_school_forgets_the_powerschool_record(load, line):
    School.create(district=1, number="2", name="Elm")
    Student.update(ps_exit_date=date(2027, 6, 1)).execute()
    load(line)
    student = Student.get()
    assert (student.ps_id, student.ps_exit_date) == (None, None)


def test_another_grade_forgets_nothing(load):
    assert load("1817,104822,4822,Ann,Lee,8\n").json["updated"] == 1
    assert (Student.get().grade, Student.get().ps_id) == ("8", 77)


def test_who_is_absent_stays_unless_replaced(load):
    load("1817,2,,Bob,Ray,8\n")
    assert Student.get(Student.sis_id == "104822").archived_at is None
    assert load("1817,2,,Bob,Ray,8\n", "--replace").json["archived"] == 1
    assert Student.get(Student.sis_id == "104822").archived_at is not None


def test_who_comes_back_is_active_again(load):
    Student.update(archived_at=datetime.now(UTC)).execute()
    assert load(ANN).json["updated"] == 1
    assert Student.get().archived_at is None


def test_every_bad_line_is_listed_and_nothing_is_imported(load):
    lines = ("99,2,,A,B,8", "1817,,,A,B,8", "1817,3,,C,D,8", "1817,3,,C,D,8", "1,2")
    ended = load("\n".join(lines))
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines() == [
        "Nothing was imported: 4 bad lines.",
        "Line 2: unknown school_number '99'.",
        "Line 3: sis_id is empty.",
        "Line 5: sis_id 3 was on line 4 already.",
        "Line 6: another number of columns than line 1.",
    ]
    assert Student.select().count() == 1


def test_a_missing_column_is_named(load):
    ended = load("", header="sis_id,first_name,last_name,grade,student_number\n")
    assert ended.err == "Line 1 lacks the column school_number.\n"


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_an_empty_file_archives_nobody(load, text):
    assert load(text, "--replace").code == 1
    assert Student.get().archived_at is None


def test_another_encoding_is_one_sentence(load):
    ended = load("1817,2,,José,Ray,8\n", encoding="latin-1")
    assert "is not UTF-8" in ended.err


def test_an_absent_file_is_one_sentence(run, office, tmp_path):
    ended = run("students", "import", "--district", "Oakwood", tmp_path / "none.csv")
    assert (ended.code, "cannot be read" in ended.err) == (1, True)


def test_the_audit_entry_holds_counts_and_no_names(load):
    load(ANN)
    assert AuditEntry.get().action == "students.imported"
    assert "Ann" not in AuditEntry.get().detail


def test_ten_thousand_lines_take_seconds(load):
    lines = "".join(f"1817,x{n},{n},First{n},Last{n},9\n" for n in range(10_000))
    started = time.monotonic()
    assert load(lines).json["added"] == 10_000
    assert load(lines.replace("First", "Other")).json["updated"] == 10_000
    assert time.monotonic() - started < 10
