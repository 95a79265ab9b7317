"""What the plugin may do with every field it asks for: a call a table, then judged."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from vmps.models import AttendanceMode
from vmps.powerschool import (
    FieldGrant,
    FieldsNotGranted,
    NotFound,
    PowerSchool,
    PowerSchoolError,
)
from vmps.powerschool.errors import FULL_ACCESS
from vmps.powerschool.plugin import ACCESS_REQUEST, RequestedField, Use
from vmps.services.lacks import join_words, name_uses
from vmps.services.page_calls import Budget
from vmps.services.step_faults import StepFault, fault
from vmps.services.steps import Lack, Step, StepName, StepStatus, ok

#: Calls at a time: PowerSchool is asked for a dozen tables in one test.
AT_ONCE = 4
_NONE = frozenset({"noaccess", "blacklistnoaccess"})
_MODES = {
    Use.DAILY: AttendanceMode.DAILY,
    Use.TIME: AttendanceMode.TIME,
    Use.MEETING: AttendanceMode.MEETING,
}
#: The mode goes on without it, but it is of no other.
_OF_MODES = _MODES | {Use.HALF_DAYS: AttendanceMode.DAILY}


@dataclass(frozen=True, slots=True)
class TableLook:
    """What one table's answer tells: refused fields, and whether writing is known."""

    lacking: tuple[RequestedField, ...] = ()
    knows_writing: bool = True
    error: PowerSchoolError | None = None


def look_at_fields(
    client: PowerSchool,
    budget: Budget,
    *,
    modes: Collection[AttendanceMode],
) -> list[Step]:
    """Ask for every table of the access request; `modes` are those of the schools."""
    tables: dict[str, list[RequestedField]] = {}
    for requested in ACCESS_REQUEST:
        tables.setdefault(requested.grant.table, []).append(requested)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="fields") as pool:
        looks = pool.map(
            lambda item: _look_at_table(client, item[0], item[1], budget),
            tables.items(),
        )
        return judge(dict(zip(tables, looks, strict=True)), modes)


def _look_at_table(
    client: PowerSchool,
    table: str,
    requested: Sequence[RequestedField],
    budget: Budget,
) -> TableLook:
    try:
        access = _told_access(client, table, budget)
        if access:
            return TableLook(tuple(r for r in requested if lacks(access, r.grant)))
        columns = [r.grant.field for r in requested]
        refused = budget.call(
            lambda by: client.refused_fields(table, columns, deadline=by)
        )
    except PowerSchoolError as error:
        return TableLook(error=error)
    names = {field.field.lower() for field in refused}
    lacking = tuple(r for r in requested if r.grant.field.lower() in names)
    writes = any(r.grant.access == FULL_ACCESS for r in requested)
    return TableLook(lacking, knows_writing=not writes)


def _told_access(client: PowerSchool, table: str, budget: Budget) -> Mapping[str, str]:
    """Return the access that PowerSchool tells; an older one tells none."""
    try:
        return budget.call(lambda by: client.field_access(table, deadline=by))
    except (NotFound, FieldsNotGranted):
        return {}


def lacks(access: Mapping[str, str], wanted: FieldGrant) -> bool:
    """Tell whether the told access is less than a field needs; unknown is enough."""
    told = access.get(wanted.field.lower(), "").lower()
    return told in _NONE or (told == "viewonly" and wanted.access == FULL_ACCESS)


def judge(
    looks: Mapping[str, TableLook], modes: Collection[AttendanceMode]
) -> list[Step]:
    """Return one step when all is granted, else one for each thing that stops."""
    groups: dict[tuple[Use, ...], list[RequestedField]] = {}
    for look in looks.values():
        for requested in look.lacking:
            groups.setdefault(requested.uses, []).append(requested)
    steps = [
        _lacking_step(uses, groups[uses], modes) for uses in sorted(groups, key=_weight)
    ]
    failed = {table: look.error for table, look in looks.items() if look.error}
    unknown = [t for t, error in failed.items() if isinstance(error, NotFound)]
    steps += _unknown_steps(unknown, modes)
    steps += [_unseen_step(t, e) for t, e in failed.items() if t not in unknown]
    return steps or [_good_step(looks)]


def _weight(uses: tuple[Use, ...]) -> tuple[bool, int]:
    """What stops all modes comes first, what stops none last."""
    modes = sum(use in _MODES for use in uses)
    return (modes == 0, -modes)


def _good_step(looks: Mapping[str, TableLook]) -> Step:
    message = f"all {len(ACCESS_REQUEST)} fields of {len(looks)} tables"
    if not all(look.knows_writing for look in looks.values()):
        message += (
            " can be read; this PowerSchool does not tell whether they can be written,"
            " the first event will show it"
        )
    return ok(StepName.FIELDS, message)


def _lacking_step(
    uses: Sequence[Use],
    lacking: Sequence[RequestedField],
    modes: Collection[AttendanceMode],
) -> Step:
    count = "1 field is" if len(lacking) == 1 else f"{len(lacking)} fields are"
    lacks = tuple(Lack(r.grant.plugin_line(), tuple(uses)) for r in lacking)
    return _stopping(StepFault.FIELDS_MISSING, uses, modes, lacks=lacks, what=count)


def _unknown_steps(
    tables: Sequence[str], modes: Collection[AttendanceMode]
) -> list[Step]:
    """Tables that only unused modes need are worth no word."""
    concerned = {u for r in ACCESS_REQUEST if r.grant.table in tables for u in r.uses}
    uses = [use for use in Use if use in concerned]
    if set(uses) <= {use for use, mode in _OF_MODES.items() if mode not in modes}:
        return []
    noun = "table" if len(tables) == 1 else "tables"
    named = f"{noun} {join_words(tables)}"
    return [_stopping(StepFault.TABLES_MISSING, uses, modes, what=named)]


def _stopping(
    kind: StepFault,
    uses: Sequence[Use],
    modes: Collection[AttendanceMode],
    *,
    what: str,
    lacks: tuple[Lack, ...] = (),
) -> Step:
    """A step that fails where it stops a mode that a school has."""
    stopped = tuple(_MODES[use].value for use in uses if use in _MODES)
    is_used = any(mode.value in stopped for mode in modes)
    named = name_uses(uses)
    if stopped and not any(_OF_MODES.get(use) in modes for use in uses):
        named += "; no enabled school has such a mode"
    status = StepStatus.FAILED if is_used else StepStatus.WARNING
    return fault(kind, status=status, lacks=lacks, modes=stopped, uses=named, what=what)


def _unseen_step(table: str, error: PowerSchoolError) -> Step:
    return fault(StepFault.TABLE_NOT_SEEN, table=table, said=error)
