"""Matches of published lots, kept with everything that makes them replay: feature values, contributions, scorer version, day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Date, Float, Index, Integer, Text, cast, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from matchmaker.domain.exposure import NOTHING_SHOWN, Exposure, Turns
from matchmaker.domain.lot_state import LotState
from matchmaker.domain.match import Match
from matchmaker.storage.codec import from_document, json_text, to_document
from matchmaker.storage.columns import Json, SortText
from matchmaker.storage.copying import copy_rows
from matchmaker.storage.exposure import add_exposure, load_exposure
from matchmaker.storage.notice_tables import LotRow, NoticeRow
from matchmaker.storage.organisation_tables import OrganisationRow

_decode = msgspec.json.Decoder(Match).decode

TOLD = "told"
"""The scope of single matches that an alert rests on."""


class MatchRunRow(SQLModel, table=True):
    """One computation for one lot and scope. ``basis`` is the fingerprint of the need and of the suppliers as they were."""

    __tablename__ = "match_run"

    lot_id: str = Field(sa_type=SortText, primary_key=True)
    """``NOTICE_ID/LOT``."""
    scope: str = Field(sa_type=Text, primary_key=True)
    scorer_version: str = Field(sa_type=Text)
    computed_on: date = Field(sa_type=Date)
    basis: str = Field(sa_type=Text)
    kept: int = Field(sa_type=Integer)
    """How many matches were asked for; fewer rows mean there are no more."""
    turns: dict[str, Any] | None = Field(sa_type=Json, nullable=True)
    """The ``Turns`` that made the order: base order, exposure state used, and what the list gave."""


class MatchRow(SQLModel, table=True):
    """One lot and one supplier. ``doc`` is the whole ``Match``; ``position`` counts from 1, 0 where no ranking was made;
    ``base_position`` is the place by score alone, before those with scores too close to tell apart took turns.
    """

    __tablename__ = "match"

    lot_id: str = Field(sa_type=SortText, primary_key=True)
    scope: str = Field(sa_type=Text, primary_key=True)
    supplier_key: str = Field(sa_type=SortText, primary_key=True)
    position: int = Field(sa_type=Integer)
    base_position: int = Field(sa_type=Integer)
    score: float = Field(sa_type=Float)
    log_odds: float = Field(sa_type=Float)
    scorer_version: str = Field(sa_type=Text)
    computed_on: date = Field(sa_type=Date)
    doc: dict[str, Any] = Field(sa_type=Json)

    __table_args__: ClassVar[Any] = (Index("ix_match_supplier_key", "supplier_key", "score"),)


@dataclass(frozen=True, slots=True)
class Run:
    """What a stored ranking was made from; equal runs have equal matches."""

    lot_id: str
    scope: str
    scorer_version: str
    computed_on: date
    basis: str


async def suppliers_stamp(session: AsyncSession) -> str:
    """Changes whenever a supplier is written, objects, or withdraws its objection: read from two small indexes.

    The sum of versions tells what the newest moment cannot: a long import that commits after a later, shorter one.
    """
    objected = select(func.count()).where(col(OrganisationRow.objected_at).is_not(None)).scalar_subquery()
    written = select(func.sum(col(OrganisationRow.version)), func.max(col(OrganisationRow.updated_at)), objected)
    versions, newest, objections = (await session.execute(written)).one()
    return f"{versions or 0}/{newest.isoformat() if newest else ''}/{objections}"


async def load_run(session: AsyncSession, run: Run, top: int) -> list[Match] | None:
    """The stored ranking of exactly this run, its ``top`` best; None when it was not stored, or with fewer matches."""
    stored = await session.get(MatchRunRow, (run.lot_id, run.scope))
    if stored is None or stored.kept < top or _run(stored) != run:
        return None
    docs = await session.scalars(
        select(cast(col(MatchRow.doc), Text))
        .where(col(MatchRow.lot_id) == run.lot_id, col(MatchRow.scope) == run.scope, col(MatchRow.position) <= top)
        .order_by(col(MatchRow.position))
    )
    return [_decode(doc) for doc in docs]


async def current_runs(session: AsyncSession, runs: Iterable[Run], top: int) -> list[str]:
    """The lots, in order, for which exactly these rankings are stored with at least ``top`` matches, or all there are."""
    wanted = {(run.lot_id, run.scope): run for run in runs}
    lots = sorted({run.lot_id for run in wanted.values()})
    stored = await session.scalars(select(MatchRunRow).where(col(MatchRunRow.lot_id).in_(lots), col(MatchRunRow.kept) >= top))
    return sorted(row.lot_id for row in stored if wanted.get((row.lot_id, row.scope)) == _run(row))


async def load_turns(session: AsyncSession, lot_id: str, scope: str) -> Turns | None:
    """What made the order of a lot's stored ranking; None where there is none."""
    stored = await session.get(MatchRunRow, (lot_id, scope), populate_existing=True)
    return from_document(stored.turns, Turns) if stored is not None and stored.turns is not None else None


async def exposure_before(session: AsyncSession, run: Run, keys: Sequence[str]) -> dict[str, Exposure]:
    """The exposure of these suppliers without what the lot's own ranking of the same day gave: that one is replaced."""
    found = await load_exposure(session, keys)
    taken_back = await _given_today(session, run) if found else {}
    return {key: each.minus(taken_back.get(key, NOTHING_SHOWN)) for key, each in found.items()}


