"""Attendance rows in memory, indexed by what clients ask for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from vmps.simulator.columns import Row, Value

FIRST_DCID = 10_001
ID_BEHIND_DCID = 5_000  # ATTENDANCE.ID is another sequence than DCID
INSERT = "INSERT"
UPDATE = "UPDATE"
DAILY = "ATT_ModeDaily"
TIME = "ATT_ModeTime"
# what a row is of: student, school, day, mode, and the meeting where it has one
Key = tuple[int, int, str, str, int, int, int]


@dataclass
class Change:
    """One accepted write: a line of the journal and the state of its row after it."""

    n: int
    at: str
    endpoint: str
    action: str
    dcid: int
    studentid: int
    schoolid: int
    yearid: int
    att_date: str
    att_mode_code: str
    attendance_codeid: int
    att_code: str | None
    att_comment: str | None
    total_minutes: int | None
    calendar_dayid: int
    programid: int
    by: str
    ccid: int = 0
    periodid: int = 0
    att_interval: int = 0

    @property
    def key(self) -> Key:
        """What the row is of; in time mode several rows share it."""
        day = self.studentid, self.schoolid, self.att_date, self.att_mode_code
        return *day, self.ccid, self.periodid, self.att_interval


class Attendance:
    """The ATTENDANCE table."""

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self.next_dcid = FIRST_DCID
        self._upsertable: dict[Key, Row] = {}
        self._indexes: dict[tuple[str, ...], dict[tuple[Value, ...], list[Row]]] = {
            ("schoolid", "att_date"): defaultdict(list),
            ("studentid", "att_date"): defaultdict(list),
            ("studentid",): defaultdict(list),
            ("att_date",): defaultdict(list),
        }
        self._by_time: dict[int, None] = {}

    def upsertable(self, key: Key) -> Row | None:
        """Return the one row that a write of this key would update."""
        return self._upsertable.get(key)

    def daily(self, studentid: int, schoolid: int, day: str) -> Row | None:
        """Return a student's daily row."""
        return self._upsertable.get((studentid, schoolid, day, DAILY, 0, 0, 0))

    def find(self, equal: dict[str, Value]) -> tuple[list[Row], frozenset[str]]:
        """Return rows in DCID order by the best index, and which columns it settled."""
        dcid = equal.get("dcid")
        if dcid is None and isinstance(row_id := equal.get("id"), int):
            dcid = row_id + ID_BEHIND_DCID
        if isinstance(dcid, int):
            row = self.rows.get(dcid)
            return ([] if row is None else [row]), frozenset()
        for columns, index in self._indexes.items():
            if all(column in equal for column in columns):
                key = tuple(equal[column] for column in columns)
                return index.get(key, []), frozenset(columns)
        return list(self.rows.values()), frozenset()

    def apply(self, change: Change) -> None:
        """Insert or update the row of a change; its key columns never move."""
        row = self.rows.get(change.dcid)
        if row is None:
            row = self._insert(change)
        row["attendance_codeid"] = change.attendance_codeid
        row["att_comment"] = change.att_comment
        row["total_minutes"] = change.total_minutes
        row["programid"] = change.programid
        row["transaction_date"] = change.at[:10]
        row["whomodifiedtype"] = "plugin" if change.by == "plugin" else "user"
        row["written_at"] = change.at  # ours, not a column
        row["written_code"] = change.att_code
        self._by_time.pop(change.dcid, None)
        self._by_time[change.dcid] = None

    def _insert(self, change: Change) -> Row:
        row: Row = {
            "dcid": change.dcid,
            "id": change.dcid - ID_BEHIND_DCID,
            "studentid": change.studentid,
            "schoolid": change.schoolid,
            "yearid": change.yearid,
            "att_date": change.att_date,
            "att_mode_code": change.att_mode_code,
            "calendar_dayid": change.calendar_dayid,
            "ccid": change.ccid,
            "periodid": change.periodid,
            "att_interval": change.att_interval,
        }
        self.rows[change.dcid] = row
        self.next_dcid = max(self.next_dcid, change.dcid + 1)
        for columns, index in self._indexes.items():
            index[tuple(row[column] for column in columns)].append(row)
        if change.att_mode_code != TIME:
            self._upsertable[change.key] = row
        return row

    def newest(self, count: int) -> Iterable[Row]:
        """Yield the rows written last, newest first."""
        return (self.rows[dcid] for dcid in islice(reversed(self._by_time), count))
