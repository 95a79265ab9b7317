"""Tables and columns PowerSchool exposes: canonical spelling and kind of each."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

Value = int | str | None
Row = dict[str, Value]


class Kind(StrEnum):
    """What a column holds, as far as a filter must know."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    CLOB = "clob"


@dataclass(frozen=True)
class Table:
    """A table: its canonical name and its columns, keyed by lower-case name."""

    name: str
    columns: dict[str, "Column"]

    @cached_property
    def key(self) -> str:
        """The lower-case name, as it stands inside `tables`."""
        return self.name.lower()


@dataclass(frozen=True)
class Column:
    """A column in PowerSchool's spelling."""

    name: str
    kind: Kind

    @cached_property
    def key(self) -> str:
        """The lower-case name, as it stands in a row."""
        return self.name.lower()


def _table(name: str, **names_of_kind: str) -> Table:
    columns = [
        Column(column, Kind(kind))
        for kind, names in names_of_kind.items()
        for column in names.split()
    ]
    return Table(name, {column.key: column for column in columns})


ATTENDANCE = _table(
    "Attendance",
    number="DCID ID StudentID SchoolID YearID Calendar_DayID Attendance_CodeID CCID"
    " PeriodID Att_Interval Total_Minutes ProgramID Parent_AttendanceID"
    " Lock_Teacher_YN Lock_Reporting_YN ADA_Value_Code ADA_Value_Time ADM_Value"
    " Att_Flags WhoModifiedID",
    date="Att_Date Transaction_Date",
    text="Att_Mode_Code Prog_Crse_Type Transaction_Type PSGUID IP_Address"
    " WhoModifiedType",
    clob="Att_Comment",
)
ATTENDANCE_CODE = _table(
    "Attendance_Code",
    number="DCID ID SchoolID YearID Calculate_ADA_YN Calculate_ADM_YN"
    " Course_Credit_Points Assignment_Filter_YN Lock_Teacher_YN SortOrder",
    text="Att_Code Alternate_Code Presence_Status_CD AttendanceCodeInfo_GUID PSGUID"
    " Unused1",
    clob="Description",
)
STUDENTS = _table(
    "Students",
    number="DCID ID Student_Number SchoolID Grade_Level Enroll_Status",
    text="First_Name Last_Name",
    date="EntryDate ExitDate",
)
SCHOOLS = _table("Schools", number="DCID ID School_Number", text="Name Abbreviation")
CALENDAR_DAY = _table(
    "Calendar_Day",
    number="DCID ID SchoolID InSession A B C D E F Bell_Schedule_ID Cycle_Day_ID"
    " MembershipValue ScheduleID",
    text="Type Note",
    date="Date_Value",
)
TERMS = _table(
    "Terms",
    number="DCID ID YearID SchoolID IsYearRec Portion Attendance_Calculation_Code",
    text="Name Abbreviation",
    date="FirstDay LastDay",
)
BELL_SCHEDULE = _table(
    "Bell_Schedule",
    number="DCID ID SchoolID Year_ID Attendance_Conversion_ID",
    text="Name",
)
BELL_SCHEDULE_ITEMS = _table(
    "Bell_Schedule_Items",
    number="DCID ID Bell_Schedule_ID Period_ID Start_Time End_Time Minutes_Attended"
    " Daily_Attendance_Code Daily_Time_In_Default Daily_Time_Out_Default",
    text="ADA_Code",
)
PERIOD = _table(
    "Period",
    number="DCID ID SchoolID Year_ID Period_Number Sort_Order",
    text="Name Abbreviation",
)
CYCLE_DAY = _table(
    "Cycle_Day",
    number="DCID ID SchoolID Year_ID Day_Number SortOrder",
    text="Letter Abbreviation Day_Name",
)
SECTIONS = _table(
    "Sections",
    number="DCID ID SchoolID TermID Attendance_Type_Code",
    text="Course_Number Section_Number Expression Att_Mode_Code",
)
SECTION_MEETING = _table(
    "Section_Meeting",
    number="DCID SchoolID Year_ID SectionID Period_Number",
    text="Cycle_Day_Letter",
)
CC = _table(
    "CC",
    number="DCID ID StudentID SectionID TermID SchoolID",
    text="Expression Course_Number",
    date="DateEnrolled DateLeft",
)
PREFS = _table("Prefs", number="DCID ID SchoolID YearID UserID", text="Name Value")

TABLES = {
    table.key: table
    for table in (
        ATTENDANCE,
        ATTENDANCE_CODE,
        BELL_SCHEDULE,
        BELL_SCHEDULE_ITEMS,
        CALENDAR_DAY,
        CC,
        CYCLE_DAY,
        PERIOD,
        PREFS,
        SCHOOLS,
        SECTIONS,
        SECTION_MEETING,
        STUDENTS,
        TERMS,
    )
}
