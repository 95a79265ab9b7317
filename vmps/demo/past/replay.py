"""A lane's past, told by the very rules that a drain follows."""

# Planning, settling and what an error leads to are the product's own pure functions, so
# the past cannot say what the product would not. Only the calls are left out.

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from heapq import heappop, heappush

from vmps.demo.past.clerk import Clerk
from vmps.demo.past.client import link_at
from vmps.demo.past.events import Deed, PastEvent, Try, view_student
from vmps.demo.past.incidents import UNREACHABLE, Incident
from vmps.demo.past.powerschool import PastPowerSchool
from vmps.models import Action, Cause, Outcome, Status
from vmps.powerschool import Deadline
from vmps.services.identify import Resolution
from vmps.services.modes.choose import mode_of
from vmps.services.modes.mode import Held
from vmps.services.order import make_order
from vmps.services.our_writes import OurWrites, marks_of
from vmps.services.planning.day import Verdict
from vmps.services.reaction import (
    BREAKER_FAILURES,
    LaneEffect,
    Reaction,
    breaker_seconds,
)
from vmps.services.record import Sent
from vmps.services.settlement import Settlement, after_reaction, after_verdict
from vmps.services.subject import Subject, Surveyed
from vmps.services.survey import plan_surveyed
from vmps.services.triage import triage
from vmps.services.workload import Unit
from vmps.services.write import write_one

#: What somebody corrects in PowerSchool, and then retries here.
_MENDED_IN_POWERSCHOOL = {Cause.ALREADY_MARKED, Cause.REFUSED}
_ENTERED_BY_HAND = {
    Cause.ALREADY_MARKED,
    Cause.CODE_MISSING,
    Cause.SCHOOL_DISABLED,
    Cause.UNMAPPED_REASON,
}

Step = Callable[[PastEvent, datetime], None]


@dataclass(slots=True)
class _Day:
    """A student's day: its events, and what we wrote for them."""

    events: list[PastEvent] = field(default_factory=list)
    ours: OurWrites = field(default_factory=OurWrites)

    def note(self, sent: Sent, *, in_doubt_since: datetime | None = None) -> None:
        """Keep what was written, or may have been."""
        for marked in marks_of(sent.code, sent.prior_code, sent.marks):
            self.ours.add(marked, is_certain=in_doubt_since is None)
            if in_doubt_since:
                self.ours.doubt(marked.slot, marked.code, in_doubt_since)
        if sent.ps_row is not None:
            self.ours.rows.add(sent.ps_row)