async def _given_today(session: AsyncSession, run: Run) -> dict[str, Exposure]:
    stored = await session.get(MatchRunRow, (run.lot_id, run.scope), populate_existing=True)
    if stored is None or stored.turns is None or stored.computed_on != run.computed_on:
        return {}
    return dict(from_document(stored.turns, Turns).given)


def _lock(run: Run) -> ColumnElement[int]:
    return func.hashtextextended(f"{run.lot_id} {run.scope}", 0, type_=BigInteger)


async def take_run(session: AsyncSession, run: Run, top: int) -> bool:
    """Whether this ranking is to be made here: false while another process makes one for the lot, or has just stored this one.

    The lot is this process's until its transaction ends.
    """
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(_lock(run)))):
        return False
    return not await current_runs(session, [run], top)


async def save_run(session: AsyncSession, run: Run, kept: int, matches: Sequence[Match], turns: Turns) -> None:
    """Stores a ranking in place of the lot's earlier one, in the transaction of ``session``; the last of two at once stays.

    ``matches`` are in the order of ``turns``. What the list gives is added to its suppliers' exposure; a ranking of the same day
    that it replaces takes its own back.
    """
    await session.execute(select(func.pg_advisory_xact_lock(_lock(run))))
    changes = dict(turns.given)
    for key, each in (await _given_today(session, run)).items():
        changes[key] = changes.get(key, NOTHING_SHOWN).minus(each)
    await add_exposure(session, changes)
    values = {
        "lot_id": run.lot_id,
        "scope": run.scope,
        "scorer_version": run.scorer_version,
        "computed_on": run.computed_on,
        "basis": run.basis,
        "kept": kept,
        "turns": to_document(turns),
    }
    statement = upsert(MatchRunRow).values(values)
    await session.execute(statement.on_conflict_do_update(index_elements=["lot_id", "scope"], set_=values))
    await session.execute(delete(MatchRow).where(col(MatchRow.lot_id) == run.lot_id, col(MatchRow.scope) == run.scope))
    by_score = {key: place for place, key in enumerate(turns.base, 1)}
    rows = [
        _columns(match, run.scope, position, by_score[match.supplier_key], run.computed_on)
        for position, match in enumerate(matches, 1)
    ]
    await copy_rows(session, MatchRow.__tablename__, [row | {"doc": json_text(row["doc"])} for row in rows])


async def save_matches(session: AsyncSession, matches: Sequence[Match], at: datetime) -> None:
    """Keeps single matches that somebody is told about, so that what was said can be replayed; the newest of a pair stays."""
    rows = [_columns(match, TOLD, 0, 0, at.date()) for match in matches]
    if not rows:
        return
    statement = upsert(MatchRow)
    replaced = {name: statement.excluded[name] for name in rows[0]}
    await session.execute(
        statement.on_conflict_do_update(index_elements=["lot_id", "scope", "supplier_key"], set_=replaced), rows
    )


def _columns(match: Match, scope: str, position: int, base_position: int, computed_on: date) -> dict[str, Any]:
    return {
        "lot_id": match.need_id,
        "scope": scope,
        "supplier_key": match.supplier_key,
        "position": position,
        "base_position": base_position,
        "score": match.score,
        "log_odds": match.log_odds,
        "scorer_version": match.scorer_version,
        "computed_on": computed_on,
        "doc": to_document(match),
    }


async def open_lot_ids(session: AsyncSession, today: date) -> list[str]:
    """Lots open or planned on ``today`` that are listed, those that close first at the beginning."""
    lasting = or_(col(LotRow.open_until).is_(None), col(LotRow.open_until) >= today)
    query = (
        select(col(LotRow.full_id))
        .where(col(LotRow.listed), col(LotRow.basis) != LotState.CLOSED.value, lasting)
        .order_by(col(LotRow.open_until).nulls_last(), col(LotRow.full_id))
    )
    return list(await session.scalars(query))


async def market_stamp(session: AsyncSession) -> tuple[str, datetime | None]:
    """Changes whenever a supplier or a notice is written; and when the last one was."""
    suppliers = await suppliers_stamp(session)
    written = select(func.count(), func.max(col(NoticeRow.taken_in_at)))
    notices, taken_in = (await session.execute(written)).one()
    changed = await session.scalar(select(func.max(col(OrganisationRow.updated_at))))
    return f"{suppliers}/{notices}/{taken_in}", max((each for each in (taken_in, changed) if each), default=None)


async def lot_sample(session: AsyncSession, count: int) -> list[str]:
    """Up to ``count`` lots spread over all that are stored, the same ones every time."""
    return list(await session.scalars(select(col(LotRow.full_id)).order_by(func.md5(col(LotRow.full_id))).limit(count)))


async def matches_of_supplier(
    session: AsyncSession, supplier_key: str, scope: str, limit: int, below: float | None = None
) -> list[Match]:
    """The stored matches of one supplier, best first, whatever day they were computed on; only those scored under ``below``."""
    wanted = [] if below is None else [col(MatchRow.score) < below]
    docs = await session.scalars(
        select(cast(col(MatchRow.doc), Text))
        .where(col(MatchRow.supplier_key) == supplier_key, col(MatchRow.scope) == scope, *wanted)
        .order_by(col(MatchRow.score).desc(), col(MatchRow.lot_id))
        .limit(limit)
    )
    return [_decode(doc) for doc in docs]


def _run(row: MatchRunRow) -> Run:
    return Run(row.lot_id, row.scope, row.scorer_version, row.computed_on, row.basis)
