"""A supplier's references out of result notices, and its answers to those that may be its own."""

from collections.abc import Mapping
from datetime import date, datetime

from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.messages import Message
from matchmaker.storage.audit import record
from matchmaker.storage.award_history import note_coverage
from matchmaker.storage.awards import Identity, Reference, answer_reference, count_winners, references_of_supplier
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.organisations import load_organisation


async def references_of(sessions: SessionMaker, supplier_key: str) -> tuple[Reference, ...]:
    """Awards that are the supplier's (``sure``), and those it should be asked about (``ask``); the latest first.

    Empty for a supplier that is unknown or objected to being listed.
    """
    async with sessions() as session:
        organisation = await load_organisation(session, supplier_key)
        return await references_of_supplier(session, organisation) if organisation else ()


async def winner_figures(sessions: SessionMaker) -> Mapping[Identity, int]:
    """How many winners are a stored supplier for sure, may be one, and are none."""
    async with sessions() as session:
        return await count_winners(session)


async def sure_references(sessions: SessionMaker, supplier_key: str) -> tuple[Reference, ...]:
    """Those that may be shown to everyone: by register number, or confirmed by the supplier."""
    return tuple(one for one in await references_of(sessions, supplier_key) if one.identity is Identity.SURE)


async def answer(sessions: SessionMaker, supplier_key: str, full_id: str, mine: bool, who: str, now: datetime) -> None:
    """Keeps the supplier's answer whether an award it was asked about is its own; noted in the audit.

    Raises:
        NotFound: no such award to ask this supplier about.
    """
    async with transaction(sessions) as session:
        organisation = await load_organisation(session, supplier_key)
        offered = await references_of_supplier(session, organisation) if organisation else ()
        before = next((one for one in offered if one.award.card.full_id == full_id), None)
        if before is None:
            raise NotFound(
                Message("There is no contract %(number)s to answer for.", {"number": full_id[:80]}),
                Message("Open the list of contracts again; the notice may have been corrected."),
            )
        await answer_reference(session, supplier_key, full_id, mine, who, now)
        await record(session, now, who, "reference", supplier_key, before={full_id: before.confirmed}, after={full_id: mine})


async def declare_coverage(sessions: SessionMaker, country: str, since: date, until: date, source: str, now: datetime) -> None:
    """Notes that every result notice of a country in a period is at hand; the look-back of Art. 77 then may answer no.

    Raises:
        InvalidValue: the period ends before it starts, or in the future.
    """
    if until < since or until > now.date():
        raise InvalidValue(
            Message("The period from %(since)s to %(until)s cannot be.", {"since": str(since), "until": str(until)}),
            Message("Give two days up to today, the earlier first."),
        )
    async with transaction(sessions) as session:
        await note_coverage(session, country, since, until, source, now)
