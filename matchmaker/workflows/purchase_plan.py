"""A buyer team's purchase plans: take a file in, open, delete. Nobody else learns that they exist."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from secrets import token_urlsafe

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.access import Person, Role
from matchmaker.domain.errors import NotAllowed, NotFound
from matchmaker.domain.messages import Message
from matchmaker.domain.purchase_plan import (
    Ground,
    PlannedPurchase,
    PurchasePlan,
    Subject,
    UploadCounts,
)
from matchmaker.domain.values import NutsCode
from matchmaker.ingestion.purchase_plans.rows import Defaults, PlanFile, read_plan
from matchmaker.reference.bundle import Reference
from matchmaker.storage.audit import record
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.people import team_name
from matchmaker.storage.purchase_plan_rows import KeptRow, load_rows, mark_removed, save_rows
from matchmaker.storage.purchase_plans import Progress, delete_plan, list_plans, load_plan, plan_named, progress_of, save_plan
from matchmaker.storage.purchase_words import forget_words, load_memory
from matchmaker.workflows.purchase_plan_reading import Classes, Reader

NO_PLAN = Message("There is no such purchase plan in your teams.")
OPEN_LIST = Message("Open your list of purchase plans.")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file and what it does not say: the plan's name in its team, the buyer's country (ISO-2), a place for rows without, the
    currency, the language of month names.
    """

    name: str
    file_name: str
    data: bytes
    country: str
    place: NutsCode | None = None
    currency: str = "EUR"
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The stored plan, what the upload changed, and the rows that could not be used, each with its number and reason."""

    plan: PurchasePlan
    counts: UploadCounts
    refused: tuple[tuple[int, Message], ...]


@dataclass(frozen=True)
class PlanTools:
    """What understanding a plan's words needs."""

    reference: Reference
    suggester: Classes


async def upload_plan(
    sessions: SessionMaker, person: Person, team_key: str, upload: Upload, tools: PlanTools, now: datetime
) -> Uploaded:
    """Takes a file in for a team of the person's; a plan of that name is brought to the file's version.

    Raises:
        NotAllowed: the person is no buyer in that team.
        UnreadableDocument: the file is no purchase plan.
    """
    if not person.serves(team_key, Role.BUYER):
        raise NotAllowed(
            Message("You are not a buyer in this team."), Message("Choose one of your own teams, or ask a colleague to add you.")
        )
    file = await _read(upload)
    async with transaction(sessions) as session:
        return await _store(session, team_key, upload, file, tools, now, person.email, person.person_id)


async def import_plan(
    sessions: SessionMaker, team_key: str, upload: Upload, tools: PlanTools, now: datetime, command: str
) -> Uploaded:
    """The same from the command line, for a team that exists.

    Raises:
        NotFound: there is no such team.
        UnreadableDocument: the file is no purchase plan.
    """
    file = await _read(upload)
    async with transaction(sessions) as session:
        if await team_name(session, team_key) is None:
            raise NotFound(
                Message("There is no team “%(team)s”.", {"team": team_key}),
                Message("“matchmaker people add … --role buyer” makes one."),
            )
        return await _store(session, team_key, upload, file, tools, now, command, None)


async def _read(upload: Upload) -> PlanFile:
    """Reads in a thread, so that whoever else asks is answered meanwhile."""
    return await asyncio.to_thread(read_plan, upload.data, upload.file_name, Defaults(upload.currency, upload.language))


async def _store(
    session: AsyncSession,
    team_key: str,
    upload: Upload,
    file: PlanFile,
    tools: PlanTools,
    now: datetime,
    who: str,
    person_id: int | None,
) -> Uploaded:
    known = await plan_named(session, team_key, upload.name)
    plan = PurchasePlan(
        plan_id=known.plan_id if known else token_urlsafe(12),
        team_key=team_key,
        name=upload.name,
        country=upload.country,
        currency=upload.currency,
        place=upload.place,
        file_name=upload.file_name,
        made_by=known.made_by if known else who,
        made_at=known.made_at if known else now,
        changed_at=now,
        remarks=file.remarks,
    )
    await save_plan(session, plan, person_id)
    reader = Reader(tools.reference, tools.suggester, await load_memory(session, team_key))
    purchases = await asyncio.to_thread(reader.read, file.rows, plan)
    before = {each.row_id: each for each in await load_rows(session, plan.plan_id)} if known else {}
    counts = await _bring_up_to_date(session, plan, purchases, before, tools.reference, now)
    figures = {"new": counts.new, "changed": counts.changed, "removed": counts.removed}
    await record(session, now, who, "upload purchase plan", plan.plan_id, after=figures)
    return Uploaded(plan, replace(counts, refused=len(file.refused)), file.refused)


