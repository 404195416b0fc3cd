"""Who could do the work of a need: every supplier able to, and for a lot of several tasks or places, who could do which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.match import WITHIN_REACH, Criterion, Match, Need, out_of_reach
from matchmaker.domain.organisation import Organisation
from matchmaker.domain.sight import Sight, as_counted
from matchmaker.domain.values import CpvCode, NutsCode
from matchmaker.planning.plan import Assumptions
from matchmaker.planning.planner_inputs import Part, Supplier, ToEuro, supplier_of
from matchmaker.scoring.criteria.capability import SupplierText, supplier_text
from matchmaker.scoring.criteria.place import lot_place, place
from matchmaker.scoring.criteria.reach import Remembered
from matchmaker.scoring.matching import match
from matchmaker.scoring.narrowing import narrowing
from matchmaker.storage.candidates import Candidates, Scope, Search, load_candidates
from matchmaker.storage.plan_candidates import find_keys_in_country, find_keys_in_reach
from matchmaker.workflows.tools import MatchTools

LOOKED_AT = 120
"""Capabilities that each way in brings at first. Suppliers come nearest in meaning first, and those able to do the work are
almost all among the nearest: where they are more than a third of these, four times as many are looked at."""

MOST_TASKS = 6
MOST_PLACES = 12
MOST_FOR_TASKS = 150
"""Suppliers judged for each task, those likeliest to do the lot as a whole: who does one task of it is among them."""


@dataclass(frozen=True)
class Supply:
    """``suppliers`` are able and not known to be out of reach, ``beyond`` able and out of reach; both best first. ``partly`` can
    do one task or reach one place alone. ``late``: too few days are left for them. ``looked_at`` were compared. ``placed``:
    it is known where the work is. ``banded``: of the able, those with a size that the reader may not see.
    """

    suppliers: tuple[Supplier, ...]
    beyond: tuple[Supplier, ...]
    partly: tuple[Supplier, ...]
    tasks: tuple[Part, ...]
    places: tuple[Part, ...]
    late: frozenset[str]
    looked_at: int
    placed: bool
    banded: int


@dataclass(frozen=True)
class _Pool:
    """Suppliers compared with the need, as the capability model reads them, the likeliest to do the work first, and the keys of
    those able to.
    """

    candidates: Candidates
    texts: Sequence[SupplierText]
    able: frozenset[str]


async def supply_of(
    session: AsyncSession, need: Need, tools: MatchTools, to_euro: ToEuro, today: date, assumed: Assumptions, sight: Sight
) -> Supply:
    """Everybody able to do the work of ``need``, with sizes as far as ``sight`` reaches. All that may be able are compared; only
    those that are, are matched.
    """
    search = Search(
        narrowing(need, tools.reference, tools.encoder, tools.capability), Scope.REACH, tools.shown_sources, LOOKED_AT
    )
    far = await find_keys_in_country(session, search)
    while True:
        keys = await find_keys_in_reach(session, search)
        pool = _compared(need, await load_candidates(session, sorted({*keys, *far})), tools, assumed)
        if 3 * len(pool.able.intersection(keys)) <= search.limit or len(keys) < search.limit:
            break
        search = replace(search, limit=4 * search.limit)
    return _supply(need, pool, tools, to_euro, today, assumed, sight)


def _compared(need: Need, candidates: Candidates, tools: MatchTools, assumed: Assumptions) -> _Pool:
    texts = [supplier_text(each, candidates.vectors.get(each.key)) for each in candidates.organisations]
    chances = {
        text.key: answer.probability if _says(text) else 0.0
        for text, answer in zip(texts, tools.capability.assess(need, texts), strict=True)
    }
    texts.sort(key=lambda text: (-chances[text.key], text.key))
    return _Pool(candidates, texts, frozenset(key for key, chance in chances.items() if chance >= assumed.capable_from))


def _says(text: SupplierText) -> bool:
    """Whether the supplier says anything about its work."""
    return bool(text.texts or text.cpvs)


def _supply(
    need: Need, pool: _Pool, tools: MatchTools, to_euro: ToEuro, today: date, assumed: Assumptions, sight: Sight
) -> Supply:
    tasks = _tasks(need, pool, tools, assumed)
    doers = {key for part in tasks for key in part.doers}
    known = [each for each in pool.candidates.organisations if each.key in pool.able or each.key in doers]
    organisations = {each.key: as_counted(each, sight) for each in known}
    matches = match(need, list(organisations.values()), pool.candidates.vectors, tools.capability, tools.reference, today)
    made = {each.supplier_key: supplier_of(each, organisations[each.supplier_key], to_euro, today) for each in matches}
    able = [each for each in matches if each.supplier_key in pool.able]
    beyond = tuple(made[each.supplier_key] for each in able if out_of_reach(each))
    places = _places(need, [organisations[each.supplier_key] for each in able], tools)
    return Supply(
        suppliers=tuple(made[each.supplier_key] for each in able if not out_of_reach(each)),
        beyond=beyond,
        partly=tuple(
            made[each.supplier_key] for each in matches if each.supplier_key not in pool.able and not out_of_reach(each)
        ),
        tasks=tasks,
        places=places,
        late=frozenset(each.supplier_key for each in able if _too_late(each)),
        looked_at=len(pool.texts),
        placed=bool(lot_place(need, tools.reference.nuts).regions),
        banded=sum(organisations[each.key] is not each for each in known if each.key in pool.able),
    )


def _too_late(match: Match) -> bool:
    """Whether days are left, and too few."""
    value = match.criterion(Criterion.TIMING).value
    return value is not None and 0 < value < 1


def _tasks(need: Need, pool: _Pool, tools: MatchTools, assumed: Assumptions) -> tuple[Part, ...]:
    """The lot's CPV codes as tasks; none where it has one. Suppliers are judged for each by its code and
    label; one that can do the lot as a whole does at least the task it does best."""
    codes = tasks_of(need.cpvs)[:MOST_TASKS]
    if len(codes) < 2:
        return ()
    stated = dict(assumed.task_parts)
    shares = _shares([stated.get(code.code) for code in codes])
    texts = [text for text in pool.texts[: max(MOST_FOR_TASKS, len(pool.able))] if _says(text)]
    chances = {code: _chances(need, code, texts, tools) for code in codes}
    best = {key: max(codes, key=lambda code: chances[code][key]) for key in pool.able}
    return tuple(
        Part(
            _label(code, tools),
            code.code,
            share,
            {key: chance for key, chance in chances[code].items() if chance >= assumed.capable_from or best.get(key) == code},
            code.code in stated,
        )
        for code, share in zip(codes, shares, strict=True)
    )


def _chances(need: Need, code: CpvCode, texts: Sequence[SupplierText], tools: MatchTools) -> dict[str, float]:
    """That each supplier can do work of this code, by key."""
    asked = replace(need, title={"en": _label(code, tools)}, description={}, language="en", cpvs=(code,))
    answers = tools.capability.assess(asked, texts)
    return {text.key: answer.probability for text, answer in zip(texts, answers, strict=True)}


def _label(code: CpvCode, tools: MatchTools) -> str:
    return tools.reference.cpv.label(code, "en") or code.code


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
