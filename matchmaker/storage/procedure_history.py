"""The history of a procedure as it is shown: its notices in the order of time, the corresponding lots, and guesses as guesses."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from matchmaker.domain.procedure import RESULTS, Basis, Stage
from matchmaker.domain.procedure_guesses import Confidence
from matchmaker.domain.procedure_lots import lot_number
from matchmaker.storage.notice_tables import LotRow
from matchmaker.storage.procedure_tables import AwardRow, AwardWinnerRow, NoticeFactsRow, ProcedureGuessRow, ProcedureNoticeRow

MOST_NOTICES = 200
"""Of one procedure: a dynamic purchasing system may publish hundreds of awards; the latest are shown."""

MAKES_A_HISTORY = 2


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A notice of a procedure.

    ``guess`` is None where it belongs there for sure, by ``basis``. ``lot`` is the full id of its lot that corresponds to the
    one asked for; where none is known, that of its first lot. ``winners`` are the organisations that won that lot.
    """

    notice_id: str
    stage: Stage
    published: date | None
    basis: Basis
    guess: Confidence | None = None
    corrects: bool = False
    superseded: bool = False
    lot: str | None = None
    same_lot: bool = False
    lots: int = 0
    winners: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[date, str]:
        """By day of publication, then by number."""
        return (self.published or date.max, self.notice_id)


@dataclass(frozen=True, slots=True)
class History:
    """The notices in the order of time; ``elsewhere`` counts results that concern other lots only and are left out."""

    keys: tuple[str, ...] = ()
    entries: tuple[HistoryEntry, ...] = ()
    elsewhere: int = 0


@dataclass(slots=True)
class _Members:
    """What is stored of the notices around one."""

    rows: dict[str, tuple[ProcedureNoticeRow, NoticeFactsRow, Confidence | None]] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """The procedures that the notice belongs to for sure."""
        return tuple(sorted({row.procedure_key for row, _, guess in self.rows.values() if guess is None}))


async def find_notice(session: AsyncSession, notice_or_procedure: str) -> str | None:
    """The number of a notice given its number, or that of the first notice with this procedure id (BT-04); None: neither."""
    wanted = notice_or_procedure.strip()
    query = (
        select(col(NoticeFactsRow.notice_id))
        .where(or_(col(NoticeFactsRow.notice_id) == wanted, col(NoticeFactsRow.procedure_id) == wanted.lower()))
        .order_by(col(NoticeFactsRow.published).nulls_last(), col(NoticeFactsRow.notice_id))
        .limit(1)
    )
    return await session.scalar(query)


async def history_of(session: AsyncSession, notice_id: str, lot_id: str | None = None) -> History:
    """The history of a notice's procedure, as seen from one of its lots (None: from the whole notice)."""
    members = await _members(session, notice_id)
    if len(members.rows) < MAKES_A_HISTORY:
        rows = (_entry(row, facts, guess, (), (), None) for row, facts, guess in members.rows.values())
        return History(members.keys, tuple(rows))
    lots = await _lots(session, members.rows)
    awards = await _awards(session, [number for number, (row, *_) in members.rows.items() if Stage(row.stage) in RESULTS])
    origin = _origin(notice_id, lot_id, awards)
    entries, elsewhere = [], 0
    for number, (row, facts, guess) in members.rows.items():
        mine = [award for award in awards.get(number, ()) if origin is None or _concerns(award, origin)]
        if origin and number != notice_id and awards.get(number) and not mine:
            elsewhere += 1
            continue
        entries.append(_entry(row, facts, guess, lots.get(number, []), mine, origin))
    entries.sort(key=lambda entry: entry.order)
    return History(members.keys, tuple(entries[-MOST_NOTICES:]), elsewhere)


async def _members(session: AsyncSession, notice_id: str) -> _Members:
    members = _Members()
    await _add(session, members, notice_id, None)
    sure = frozenset(members.rows)
    guessed = select(ProcedureGuessRow).where(
        or_(col(ProcedureGuessRow.later).in_(sure), col(ProcedureGuessRow.earlier).in_(sure))
    )
    for guess in (await session.scalars(guessed.order_by(col(ProcedureGuessRow.later)))).all():
        other = guess.earlier if guess.later in sure else guess.later
        await _add(session, members, other, Confidence(guess.confidence))
    return members