async def _bring_up_to_date(
    session: AsyncSession,
    plan: PurchasePlan,
    purchases: Sequence[PlannedPurchase],
    before: dict[str, KeptRow],
    reference: Reference,
    now: datetime,
) -> UploadCounts:
    """Stores what is new or changed; rows whose need is the same keep what was planned of them."""
    new, changed, same = [], [], []
    for purchase in purchases:
        kept = before.get(purchase.row.row_id)
        if kept is None:
            new.append(purchase)
            continue
        carried = _carry_over(purchase, kept.purchase)
        if kept.removed or not same_need(carried, kept.purchase, plan.country):
            changed.append(carried)
        else:
            same.append(carried)
    await store_purchases(session, plan.plan_id, [*new, *changed], reference, planned_again=True)
    moved = [each for each in same if each != before[each.row.row_id].purchase]
    await store_purchases(session, plan.plan_id, moved, reference, planned_again=False)
    here = {each.row.row_id for each in purchases}
    gone = [row_id for row_id, kept in before.items() if row_id not in here and not kept.removed]
    await mark_removed(session, plan.plan_id, gone, now)
    return UploadCounts(len(new), len(changed), len(same), len(gone))


def same_need(one: PlannedPurchase, other: PlannedPurchase, country: str) -> bool:
    """Whether planning would give the same answer for both."""
    return one.need(country) == other.need(country) and one.row.whole_value == other.row.whole_value


def _carry_over(purchase: PlannedPurchase, before: PlannedPurchase) -> PlannedPurchase:
    """What somebody decided for this very row stays while its words are the same, and so does whether it is private."""
    readings = {
        subject: before.reading(subject)
        if before.reading(subject).ground is Ground.DECIDED and before.reading(subject).words == purchase.reading(subject).words
        else purchase.reading(subject)
        for subject in Subject
    }
    return replace(purchase, work=readings[Subject.WORK], place=readings[Subject.PLACE], private=before.private)


async def store_purchases(
    session: AsyncSession, plan_id: str, purchases: Sequence[PlannedPurchase], reference: Reference, *, planned_again: bool
) -> None:
    """Stores rows with about what they are worth in euro."""

    def euro(purchase: PlannedPurchase) -> Decimal | None:
        value = purchase.row.whole_value
        found = reference.currencies.to_euro(value, None) if value else None
        return found.amount if found else None

    await save_rows(session, plan_id, [(each, euro(each)) for each in purchases], planned_again=planned_again)


async def open_plan(session: AsyncSession, person: Person, plan_id: str) -> PurchasePlan:
    """A plan of one of the person's buyer teams.

    Raises:
        NotFound: there is none, or it belongs to another team; both look the same.
    """
    found = await load_plan(session, plan_id, _teams(person))
    if found is None:
        raise NotFound(NO_PLAN, OPEN_LIST)
    return found


async def open_row(session: AsyncSession, person: Person, plan_id: str, row_id: str) -> tuple[PurchasePlan, KeptRow]:
    """A row of a plan of one of the person's buyer teams.

    Raises:
        NotFound: there is none, or it belongs to another team; both look the same.
    """
    plan = await open_plan(session, person, plan_id)
    rows = await load_rows(session, plan_id, [row_id])
    if not rows:
        raise NotFound(Message("There is no such row in this purchase plan."), Message("Open the plan and choose a row."))
    return plan, rows[0]


async def plans_of(sessions: SessionMaker, person: Person) -> list[tuple[PurchasePlan, Progress]]:
    """The plans of the person's buyer teams, the last changed first, with how far each is."""
    async with sessions() as session:
        plans = await list_plans(session, _teams(person))
        progress = await progress_of(session, [plan.plan_id for plan in plans])
    return [(plan, progress.get(plan.plan_id, Progress())) for plan in plans]


async def remove_plan(sessions: SessionMaker, person: Person, plan_id: str, now: datetime, *, words_too: bool = False) -> None:
    """Deletes a plan with everything in it; ``words_too`` also what the team decided about words.

    Raises:
        NotFound: the plan is not among the person's.
    """
    async with transaction(sessions) as session:
        plan = await open_plan(session, person, plan_id)
        await delete_plan(session, plan_id)
        if words_too:
            await forget_words(session, plan.team_key)
        await record(session, now, person.email, "delete purchase plan", plan_id)


def _teams(person: Person) -> list[str]:
    return [membership.organisation_key for membership in person.organisations_as(Role.BUYER)]
