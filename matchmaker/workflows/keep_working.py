"""One round of the worker: raise alerts for new lots, send what is due, plan rows that wait, forget what is past its time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from matchmaker.alerts.compose import Composer
from matchmaker.alerts.mailers import Mailer
from matchmaker.alerts.webhooks import Poster
from matchmaker.domain.access import RATE_WINDOW
from matchmaker.domain.alert import MailKind
from matchmaker.storage.audit import forget_audit
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.outbox import forget_sign_in_items
from matchmaker.storage.signed_sessions import forget_expired
from matchmaker.workflows.dispatch_due import Dispatched, dispatch_due
from matchmaker.workflows.evidence import sweep_folder
from matchmaker.workflows.purchase_plan_planning import Batches, plan_waiting
from matchmaker.workflows.quarantine import delete_overdue
from matchmaker.workflows.raise_alerts import Raised, raise_alerts_for_new_lots
from matchmaker.workflows.raise_outcomes import raise_outcomes
from matchmaker.workflows.register_supplier import forget_abandoned
from matchmaker.workflows.remind_expiries import remind_expiries
from matchmaker.workflows.sourcing_record import delete_records_overdue
from matchmaker.workflows.tools import MatchTools

SIGN_IN_MAIL_KEPT = timedelta(days=1)
LOTS = 50
"""New lots looked at in one round, which is one transaction."""


@dataclass(frozen=True)
class Worker:
    """What a worker works with; several may run at once over one database."""

    sessions: SessionMaker
    tools: MatchTools
    mailer: Mailer
    composer: Composer
    clock: Callable[[], datetime]
    quarantine_days: int
    poster: Poster | None = None
    """Posts news to people's programs; None: nothing is posted."""
    day: date | None = None
    """The day it is taken to be for lots; None: the clock's."""
    record_years: int = 3
    """How long sourcing records are kept after award or decision."""
    audit_years: int = 5
    """How long the log of who changed what is kept."""
    evidence_folder: Path | None = None
    """Where documents lie that show a supplier's status; None: they are left alone."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did."""

    raised: Raised
    dispatched: Dispatched
    planned: int = 0
    """Rows of purchase plans."""
    outcomes: int = 0
    """Results of lots people were told of."""

    @property
    def idle(self) -> bool:
        """Whether there was nothing to do."""
        return not (self.raised.lots or self.outcomes or self.dispatched.claimed or self.planned)


async def work_once(worker: Worker) -> Round:
    """A bounded piece of work; call it again at once unless it was idle.

    While more new lots wait, news is gathered and only sign-in links leave, so that a day's notices make one mail a person.
    """
    now = worker.clock()
    raised = await raise_alerts_for_new_lots(worker.sessions, worker.tools, worker.day or now.date(), now, LOTS)
    outcomes = await raise_outcomes(worker.sessions, now, LOTS)
    new_of = (MailKind.SIGN_IN,) if raised.lots == LOTS else tuple(MailKind)
    dispatched = await dispatch_due(
        worker.sessions, worker.mailer, worker.composer, worker.clock, new_of=new_of, poster=worker.poster
    )
    planned = await plan_waiting(Batches(worker.sessions, worker.tools, worker.day or now.date()))
    return Round(raised, dispatched, planned, outcomes)


async def tidy_up(worker: Worker) -> int:
    """Reminds of expiries and deletes ended sessions, used links, counts of requests, records and documents past their time.

    How many documents.
    """
    now = worker.clock()
    await remind_expiries(worker.sessions, worker.day or now.date(), now)
    await forget_abandoned(worker.sessions, now)
    if worker.evidence_folder is not None:
        await sweep_folder(worker.sessions, worker.evidence_folder, now)
    await delete_records_overdue(worker.sessions, worker.record_years, now.date())
    async with transaction(worker.sessions) as session:
        await forget_expired(session, now, now - RATE_WINDOW)
        await forget_audit(session, now - timedelta(days=round(worker.audit_years * 365.25)))
        await forget_sign_in_items(session, now - SIGN_IN_MAIL_KEPT)
    return await delete_overdue(worker.sessions, worker.quarantine_days, now)
