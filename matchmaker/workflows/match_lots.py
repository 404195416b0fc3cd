"""Match one need, or a stored lot, with the suppliers in the database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.errors import NotFound
from matchmaker.domain.exposure import Turns
from matchmaker.domain.match import Match, Need, need_of
from matchmaker.domain.messages import Message
from matchmaker.domain.sight import OPERATOR, Sight, as_counted
from matchmaker.planning.exposure import asked_for, take_turns
from matchmaker.scoring.matching import match
from matchmaker.scoring.narrowing import narrowing
from matchmaker.storage.candidates import Candidates, Scope, Search, find_candidates, load_candidates
from matchmaker.storage.codec import fingerprint, to_document
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.matches import Run, exposure_before, load_run, save_run, suppliers_stamp
from matchmaker.storage.notices import load_lot
from matchmaker.workflows.tools import MatchTools

KEPT = 200
"""Matches stored for a lot: what a page sorts and filters, and what a supplier's own list is read from."""


async def match_need(
    sessions: SessionMaker, need: Need, tools: MatchTools, today: date, top: int, scope: Scope = Scope.EUROPE
) -> list[Match]:
    """The ``top`` best suppliers for ``need`` on ``today``, ranked and explained. Nothing is stored."""
    async with sessions() as session:
        candidates = await _candidates(session, need, tools, scope)
    return ranked(candidates, need, tools, today, top)


async def match_suppliers(
    sessions: SessionMaker, need: Need, keys: Sequence[str], tools: MatchTools, today: date, sight: Sight = OPERATOR
) -> list[Match]:
    """Chosen suppliers for ``need``, ranked; the score of each is the one it has in any other list of the day, or in a plan made
    for a reader of ``sight``.
    """
    async with sessions() as session:
        candidates = await load_candidates(session, keys)
    counted = tuple(as_counted(each, sight) for each in candidates.organisations)
    return ranked(replace(candidates, organisations=counted), need, tools, today)


async def match_lot(
    sessions: SessionMaker, full_id: str, tools: MatchTools, today: date, top: int = KEPT, scope: Scope = Scope.EUROPE
) -> list[Match]:
    """The ``top`` best suppliers for a published lot (``NOTICE_ID/LOT``): the stored ranking where nothing changed, else a new
    one, which is stored.

    Raises:
        NotFound: no such lot.
    """
    async with transaction(sessions) as session:
        found = await load_lot(session, full_id)
        if found is None:
            raise NotFound(
                Message("There is no lot %(lot)s.", {"lot": full_id}),
                Message("Lots are named NOTICE/LOT, for example 00123456-2024/LOT-0001."),
            )
        return await match_need_of_lot(session, need_of(*found), tools, today, top, scope)


@dataclass(frozen=True)
class Ranking:
    """A lot's matches in the order shown: best first, those whose scores cannot be told apart taking turns from lot to lot.

    ``unkept`` is what to keep them under, with what made their order; None where they come from the store.
    """

    matches: list[Match]
    unkept: tuple[Run, Turns] | None


async def match_need_of_lot(
    session: AsyncSession, need: Need, tools: MatchTools, today: date, top: int = KEPT, scope: Scope = Scope.EUROPE
) -> list[Match]:
    """The same for a published lot already loaded, in the transaction of ``session``."""
    ranking = await ranking_of_lot(session, need, tools, today, max(top, KEPT), scope)
    if ranking.unkept is not None:
        run, turns = ranking.unkept
        await save_run(session, run, max(top, KEPT), ranking.matches, turns)
    return ranking.matches[:top]


async def ranking_of_lot(
    session: AsyncSession, need: Need, tools: MatchTools, today: date, kept: int = KEPT, scope: Scope = Scope.EUROPE
) -> Ranking:
    """The stored ranking where nothing changed, else a new one, which ``keep_ranking`` stores once the reader has it."""
    run = run_of(need, tools, today, scope, await suppliers_stamp(session))
    stored = await load_run(session, run, kept)
    if stored is not None:
        return Ranking(stored, None)
    candidates = await _candidates(session, need, tools, scope)
    matches, turns = await in_turn(session, run, ranked(candidates, need, tools, today, kept))
    return Ranking(matches, (run, turns))


def run_of(need: Need, tools: MatchTools, today: date, scope: Scope, stamp: str) -> Run:
    """What a ranking made now rests on. Its basis changes with the need, with any supplier, and with whose records may be
    shown; ``stamp`` is that of the suppliers.
    """
    basis = fingerprint([to_document(need), stamp, sorted(tools.shown_sources)])
    return Run(lot_id=need.need_id, scope=scope.value, scorer_version=tools.version, computed_on=today, basis=basis)


async def in_turn(session: AsyncSession, run: Run, matches: Sequence[Match]) -> tuple[list[Match], Turns]:
    """The matches in the order shown, and what made it."""
    scored = [(each.supplier_key, each.log_odds) for each in matches]
    turns = take_turns(run.lot_id, scored, await exposure_before(session, run, asked_for(scored)))
    by_key = {each.supplier_key: each for each in matches}
    return [by_key[key] for key in turns.order], turns


async def keep_ranking(sessions: SessionMaker, ranking: Ranking, kept: int = KEPT) -> None:
    """Stores a new ranking in a transaction of its own; nothing to do for one that is stored."""
    if ranking.unkept is None:
        return
    run, turns = ranking.unkept
    async with transaction(sessions) as session:
        await save_run(session, run, kept, ranking.matches, turns)


async def _candidates(session: AsyncSession, need: Need, tools: MatchTools, scope: Scope) -> Candidates:
    search = Search(narrowing(need, tools.reference, tools.encoder, tools.capability), scope, tools.shown_sources)
    return await find_candidates(session, search)


def ranked(candidates: Candidates, need: Need, tools: MatchTools, today: date, top: int | None = None) -> list[Match]:
    """The ``top`` best of the candidates by score."""
    return match(need, candidates.organisations, candidates.vectors, tools.capability, tools.reference, today, top)