async def _add(session: AsyncSession, members: _Members, notice_id: str, guess: Confidence | None) -> None:
    """Every notice of the procedures that this notice belongs to."""
    own = aliased(ProcedureNoticeRow)
    keys = select(col(own.procedure_key)).where(col(own.notice_id) == notice_id)
    query = (
        select(ProcedureNoticeRow, NoticeFactsRow)
        .join(NoticeFactsRow, col(NoticeFactsRow.notice_id) == col(ProcedureNoticeRow.notice_id))
        .where(col(ProcedureNoticeRow.procedure_key).in_(keys))
        .order_by(col(NoticeFactsRow.published).desc().nulls_last(), col(ProcedureNoticeRow.procedure_key))
        .limit(MOST_NOTICES)
    )
    for row, facts in await session.execute(query):
        members.rows.setdefault(row.notice_id, (row, facts, guess))


Lots = Mapping[str, Sequence[tuple[str, str]]]
"""By notice: (lot id, full id) in the order of the notice."""

Award = tuple[AwardRow, tuple[str, ...]]


async def _lots(session: AsyncSession, ids: Iterable[str]) -> Lots:
    query = (
        select(col(LotRow.notice_id), col(LotRow.lot_id), col(LotRow.full_id))
        .where(col(LotRow.notice_id).in_(list(ids)))
        .order_by(col(LotRow.notice_id), col(LotRow.position))
    )
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for notice_id, lot_id, full_id in await session.execute(query):
        found[notice_id].append((lot_id, full_id))
    return found


async def _awards(session: AsyncSession, ids: Sequence[str]) -> Mapping[str, list[Award]]:
    winners: defaultdict[str, list[str]] = defaultdict(list)
    named = (
        select(col(AwardWinnerRow.full_id), col(AwardWinnerRow.name))
        .join(AwardRow, col(AwardRow.full_id) == col(AwardWinnerRow.full_id))
        .where(col(AwardRow.notice_id).in_(ids))
        .order_by(col(AwardWinnerRow.full_id), col(AwardWinnerRow.position))
    )
    for full_id, name in await session.execute(named):
        winners[full_id].append(name)
    found: defaultdict[str, list[Award]] = defaultdict(list)
    query = select(AwardRow).where(col(AwardRow.notice_id).in_(ids)).order_by(col(AwardRow.full_id))
    for award in await session.scalars(query):
        found[award.notice_id].append((award, tuple(winners[award.full_id])))
    return found


@dataclass(frozen=True, slots=True)
class _Origin:
    """The lot that the history is seen from, and the lot called for that it became or came from."""

    lot_id: str
    full_id: str
    call_lot: str | None


def _origin(notice_id: str, lot_id: str | None, awards: Mapping[str, list[Award]]) -> _Origin | None:
    if lot_id is None:
        return None
    full_id = f"{notice_id}/{lot_id}"
    own = next((award for award, _ in awards.get(notice_id, ()) if award.full_id == full_id), None)
    if notice_id in awards:
        return _Origin(lot_id, full_id, own.call_lot if own else None)
    return _Origin(lot_id, full_id, full_id)


def _concerns(award: Award, origin: _Origin) -> bool:
    """Whether an award is that of the lot: by the lot called for where both are joined, else by number."""
    row = award[0]
    if row.full_id == origin.full_id:
        return True
    if row.call_lot and origin.call_lot and row.call_lot == origin.call_lot:
        return True
    joined = row.call_lot.rpartition("/")[2] if row.call_lot else row.lot_id
    return lot_number(joined) == lot_number(origin.lot_id)


def _entry(
    row: ProcedureNoticeRow,
    facts: NoticeFactsRow,
    guess: Confidence | None,
    lots: Sequence[tuple[str, str]],
    awards: Sequence[Award],
    origin: _Origin | None,
) -> HistoryEntry:
    same = _same_lot(lots, awards, origin)
    return HistoryEntry(
        notice_id=row.notice_id,
        stage=Stage(row.stage),
        published=facts.published,
        basis=Basis(row.basis),
        guess=guess,
        corrects=facts.doc.get("changes") is not None,
        superseded=row.superseded,
        lot=same or next((full_id for _, full_id in lots), None),
        same_lot=same is not None,
        lots=len(lots),
        winners=tuple(dict.fromkeys(name for _, names in awards for name in names)) if origin else (),
    )


def _same_lot(lots: Sequence[tuple[str, str]], awards: Sequence[Award], origin: _Origin | None) -> str | None:
    if origin is None:
        return None
    by_id = {full_id for _, full_id in lots}
    for wanted in (origin.full_id, origin.call_lot):
        if wanted in by_id:
            return wanted
    if len(awards) == 1:
        return awards[0][0].full_id
    numbered = [full_id for lot_id, full_id in lots if lot_number(lot_id) == lot_number(origin.lot_id)]
    if len(numbered) == 1:
        return numbered[0]
    return lots[0][1] if len(lots) == 1 else None
