"""Plans the rows of purchase plans as private lots, many at once: what is the same for several rows is worked out once.

Nothing of it enters the stored matches, exposure or alerts: the answers are kept with the rows alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from matchmaker.domain.match import WITHIN_REACH, Need
from matchmaker.domain.organisation import Organisation
from matchmaker.domain.purchase_plan import PlannedPurchase, PurchasePlan
from matchmaker.domain.sight import BUYERS, as_counted
from matchmaker.planning.bids import default_bid_model
from matchmaker.planning.capacity import Capacity
from matchmaker.planning.plan import Assumptions, Plan
from matchmaker.planning.plan_summary import PlanSummary, brief, summary_of
from matchmaker.planning.planner_inputs import PlanContext, PlanInputs, Supplier, capacity_of
from matchmaker.scoring.capability import CapabilityModel
from matchmaker.scoring.criteria.capability import SupplierText, supplier_text
from matchmaker.scoring.criteria.place import lot_place, place
from matchmaker.scoring.criteria.reach import Remembered
from matchmaker.scoring.encoder import Encoder
from matchmaker.scoring.narrowing import narrowing
from matchmaker.scoring.student import Floats
from matchmaker.scoring.texts import need_texts
from matchmaker.storage.candidates import Scope, Search, load_candidates
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.nearest_capabilities import find_keys
from matchmaker.storage.purchase_plan_rows import KeptRow, save_summaries, waiting_rows
from matchmaker.workflows.match_day import candidates_of_day
from matchmaker.workflows.match_many import WORTH_A_PASS
from matchmaker.workflows.plan_lot import euro_on, plan_need
from matchmaker.workflows.tools import MatchTools

BATCH = 150
"""Rows planned in one transaction."""
FIRST_LOOK = 120
FARTHER = 4
"""Where more than a third of those looked at are able, so many times as many are looked at, once: beyond some hundred able
suppliers the answer no longer depends on how many more there are, and the row's own page counts them all."""
REMEMBERED = 10_000
"""Suppliers above which memory begins anew with the next batch; one takes about 10 kB."""


def context_of_row(purchase: PlannedPurchase) -> PlanContext:
    """The purchase around a row: the row alone."""
    value = purchase.row.whole_value
    return PlanContext(total=value, purchase=(value,))


@dataclass(frozen=True)
class _Known:
    """A supplier read once: the record, its texts with their vectors, what it can carry and whether that is reckoned."""

    organisation: Organisation
    text: SupplierText
    capacity: tuple[Capacity, bool]


class Batches:
    """Plans batch after batch and keeps in mind the suppliers met before."""

    def __init__(self, sessions: SessionMaker, tools: MatchTools, today: date, assumptions: Assumptions | None = None) -> None:
        self.sessions, self.tools, self.today = sessions, tools, today
        self.assumed = assumptions or Assumptions()
        self._to_euro = euro_on(tools, today)
        self._known: dict[str, _Known] = {}
        self._regions = Remembered(tools.reference.nuts)

    async def summaries(self, rows: Sequence[KeptRow], country: str) -> dict[str, PlanSummary]:
        """A summary for each row, by its id; rows that need the same work in the same place share the search."""
        if len(self._known) > REMEMBERED:
            self._known.clear()
        needs = {row.row_id: row.purchase.need(country) for row in rows}
        works = {_work(need): need for need in needs.values()}
        suppliers = dict(zip(works, await self._suppliers(list(works.values())), strict=True))
        return {
            row.row_id: self._brief(needs[row.row_id], context_of_row(row.purchase), *suppliers[_work(needs[row.row_id])])
            for row in rows
        }

    async def _suppliers(self, works: Sequence[Need]) -> list[tuple[list[Supplier], int]]:
        """For each piece of work the suppliers able to do it and not known to be out of reach, and how many were compared."""
        tools = _reading_at_once(self.tools, works)
        looked = await self._keys(works, tools, FIRST_LOOK)
        await self._read({key for keys in looked for key in keys})
        able = [self._able(need, keys, tools) for need, keys in zip(works, looked, strict=True)]
        many = [place for place, found in enumerate(able) if 3 * len(found) > FIRST_LOOK]
        if many:
            farther = await self._keys([works[place] for place in many], tools, FARTHER * FIRST_LOOK)
            await self._read({key for keys in farther for key in keys})
            for place, keys in zip(many, farther, strict=True):
                looked[place], able[place] = keys, self._able(works[place], keys, tools)
        return [(self._in_reach(need, found), len(seen)) for need, found, seen in zip(works, able, looked, strict=True)]

    async def _keys(self, works: Sequence[Need], tools: MatchTools, wanted: int) -> list[list[str]]:
        """The suppliers worth comparing: by one reading of all vectors, or by a search each where the works are few."""
        if len(works) >= WORTH_A_PASS:
            return await candidates_of_day(self.sessions, works, tools, wanted)
        found = []
        async with self.sessions() as session:
            for need in works:
                narrowed = narrowing(need, tools.reference, tools.encoder, tools.capability)
                found.append(await find_keys(session, Search(narrowed, Scope.EUROPE, tools.shown_sources, wanted)))
        return found

    def _able(self, need: Need, keys: Sequence[str], tools: MatchTools) -> list[tuple[_Known, float]]:
        """Those of the suppliers that can do the work, with the chance that an assessor would say so."""
        known = [self._known[key] for key in keys if key in self._known]
        answers = tools.capability.assess(need, [each.text for each in known])
        pairs = zip(known, answers, strict=True)
        return [(each, answer.probability) for each, answer in pairs if answer.probability >= self.assumed.capable_from]

    def _in_reach(self, need: Need, able: Sequence[tuple[_Known, float]]) -> list[Supplier]:
        """Those not known to be out of reach, likeliest first; capability stands in for the score, which only orders here."""
        where = lot_place(need, self._regions)
        found = []
        for each, chance in sorted(able, key=lambda pair: (-pair[1], pair[0].organisation.key)):
            value = place(where, each.organisation, self._regions).value
            if value is None or value >= WITHIN_REACH:
                capacity, estimated = each.capacity
                found.append(Supplier(each.organisation, chance, chance, value, capacity, estimated))
        return found

    async def _read(self, keys: set[str]) -> None:
        missing = sorted(keys - self._known.keys())
        async with self.sessions() as session:
            found = await load_candidates(session, missing)
        for each in (as_counted(one, BUYERS) for one in found.organisations):
            vectors = found.vectors.get(each.key)
            held = None if vectors is None else vectors.copy()
            self._known[each.key] = _Known(each, supplier_text(each, held), capacity_of(each, self._to_euro, self.today))

    def _brief(self, need: Need, context: PlanContext, suppliers: Sequence[Supplier], looked_at: int) -> PlanSummary:
        reference = self.tools.reference
        return brief(
            PlanInputs(
                need=need,
                context=context,
                suppliers=suppliers,
                regimes=reference.regimes,
                thresholds=reference.thresholds,
                to_euro=self._to_euro,
                model=default_bid_model(),
                today=self.today,
                scorer_version=self.tools.version,
                assumptions=self.assumed,
                looked_at=looked_at,
                art77_codes=reference.art77_codes,
            )
        )


