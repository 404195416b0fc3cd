"""A buyer releases one frozen list of the suppliers that agreed to be named for a lot, the same for every bidder."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from secrets import token_urlsafe

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.access import Person, Role
from matchmaker.domain.errors import InvalidValue, NotAllowed, NotFound
from matchmaker.domain.hash_chain import digest_of
from matchmaker.domain.lot_state import LotState, lot_state
from matchmaker.domain.match import Match, need_of, out_of_reach
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Lot, Notice
from matchmaker.domain.organisation import Organisation
from matchmaker.domain.released_list import (
    LOWEST_SCORE,
    Audience,
    ListedSupplier,
    ReleasedList,
    social_clause,
)
from matchmaker.domain.values import text_in
from matchmaker.reference.folding import fold
from matchmaker.storage.audit import record
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.notices import load_lot
from matchmaker.storage.organisations import load_organisations
from matchmaker.storage.released_lists import (
    consents_for,
    list_released,
    load_released,
    released_of_lot,
    save_released,
    withdraw_released,
)
from matchmaker.workflows.match_lots import match_suppliers
from matchmaker.workflows.tools import MatchTools


@dataclass(frozen=True, slots=True)
class Release:
    """What a buyer asks for. ``acts_for_buyer``: the team answers for it; ``clause_in_documents``: only they hold the clause."""

    team_key: str
    lot_id: str
    audience: Audience
    acts_for_buyer: bool
    clause_in_documents: bool = False


async def foresee(sessions: SessionMaker, lot_id: str, tools: MatchTools, today: date) -> tuple[ListedSupplier, ...]:
    """Who would stand on a list released now: everyone who agreed, whose match reaches the lowest score and whom the lot's
    place is not known to be beyond; by name.

    Raises:
        NotFound: no such lot.
    """
    async with sessions() as session:
        found = await _lot(session, lot_id)
        agreed = await consents_for(session, lot_id)
    matches = await match_suppliers(sessions, need_of(*found), sorted(agreed), tools, today)
    fitting = [each.supplier_key for each in matches if _fits(each)]
    async with sessions() as session:
        organisations = await load_organisations(session, fitting)
    return tuple(_listed(each) for each in sorted(organisations, key=lambda each: (fold(each.name), each.key)))


def _fits(match: Match) -> bool:
    return match.score >= LOWEST_SCORE and not out_of_reach(match)


async def release(sessions: SessionMaker, person: Person, wanted: Release, tools: MatchTools, today: date, now: datetime) -> str:
    """Freezes the list and releases it; returns its id. Nobody picks who stands on it.

    Raises:
        NotAllowed: the person is no buyer in that team.
        NotFound: no such lot.
        InvalidValue: the team does not answer for the buyer, the lot is closed or has no social clause, a list is out already,
            or nobody who agreed suits the lot.
    """
    if not person.serves(wanted.team_key, Role.BUYER):
        raise NotAllowed(Message("You are not a buyer in this team."), Message("Choose one of your own teams."))
    async with sessions() as session:
        notice, lot = await _lot(session, wanted.lot_id)
    _check(notice, lot, wanted, today)
    suppliers = await foresee(sessions, wanted.lot_id, tools, today)
    if not suppliers:
        raise InvalidValue(
            Message("No supplier that agreed to be named suits this lot."),
            Message("Ask suppliers you know to agree on their own page, then release the list."),
        )
    made = _made(person, wanted, notice, lot, suppliers, now)
    async with transaction(sessions) as session:
        if not await save_released(session, made, person.person_id):
            raise _already_out()
        summary = {"list": made.list_id, "team": wanted.team_key, "suppliers": len(suppliers), "hash": made.digest}
        await record(session, now, str(person.person_id), "list of subcontractors released", wanted.lot_id, after=summary)
    return made.list_id


def _made(
    person: Person, wanted: Release, notice: Notice, lot: Lot, suppliers: tuple[ListedSupplier, ...], now: datetime
) -> ReleasedList:
    """The list with the hash of all that stands on it."""
    language, title = text_in(lot.title or notice.title, notice.language) or (notice.language, wanted.lot_id)
    made = ReleasedList(
        list_id=token_urlsafe(9),
        lot_id=wanted.lot_id,
        lot_title=title,
        lot_language=language,
        team_key=wanted.team_key,
        team_name=next(each.organisation_name for each in person.memberships if each.organisation_key == wanted.team_key),
        audience=wanted.audience,
        clause_in_notice=social_clause(lot) is not None,
        lowest_score=LOWEST_SCORE,
        released_at=now,
        suppliers=suppliers,
    )
    return replace(made, digest=digest_of(made.sealed_text))


def _check(notice: Notice, lot: Lot, wanted: Release, today: date) -> None:
    if not wanted.acts_for_buyer:
        raise InvalidValue(
            Message("Only the buyer of this lot, or who acts for it, can release a list."),
            Message("Confirm that your team does."),
        )
    if lot_state(notice, lot, today) is LotState.CLOSED:
        raise InvalidValue(Message("This lot is closed."), Message("Release lists while bids are being prepared."))
    if social_clause(lot) is None and not wanted.clause_in_documents:
        raise InvalidValue(
            Message("The notice names no social clause for this lot."),
            Message("Confirm that the procurement documents hold one."),
        )


def _already_out() -> InvalidValue:
    return InvalidValue(
        Message("A list is released for this lot already, and every bidder is to see the same."),
        Message("Withdraw it as a whole first, with the reason."),
    )


async def withdraw(sessions: SessionMaker, person: Person, list_id: str, because: str, now: datetime) -> None:
    """Withdraws a list as a whole; its page stays and says why.

    Raises:
        NotFound: it is no list of the person's teams.
        InvalidValue: no reason.
    """
    reason = because.strip()
    if not 3 <= len(reason) <= 1000:
        raise InvalidValue(Message("Say in a sentence or two why the list is withdrawn."), Message("Every bidder will read it."))
    async with transaction(sessions) as session:
        found = await load_released(session, list_id)
        if found is None or not person.serves(found.team_key, Role.BUYER):
            raise _no_list()
        if await withdraw_released(session, list_id, reason, now):
            await record(session, now, str(person.person_id), "list of subcontractors withdrawn", found.lot_id, {"list": list_id})


async def read_released(sessions: SessionMaker, person: Person | None, list_id: str) -> ReleasedList:
    """A list as anybody sees it who may: everyone, or main contractors and the team that released it.

    Raises:
        NotFound: there is none, or the person may not see it; both look the same.
    """
    async with sessions() as session:
        found = await load_released(session, list_id)
    if found is None or not _may_see(person, found):
        raise _no_list()
    return found


async def released_for(sessions: SessionMaker, person: Person | None) -> list[ReleasedList]:
    """Every list the person may see, the newest first."""
    contractor = person is not None and Role.MAIN_CONTRACTOR in person.roles
    audiences = [audience.value for audience in Audience if contractor or audience is Audience.PUBLIC]
    teams = [each.organisation_key for each in person.organisations_as(Role.BUYER)] if person else []
    async with sessions() as session:
        return await list_released(session, audiences, teams)


async def released_for_lot(sessions: SessionMaker, person: Person | None, lot_id: str) -> ReleasedList | None:
    """The list of a lot where the person may see it."""
    async with sessions() as session:
        found = await released_of_lot(session, lot_id)
    return found if found is not None and _may_see(person, found) else None


def _may_see(person: Person | None, released: ReleasedList) -> bool:
    if released.audience is Audience.PUBLIC:
        return True
    return person is not None and (Role.MAIN_CONTRACTOR in person.roles or person.serves(released.team_key, Role.BUYER))


async def _lot(session: AsyncSession, lot_id: str) -> tuple[Notice, Lot]:
    found = await load_lot(session, lot_id)
    if found is None:
        raise NotFound(Message("There is no lot %(lot)s.", {"lot": lot_id[:80]}), Message("Open the lot's page and start there."))
    return found


def _listed(organisation: Organisation) -> ListedSupplier:
    return ListedSupplier(
        organisation.key,
        organisation.name,
        organisation.base.country,
        organisation.base.city,
        tuple(work.text for work in organisation.capabilities),
        organisation.language,
        organisation.website,
    )


def _no_list() -> NotFound:
    return NotFound(Message("There is no such list here."), Message("Look at the lists that are open to you."))
