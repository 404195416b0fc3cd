"""Tell people about new lots: matches and outbox rows in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.alert import (
    AlertProfile,
    LotNews,
    MatchedOrganisation,
    asks_for,
    good_enough,
    reserved_for_us,
)
from matchmaker.domain.lessons import Lesson, LotFacts
from matchmaker.domain.match import Match, Need, need_of
from matchmaker.domain.notice import Lot, Notice, NoticeKind
from matchmaker.domain.organisation import Organisation
from matchmaker.reference.bundle import Reference
from matchmaker.scoring.matching import match
from matchmaker.scoring.reasons import sentences, strongest_reasons
from matchmaker.storage.alert_profiles import active_profiles, take_lots_to_raise
from matchmaker.storage.candidates import Candidates, load_candidates
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.lessons import lessons_of
from matchmaker.storage.matches import save_matches
from matchmaker.storage.notices import load_lot
from matchmaker.workflows.changed_lots import Told, told_before
from matchmaker.workflows.tools import MatchTools
from matchmaker.workflows.write_news import ways_to, write_news

REASONS = 3
"""Most reasons for, and against, that a mail gives for one organisation and lot."""


@dataclass(frozen=True, slots=True)
class Raised:
    """How many lots were looked at and how many pieces of news were written."""

    lots: int = 0
    news: int = 0


@dataclass(frozen=True, slots=True)
class _NewLot:
    notice: Notice
    lot: Lot
    version: str
    need: Need
    wanted_by: tuple[AlertProfile, ...]
    told: Told
    """Those who were told of it before."""


async def raise_alerts_for_new_lots(
    sessions: SessionMaker, tools: MatchTools, today: date, now: datetime, limit: int = 50
) -> Raised:
    """Takes up to ``limit`` published, open or planned lots nobody was told about and tells those who asked: one transaction."""
    async with transaction(sessions) as session:
        lots = await take_lots_to_raise(session, today, now, limit)
        return Raised(len(lots), await raise_alerts(session, lots, tools, today, now))


async def raise_alerts(
    session: AsyncSession, lots: Sequence[tuple[str, str]], tools: MatchTools, today: date, now: datetime
) -> int:
    """Writes news about ``lots`` (full id and version) for everyone whose alert asks for them, with the match it rests on.

    Unique per person, lot, version and channel: raised twice, it is written once. Returns how many were new.
    """
    profiles = await active_profiles(session)
    if not profiles:
        return 0
    wanted = [lot for lot in [await _new_lot(session, *each, profiles, tools.reference) for each in lots] if lot]
    keys = sorted({profile.organisation_key for lot in wanted for profile in lot.wanted_by})
    candidates = await load_candidates(session, keys)
    lessons = await lessons_of(session, keys)
    written = 0
    for lot in wanted:
        written += await _raise_one(session, lot, candidates, lessons, tools, today, now)
    return written


async def _new_lot(
    session: AsyncSession, full_id: str, version: str, profiles: Sequence[AlertProfile], reference: Reference
) -> _NewLot | None:
    found = await load_lot(session, full_id)
    if found is None:
        return None
    notice, lot = found
    need = need_of(notice, lot)
    wanted_by = tuple(profile for profile in profiles if asks_for(profile, need, cpv_prefixes(profile, reference)))
    told = await told_before(session, notice, lot.lot_id, {profile.person_id for profile in profiles})
    return _NewLot(notice, lot, version, need, wanted_by, told) if wanted_by or told.people else None


def cpv_prefixes(profile: AlertProfile, reference: Reference) -> tuple[str, ...]:
    """Leading digits of the CPV codes of the activities a profile names; none when it names none."""
    chosen = set(profile.activities)
    return tuple(prefix for activity in reference.activities if activity.key in chosen for prefix in activity.cpv_prefixes)


async def _raise_one(
    session: AsyncSession,
    lot: _NewLot,
    candidates: Candidates,
    lessons: Mapping[str, Sequence[Lesson]],
    tools: MatchTools,
    today: date,
    now: datetime,
) -> int:
    keys = {profile.organisation_key for profile in lot.wanted_by}
    organisations = {each.key: each for each in candidates.organisations if each.key in keys}
    vectors = {key: candidates.vectors[key] for key in organisations if key in candidates.vectors}
    least = min((profile.minimum_score for profile in lot.wanted_by), default=0.0)
    found = match(lot.need, list(organisations.values()), vectors, tools.capability, tools.reference, today, least=least)
    matches = {each.supplier_key: each for each in found}
    facts = _facts(lot, tools.reference)
    good: dict[int, list[Match]] = {person_id: [] for person_id in lot.told.people}
    for profile in lot.wanted_by:
        scored = matches.get(profile.organisation_key)
        kept_back = any(lesson.keeps_back(facts) for lesson in lessons.get(profile.organisation_key, ()))
        if scored is not None and good_enough(profile, scored) and not kept_back:
            good.setdefault(profile.person_id, []).append(scored)
    await save_matches(session, list({each.supplier_key: each for some in good.values() for each in some}.values()), now)
    ways = await ways_to(session, good)
    written = 0
    for person_id, some in sorted(good.items()):
        written += await write_news(session, person_id, _news(lot, some, organisations, person_id), ways, now)
    return written


def _facts(lot: _NewLot, reference: Reference) -> LotFacts:
    """What a supplier's rules look at; the whole value, as its answers were given on."""
    value = lot.lot.value
    euro = reference.currencies.to_euro(value, lot.notice.published) if value is not None else None
    return LotFacts(next(iter(lot.need.cpvs), None), lot.need.nuts, euro.amount if euro is not None else None)


def _news(lot: _NewLot, matches: Sequence[Match], organisations: dict[str, Organisation], person_id: int) -> LotNews:
    before = person_id in lot.told.people
    buyer = next((each.name for each in lot.notice.buyers), None)
    return LotNews(
        need_id=lot.need.need_id,
        version=lot.version,
        title=lot.need.title,
        language=lot.notice.language,
        organisations=tuple(_matched(each, organisations[each.supplier_key].name) for each in matches),
        buyer=buyer,
        country=lot.notice.country,
        deadline=lot.lot.closes,
        planned=lot.lot.deadline is None and (lot.notice.kind is NoticeKind.PLANNING or lot.lot.interest_deadline is not None),
        reserved=reserved_for_us(lot.lot.reserved),
        newer_version=before,
        changes=lot.told.changes if before else (),
    )


def _matched(match: Match, name: str) -> MatchedOrganisation:
    found = strongest_reasons(match, REASONS)
    return MatchedOrganisation(match.supplier_key, name, match.score, sentences(found.supporting), sentences(found.opposing))
