"""The query that the plugin brings along: many students by a list of numbers."""

# Written for Oracle and run by PowerSchool. How a list is declared as an argument is
# nowhere told, a text is: so the numbers come as one text of digits and commas. Both
# arguments name a column of text, for PowerSchool takes them for what it holds.

from collections.abc import Iterable

from vmps.powerschool.rows import STUDENT_COLUMNS

#: Five parts, as PowerSchool wants: com, organization, product, area and name.
STUDENTS_LISTED = "com.vmps.attendance.student.students_listed"
#: File and query share their names with no other plugin's: PowerSchool wants that.
STUDENTS_FILE = "queries_root/vmps_attendance.named_queries.xml"
#: Oracle's texts have 4,000 characters, and the query puts a comma on either side.
LONGEST_LIST = 3900

_TABLE = "students"
_TEXT_COLUMN = "STUDENTS.LAST_NAME"
_ARGUMENTS = {
    "kind": "What the numbers are: dcid, id or student_number.",
    "numbers": "Digits and commas, such as 104,2077.",
}
_SQL = """\
select
  {columns}
from students
where instr(
  ',' || :numbers || ',',
  ',' || case :kind
    when 'dcid' then to_char(students.dcid)
    when 'id' then to_char(students.id)
    when 'student_number' then to_char(students.student_number)
  end || ','
) > 0
order by students.dcid"""


def query_files() -> dict[str, str]:
    """What stands beside plugin.xml in the ZIP, by path."""
    return {STUDENTS_FILE: _students_xml()}


def lists_of(numbers: Iterable[int], longest: int = LONGEST_LIST) -> list[str]:
    """The numbers as texts for the query, as few as hold them."""
    texts: list[str] = []
    for number in sorted(set(numbers)):
        longer = f"{texts[-1]},{number}" if texts else ""
        if longer and len(longer) <= longest:
            texts[-1] = longer
        else:
            texts.append(str(number))
    return texts


def _students_xml() -> str:
    args = "\n".join(
        f'      <arg name="{name}" column="{_TEXT_COLUMN}" required="true"'
        f' type="primitive" description="{meaning}" casing="none"/>'
        for name, meaning in _ARGUMENTS.items()
    )
    columns = "\n".join(
        f'      <column column="{_TABLE.upper()}.{name.upper()}">{name}</column>'
        for name in STUDENT_COLUMNS
    )
    sql = _SQL.format(
        columns=",\n  ".join(f"{_TABLE}.{name} as {name}" for name in STUDENT_COLUMNS)
    )
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<queries>
  <query name="{STUDENTS_LISTED}" coreTable="{_TABLE}" flattened="true" tags="">
    <summary>Students by a list of their numbers</summary>
    <description>Who the students of late check-ins are.</description>
    <args>
{args}
    </args>
    <columns>
{columns}
    </columns>
    <sql><![CDATA[
{sql}
]]></sql>
  </query>
</queries>
"""