@dataclass(frozen=True)
class _ReadBefore:
    """An encoder that has read some texts already, all at once, which is several times quicker than one by one."""

    encoder: Encoder
    vectors: Mapping[str, Floats]

    @property
    def version(self) -> str:
        """The encoder's own."""
        return self.encoder.version

    @property
    def dimensions(self) -> int:
        """The encoder's own."""
        return self.encoder.dimensions

    def encode(self, texts: Sequence[str]) -> Floats:
        """The same vectors as the encoder gives."""
        known = [self.vectors.get(text) for text in texts]
        found = [vector for vector in known if vector is not None]
        return np.array(found) if found and len(found) == len(known) else self.encoder.encode(texts)


def _reading_at_once(tools: MatchTools, works: Sequence[Need]) -> MatchTools:
    """Tools that read the words of all these needs at once."""
    if not isinstance(tools.capability, CapabilityModel):
        return tools
    texts = list(dict.fromkeys(text for need in works for text in need_texts(need)))
    encoder = _ReadBefore(tools.encoder, dict(zip(texts, tools.encoder.encode(texts), strict=True)))
    return replace(tools, encoder=encoder, capability=replace(tools.capability, encoder=encoder))


def _work(need: Need) -> tuple[object, ...]:
    """What decides who can do the work and where: neither value nor period does."""
    return tuple(need.title.items()), tuple(need.description.items()), need.cpvs, need.nuts, need.country


async def plan_waiting(batches: Batches, plan_id: str | None = None, limit: int = BATCH) -> int:
    """Plans up to ``limit`` rows that wait, of one plan where it is named; how many. None waits where it returns 0.

    The rows are locked meanwhile: several workers share them, and a plan deleted meanwhile takes its rows along.
    """
    async with transaction(batches.sessions) as session:
        found = await waiting_rows(session, limit, plan_id)
        if found is None:
            return 0
        plan, rows = found
        summaries = await batches.summaries(rows, plan.country)
        await save_summaries(session, plan.plan_id, summaries, batches.today)
    return len(rows)


async def plan_row(
    sessions: SessionMaker,
    plan: PurchasePlan,
    row: KeptRow,
    tools: MatchTools,
    today: date,
    assumptions: Assumptions | None = None,
) -> Plan:
    """The whole plan of one row, as buyers see suppliers. Under the published assumptions its summary is kept, so that the
    overview says the same.
    """
    need, context = row.purchase.need(plan.country), context_of_row(row.purchase)
    found = await plan_need(sessions, need, context, tools, today, assumptions, BUYERS)
    if assumptions in (None, Assumptions()) and not row.removed:
        async with transaction(sessions) as session:
            await save_summaries(session, plan.plan_id, {row.row_id: summary_of(found)}, today)
    return found