class Replay:
    """One lane; events go in, and come out settled."""

    def __init__(
        self,
        powerschool: PastPowerSchool,
        chance: random.Random,
        outage: tuple[datetime, datetime] | None = None,
    ) -> None:
        #: The lane's own columns at the end.
        self.fence = 0
        self.last_success_at: datetime | None = None
        #: By student: who that was, and when PowerSchool was asked.
        self.resolutions: dict[int, tuple[Resolution, datetime]] = {}
        self.powerschool, self._chance, self._outage = powerschool, chance, outage
        self._clerk = Clerk(powerschool)
        self._deadline = Deadline.after(3600)  # nothing of the past takes long
        self._queue: list[tuple[datetime, int, Step, PastEvent]] = []
        self._days: dict[tuple[int, date], _Day] = defaultdict(_Day)
        self._open_at = self._clock = datetime.min.replace(tzinfo=UTC)
        self._failures = self._steps = 0

    def run(self, events: Iterable[PastEvent]) -> None:
        """Take the events in and go on until all are settled."""
        for event in events:
            self._later(event.accepted_at, self._arrive, event)
        while self._queue:
            due_at, _, step, event = heappop(self._queue)
            step(event, due_at)

    def _later(self, at: datetime, step: Step, event: PastEvent) -> None:
        self._steps += 1  # keeps the queue from comparing events
        heappush(self._queue, (at, self._steps, step, event))

    def _seconds(self, least: float, most: float) -> timedelta:
        return timedelta(seconds=self._chance.uniform(least, most))

    def _day_of(self, event: PastEvent) -> _Day:
        return self._days[event.student.id, event.school_day]

    def _arrive(self, event: PastEvent, at: datetime) -> None:
        day = self._day_of(event)
        day.events.append(event)
        self._clerk.mark_before(event, at)
        if event.deed_at:
            self._later(event.deed_at, self._act, event)
        if event.school.is_enabled:
            self._later(at, self._try, event)
        else:
            event.end(Status.NOT_SENT, Cause.SCHOOL_DISABLED, at)

    def _try(self, event: PastEvent, due_at: datetime) -> None:
        at = max(due_at + self._seconds(0.05, 0.3), self._open_at)
        at = max(at, self._clock + self._seconds(0.002, 0.02))
        self.fence += at - self._clock > timedelta(seconds=1)  # another drain
        if event.give_up_at and at >= event.give_up_at:  # the scheduler came first
            gave_up_at = event.give_up_at + self._seconds(0, 2)
            event.end(Status.FAILED, Cause.GAVE_UP, gave_up_at)
            return
        self._clock = at
        unit = self._unit(event)
        verdicts = triage(unit)
        if verdicts is not None:
            self._conclude(event, verdicts, at)
            return
        incident = self._incident(event, at)
        if incident and not incident.is_write:
            self._fail(event, incident, at, None)
        else:
            self._plan(event, unit, at, incident)

    def _unit(self, event: PastEvent) -> Unit:
        day = self._day_of(event)
        return Unit(
            school=event.school,
            student=view_student(event.student),
            day=event.school_day,
            events=tuple(other.day_event for other in day.events),
            claims=(event.claim,),
            ours=day.ours.by_slot(),
            standing=day.ours.standing,
            before=day.ours.before,
            uncertain=day.ours.uncertain,
            is_ambiguous=any(other.is_ambiguous for other in day.events),
            our_rows=frozenset(day.ours.rows),
        )

    def _incident(self, event: PastEvent, at: datetime) -> Incident | None:
        if self._outage and self._outage[0] <= at < self._outage[1]:
            return UNREACHABLE
        return event.incidents.pop(0) if event.incidents else None

    def _plan(
        self, event: PastEvent, unit: Unit, at: datetime, incident: Incident | None
    ) -> None:
        surveyed, link = self._survey(event, unit, at), link_at(self.powerschool, at)
        plan = plan_surveyed(surveyed, now=at)
        if not plan.writes:
            self._hear(at)
            self._conclude(event, plan.verdicts, at)
            return
        order = make_order(surveyed, plan, self._deadline)
        if incident:
            self._fail(event, incident, at, order.sent)
        if incident is None or incident.has_landed:
            (written,) = write_one(link, order, self._deadline)
        if incident is None:
            self._hear(at)
            self._day_of(event).note(written.sent)
            self._conclude(event, plan.verdicts, at, written.sent)

    def _survey(self, event: PastEvent, unit: Unit, at: datetime) -> Surveyed:
        """Read what a drain reads, at that moment."""
        powerschool, mode = self.powerschool, mode_of(event.school.mode)
        resolution = powerschool.resolve(event.student)
        self.resolutions[event.student.id] = (resolution, at)
        facts = powerschool.facts(event.school.number, event.school_day)
        subject = Subject(unit, resolution)
        link, its_facts = link_at(powerschool, at), {unit.school.id: facts}
        held = mode.read(link, [subject], its_facts, self._deadline)
        return Surveyed(subject, mode, facts, held.get(unit, Held({})))

    def _hear(self, at: datetime) -> None:
        """PowerSchool answered well."""
        self._failures = 0
        self.last_success_at = at

    def _fail(
        self, event: PastEvent, incident: Incident, at: datetime, sent: Sent | None
    ) -> None:
        reaction = incident.reaction
        ended_at = at + self._seconds(incident.seconds, incident.seconds + 0.2)
        settled = after_reaction(reaction, event.claim, ended_at, self._chance)
        self._note(event, settled, sent, at, ended_at, reaction)
        if sent and reaction.outcome is Outcome.AMBIGUOUS:
            self._day_of(event).note(sent, in_doubt_since=ended_at)
        self._block(reaction, ended_at)
        if event.status is Status.PENDING:
            self._later(event.due_at, self._try, event)

    def _block(self, reaction: Reaction, at: datetime) -> None:
        """Shut the lane for a while, where the error says so."""
        wait = 0.0
        if reaction.lane is LaneEffect.THROTTLE:
            wait = reaction.retry_after_seconds or 0.2
        elif reaction.lane is LaneEffect.FAILURE:
            self._failures += 1
            if self._failures >= BREAKER_FAILURES:
                wait = breaker_seconds(self._failures)
        self._clock = at
        self._open_at = at + timedelta(seconds=wait)

    def _conclude(
        self,
        event: PastEvent,
        verdicts: Mapping[int, Verdict],
        at: datetime,
        sent: Sent | None = None,
    ) -> None:
        ended_at = at + (self._seconds(0.1, 0.6) if sent else timedelta())
        settled = after_verdict(verdicts[event.number], event.claim, ended_at)
        self._note(event, settled, sent, at, ended_at)
        for other in self._day_of(event).events:
            verdict = verdicts.get(other.number)
            if other is not event and verdict and not verdict.is_refusal:
                other.stand(verdict.covered_by)
        if event.status is Status.PENDING:
            self._later(event.due_at, self._try, event)

    def _note(  # noqa: PLR0917 the columns of one attempt
        self,
        event: PastEvent,
        settled: Settlement,
        sent: Sent | None,
        started_at: datetime,
        ended_at: datetime,
        reaction: Reaction | None = None,
    ) -> None:
        told: Reaction | Sent | None = reaction or sent
        event.attempts.append(
            Try(
                fence=self.fence,
                started_at=started_at if sent else ended_at,
                finished_at=ended_at,
                outcome=settled.outcome,
                cause=settled.cause,
                http_status=told.http_status if told else None,
                code=sent.code if sent else None,
                prior_code=sent.prior_code if sent else None,
                ps_row=sent.ps_row if sent else None,
                request=sent.request if sent else "",
                marks=sent.marks if sent else "",
                answer=told.answer if told else "",
                detail=settled.kept_detail,
            )
        )
        event.take(settled, ended_at)

    def _act(self, event: PastEvent, at: datetime) -> None:
        """A person looks at the log in the afternoon."""
        if event.settled_at is None or event.settled_at >= at:
            return
        day = self._day_of(event)
        if event.deed is Deed.VOID and event.is_written and len(day.events) == 1:
            event.voided_at = at
        elif event.deed is Deed.RETRY and event.cause in _MENDED_IN_POWERSCHOOL:
            self._clerk.clear(event, at)
            event.interventions.append((at, Action.RETRIED))
        elif event.deed is Deed.ENTER_BY_HAND and event.cause in _ENTERED_BY_HAND:
            self._clerk.mark_instead(event, at)
            event.enter_by_hand(at)
            return
        else:
            return
        event.requeue(at)
        self._later(at, self._try, event)
