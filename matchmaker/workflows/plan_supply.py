"""Who could do the work of a need: every supplier able to, and for a lot of several tasks or places, who could do which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.match import WITHIN_REACH, Criterion, Match, Need, out_of_reach
from matchmaker.domain.organisation import Organisation
from matchmaker.domain.values import CpvCode, NutsCode
from matchmaker.planning.plan import Assumptions
from matchmaker.planning.planner_inputs import Part, Supplier, ToEuro, supplier_of
from matchmaker.scoring.criteria.capability import supplier_text
from matchmaker.scoring.criteria.place import lot_place, place
from matchmaker.scoring.criteria.reach import Remembered
from matchmaker.scoring.matching import match
from matchmaker.scoring.narrowing import narrowing
from matchmaker.storage.candidates import Candidates, Scope, Search, load_candidates
from matchmaker.storage.plan_candidates import find_keys_to_plan
from matchmaker.workflows.tools import MatchTools

LOOKED_AT = 120
"""Capabilities that each way in brings at first. Suppliers come nearest in meaning first, and those able to do the work are
almost all among the nearest: where they are more than a third of these, four times as many are looked at."""

MOST_TASKS = 6
MOST_PLACES = 12


@dataclass(frozen=True)
class Supply:
    """``suppliers`` are able and not known to be out of reach, ``beyond`` able and out of reach; both best first. ``partly`` can
    do one task or reach one place alone. ``late``: too few days are left for them. ``looked_at`` were compared.
    """

    suppliers: tuple[Supplier, ...]
    beyond: tuple[Supplier, ...]
    partly: tuple[Supplier, ...]
    tasks: tuple[Part, ...]
    places: tuple[Part, ...]
    late: frozenset[str]
    looked_at: int


async def supply_of(
    session: AsyncSession, need: Need, tools: MatchTools, to_euro: ToEuro, today: date, assumed: Assumptions
) -> Supply:
    """Everybody able to do the work of ``need``, matched once."""
    search = Search(
        narrowing(need, tools.reference, tools.encoder, tools.capability), Scope.EUROPE, tools.shown_sources, LOOKED_AT
    )
    while True:
        keys = await find_keys_to_plan(session, search)
        found = await load_candidates(session, keys)
        matches = match(need, found.organisations, found.vectors, tools.capability, tools.reference, today)
        able = [each for each in matches if _capable(each, assumed)]
        if 3 * len(able) <= search.limit or len(keys) < search.limit:
            break
        search = replace(search, limit=4 * search.limit)
    return _sorted(need, matches, able, found, tools, to_euro, today, assumed)


def _capable(match: Match, assumed: Assumptions) -> bool:
    value = match.criterion(Criterion.CAPABILITY).value
    return value is not None and value >= assumed.capable_from


def _sorted(
    need: Need,
    matches: Sequence[Match],
    able: Sequence[Match],
    found: Candidates,
    tools: MatchTools,
    to_euro: ToEuro,
    today: date,
    assumed: Assumptions,
) -> Supply:
    organisations = {each.key: each for each in found.organisations}
    made = {each.supplier_key: supplier_of(each, organisations[each.supplier_key], to_euro, today) for each in matches}
    suppliers = tuple(made[each.supplier_key] for each in able if not out_of_reach(each))
    beyond = tuple(made[each.supplier_key] for each in able if out_of_reach(each))
    near = [each.supplier_key for each in matches if not out_of_reach(each)]
    tasks = _tasks(need, [organisations[key] for key in near], found, tools, assumed)
    places = _places(need, [each.organisation for each in (*suppliers, *beyond)], tools)
    whole = {each.key for each in (*suppliers, *beyond)}
    doers = {key for part in tasks for key in part.doers} - whole
    partly = tuple(made[key] for key in near if key in doers)
    late = frozenset(
        each.supplier_key for each in able if (days := each.criterion(Criterion.TIMING).value) is not None and 0 < days < 1
    )
    return Supply(suppliers, beyond, partly, tasks, places, late, len(matches))


def _tasks(
    need: Need, organisations: Sequence[Organisation], found: Candidates, tools: MatchTools, assumed: Assumptions
) -> tuple[Part, ...]:
    """The lot's CPV codes as tasks; none where it has one. Suppliers are judged for each by its code alone."""
    codes = tasks_of(need.cpvs)[:MOST_TASKS]
    if len(codes) < 2:
        return ()
    texts = [supplier_text(each, found.vectors.get(each.key)) for each in organisations]
    stated = dict(assumed.task_parts)
    shares = _shares([stated.get(code.code) for code in codes])
    parts = []
    for code, share in zip(codes, shares, strict=True):
        answers = tools.capability.assess(replace(need, title={}, description={}, cpvs=(code,)), texts)
        doers = {
            text.key: answer.probability
            for text, answer in zip(texts, answers, strict=True)
            if answer.probability >= assumed.capable_from
        }
        label = tools.reference.cpv.label(code, "en") or code.code
        parts.append(Part(label, code.code, share, doers, code.code in stated))
    return tuple(parts)


def tasks_of(codes: Sequence[CpvCode]) -> tuple[CpvCode, ...]:
    """The codes that name different work, in order: a code above another of the lot says nothing more than that one."""
    different = tuple(dict.fromkeys(codes))
    return tuple(code for code in different if not any(code != other and code.covers(other) for other in different))


def _shares(stated: Sequence[float | None]) -> list[float]:
    """Parts of the value that sum to one: those stated, the rest in equal parts."""
    given = sum(share for share in stated if share is not None)
    silent = sum(share is None for share in stated)
    rest = max(0.0, 1.0 - given) / silent if silent else 0.0
    found = [rest if share is None else share for share in stated]
    whole = sum(found) or 1.0
    return [share / whole for share in found]


def _places(need: Need, organisations: Sequence[Organisation], tools: MatchTools) -> tuple[Part, ...]:
    """The lot's regions; none where it has one. A supplier counts for a region that it reaches or might, its place unknown."""
    regions = Remembered(tools.reference.nuts)
    codes = lot_place(need, regions).regions
    if not 2 <= len(codes) <= MOST_PLACES:
        return ()
    people = [tools.reference.nuts.population(code) for code in codes]
    known = [number for number in people if number]
    weights = [number / sum(known) for number in known] if len(known) == len(codes) else [1 / len(codes)] * len(codes)
    return tuple(_place(need, code, weight, organisations, regions) for code, weight in zip(codes, weights, strict=True))


def _place(need: Need, code: NutsCode, weight: float, organisations: Sequence[Organisation], regions: Remembered) -> Part:
    where = lot_place(replace(need, nuts=(code,)), regions)
    reached: Mapping[str, float | None] = {each.key: place(where, each, regions).value for each in organisations}
    doers = {key: 1.0 for key, value in reached.items() if value is None or value >= WITHIN_REACH}
    return Part(regions.name(code, "en") or code.code, code.code, weight, doers)
