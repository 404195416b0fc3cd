"""Keep a search or a plan: from that moment it is a sourcing record of the buyer's team, and of nobody else."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.access import Person
from matchmaker.domain.errors import NotFound
from matchmaker.domain.exposure import Turns
from matchmaker.domain.match import Match, Need, need_of
from matchmaker.domain.messages import Message
from matchmaker.domain.sight import sight_of
from matchmaker.domain.sourcing_record import KeptSearch, NamedSupplier, RecordKind
from matchmaker.domain.values import text_in
from matchmaker.planning.plan import Assumptions, Plan
from matchmaker.storage.candidates import Scope
from matchmaker.storage.codec import Document, to_builtins, to_document
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.matches import load_turns
from matchmaker.storage.notices import load_lot
from matchmaker.storage.organisations import load_organisations
from matchmaker.workflows.match_lots import match_need, match_need_of_lot, match_suppliers
from matchmaker.workflows.sourcing_record import NewRecord, open_record
from matchmaker.workflows.tools import MatchTools

KEPT = 100
"""Matches kept of a search."""


@dataclass(frozen=True, slots=True)
class Keep:
    """For which team, under which name, and which filters the list was looked at with."""

    team_key: str
    title: str
    filters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


async def keep_shortlist(
    sessions: SessionMaker,
    person: Person,
    keep: Keep,
    need: Need,
    tools: MatchTools,
    today: date,
    now: datetime,
    scope: Scope = Scope.EUROPE,
) -> str:
    """Matches a planned purchase and opens a record of what was found; returns its id.

    Raises:
        NotAllowed: the person is no buyer in that team.
    """
    matches = await match_need(sessions, need, tools, today, KEPT, scope)
    async with transaction(sessions) as session:
        search = await _search(session, need, scope, matches, None, keep.filters, tools, today)
        return await open_record(session, person, _new(keep, RecordKind.SEARCH, need, to_document(search)), now)


async def keep_lot(
    sessions: SessionMaker, person: Person, keep: Keep, full_id: str, tools: MatchTools, today: date, now: datetime
) -> str:
    """Opens a record of a published lot's list as it is shown today, with what made its order; returns its id.

    Raises:
        NotFound: no such lot.
        NotAllowed: the person is no buyer in that team.
    """
    async with transaction(sessions) as session:
        found = await load_lot(session, full_id)
        if found is None:
            raise NotFound(Message("There is no lot %(lot)s.", {"lot": full_id[:80]}), Message("Search the lots."))
        need = need_of(*found)
        matches = await match_need_of_lot(session, need, tools, today)
        turns = await load_turns(session, full_id, Scope.EUROPE.value)
        search = await _search(session, need, Scope.EUROPE, matches, turns, keep.filters, tools, today)
        return await open_record(session, person, _new(keep, RecordKind.SEARCH, need, to_document(search)), now)


async def keep_plan(
    sessions: SessionMaker,
    person: Person,
    keep: Keep,
    plan: Plan,
    sizes_seen: Collection[str],
    tools: MatchTools,
    now: datetime,
) -> str:
    """Opens a record of a plan as it was answered, with the match of every supplier it counts; returns its id.

    What a supplier can carry is kept only of those in ``sizes_seen``, whose size the person may see.

    Raises:
        NotAllowed: the person is no buyer in that team.
    """
    keys = list(dict.fromkeys(each.key for regime in plan.regimes for each in regime.suppliers))
    matches = await match_suppliers(sessions, plan.need, keys, tools, plan.today, sight_of(person))
    async with transaction(sessions) as session:
        search = await _search(session, plan.need, Scope.EUROPE, matches, None, keep.filters, tools, plan.today)
        answer = _as_seen(to_document(plan), frozenset(sizes_seen)) | {"assumptions": _in_full(plan.assumptions)}
        content = {**to_document(search), "plan": answer}
        return await open_record(session, person, _new(keep, RecordKind.PLAN, plan.need, content), now)


def _in_full(assumptions: Assumptions) -> Document:
    """Every assumption with its value, also those that have the default of today."""
    return {each.name: to_builtins(getattr(assumptions, each.name)) for each in fields(assumptions)}


def _as_seen(plan: Document, seen: frozenset[str]) -> Document:
    """The plan's document without the size of any supplier that is not in ``seen``, nor a sum that would tell it."""
    regimes = []
    for regime in plan["regimes"]:
        suppliers = [_without_size(each, "carries", seen) for each in regime["suppliers"]]
        hidden = suppliers != regime["suppliers"]
        regimes.append(
            {name: held for name, held in regime.items() if name != "joint_euro" or not hidden} | {"suppliers": suppliers}
        )
    groups = [
        {**group, "members": [_without_size(each, "euro", seen) for each in group["members"]]} for group in plan["consortia"]
    ]
    return {**plan, "regimes": regimes, "consortia": groups}


def _without_size(supplier: Document, size: str, seen: frozenset[str]) -> Document:
    if supplier["key"] in seen or supplier.get(size) is None:
        return supplier
    return {name: held for name, held in supplier.items() if name != size}


def _new(keep: Keep, kind: RecordKind, need: Need, content: Mapping[str, object]) -> NewRecord:
    own = text_in(need.title, need.language or "")
    return NewRecord(keep.team_key, kind, keep.title or (own[1] if own else ""), need.need_id, content)


async def _search(
    session: AsyncSession,
    need: Need,
    scope: Scope,
    matches: Sequence[Match],
    turns: Turns | None,
    filters: Mapping[str, str],
    tools: MatchTools,
    today: date,
) -> KeptSearch:
    organisations = await load_organisations(session, [match.supplier_key for match in matches])
    return KeptSearch(
        need=need,
        scope=scope.value,
        looked_at=today,
        scorer_version=tools.version,
        matches=tuple(matches),
        suppliers=tuple(NamedSupplier(each.key, each.name, each.base.country, each.base.city) for each in organisations),
        filters=dict(filters),
        turns=turns,
    )
