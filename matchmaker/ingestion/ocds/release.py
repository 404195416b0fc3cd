"""One OCDS release (or compiled release) to a ``Notice``."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from types import MappingProxyType

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Lot, LotResult, Notice, NoticeKind
from matchmaker.domain.values import LocalText
from matchmaker.ingestion.ocds import terms
from matchmaker.ingestion.ocds.context import Context, is_stated, language_of
from matchmaker.ingestion.ocds.feeds import Feed, feed_of
from matchmaker.ingestion.ocds.fields import Json, at, each, text, texts
from matchmaker.ingestion.ocds.items import classification, places
from matchmaker.ingestion.ocds.lots import estimate, lots
from matchmaker.ingestion.ocds.parties import Parties, parties
from matchmaker.ingestion.ocds.results import awards, results
from matchmaker.ingestion.readings import with_whole_value

COMPILED = "compiled"
CALLED_OFF = frozenset(("cancelled", "unsuccessful", "withdrawn"))
PLANNED = frozenset(("planning", "planned"))
BEFORE_AWARD = frozenset(("planning", "planningUpdate", "tender", "tenderAmendment", "tenderUpdate"))
"""Tags of releases that come before an award."""

UPDATES = frozenset(("planningUpdate", "tenderUpdate", "tenderAmendment"))
"""Tags of releases that change an earlier one; those that say only what changed have no title."""

REPLACES = UPDATES | {COMPILED}
"""Tags of releases that take the place of every earlier one of the same stage of a procedure."""

LONGEST_ID = 180
"""Characters of a notice id; longer ones are cut and keep a digest of the whole."""

FIRST_YEAR = 1970
"""Dates before it are mistakes; a version made of them would stand behind every other."""

_STAGES = MappingProxyType({NoticeKind.PLANNING: "planning", NoticeKind.COMPETITION: "tender"})
_NOTICE_DOCUMENTS = frozenset(("tenderNotice", "awardNotice", "contractNotice", "plannedProcurementNotice", "procurementPlan"))


def read(release: Json, name: str) -> Notice:
    """The notice of ``release``: planning, tender or award, by what it says rather than by its tags alone.

    Raises:
        UnreadableDocument: no ocid or id, or nothing about a tender, its planning or its award.
    """
    feed = feed_of(release)
    _refuse_empty(release, name)
    language = language_of(release, feed)
    context = Context(language or "en", feed)
    if language is None:
        context.remarks.say(Message("The release does not state its language; taken as English."))
    return _notice(release, context)


def _refuse_empty(release: Json, name: str) -> None:
    compiled = COMPILED in texts(release, "tag")
    missing = next((field for field in ("ocid", *(() if compiled else ("id",))) if text(release, field) is None), None)
    if missing:
        raise UnreadableDocument(
            Message(
                "“%(name)s” is a release without “%(field)s”, so it cannot be told from others.", {"name": name, "field": missing}
            ),
            Message("Ask the publisher to give every release an ocid and an id, and fetch it again."),
        )
    if not any(is_stated(release, part) for part in ("tender", "planning", "awards")):
        raise UnreadableDocument(
            Message("“%(name)s” says nothing about a tender, its planning or an award.", {"name": name}),
            Message("Nothing needs to be done: releases on payments and contract progress are not notices."),
        )


def _notice(release: Json, context: Context) -> Notice:
    tender, planning = (next(each(release, part), {}) for part in ("tender", "planning"))
    organisations, items = parties(release, context), list(each(tender, "items"))
    status = _status(tender, context.feed)
    title = context.texts(tender, "title") or _planned(planning, context)
    off = status in CALLED_OFF or "tenderCancellation" in texts(release, "tag")
    kind = _kind(release, status, off)
    described = lots(tender, context) if (tender or planning) and kind is not NoticeKind.CHANGE else ()
    found = _with_results(described, release, organisations, title, off, context)
    whole = estimate(tender, context) or context.money(planning, "budget.amount")
    main, extra = classification((tender,), items, context)
    links = _links(release, kind, off)
    version, published = _when(release, context)
    return Notice(
        notice_id=notice_id_of(release, context.feed),
        version=version,
        kind=kind,
        schema="ocds",
        schema_version="1.1",
        language=context.language,
        title=title,
        lots=with_whole_value(found, whole),
        buyers=organisations.buyers(release),
        description=context.texts(tender, "description"),
        procedure_id=text(release, "ocid"),
        procedure_type=_method(tender, context.feed),
        legal_basis=text(tender, "legalBasis.id", "legalBasis.wasDerivedFrom.id"),
        nature=terms.nature((tender,)),
        published=published,
        main_cpv=main,
        extra_cpvs=extra,
        nuts=places((tender,), items, context).nuts,
        value=whole,
        previous=links.previous,
        changes=links.changes,
        url=_url(release) or context.feed.url(notice_id_of(release, context.feed)),
        remarks=context.remarks.all(),
        extra=_extra(release, status, links.stage),
    )


def notice_id_of(release: Json, feed: Feed) -> str:
    """Stable and free of characters an address would have to hide: ocid and release id, the ocid once and alone if compiled."""
    if own := feed.notice_id(release):
        return own
    ocid, release_id = text(release, "ocid") or "", text(release, "id") or ""
    if COMPILED in texts(release, "tag"):
        whole = ocid
    else:
        whole = release_id if release_id.startswith(ocid) and release_id != ocid else f"{ocid}.{release_id}"
    clean = re.sub(r"[^A-Za-z0-9._~-]", "_", whole)[:LONGEST_ID]
    return clean if clean == whole else f"{clean}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"


def _when(release: Json, context: Context) -> tuple[str, date | None]:
    """The version, which grows with the release's date, and the day of publication.

    Publishers write a release again under the same id when they correct it, and a compiled release keeps its ocid for good.
    """
    stated = text(release, "date")
    try:
        moment = datetime.fromisoformat(stated) if stated else None
    except ValueError:
        moment = None
    if moment is None or moment.year < FIRST_YEAR:
        return "1", context.day(release, "date")
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return zoned.astimezone(UTC).strftime("%Y%m%d%H%M%S"), moment.date()


def _status(tender: Json, feed: Feed) -> str:
    stated = (text(tender, "status") or "").lower()
    return feed.statuses.get(stated, stated)


def _method(tender: Json, feed: Feed) -> str | None:
    stated = text(tender, "procurementMethod")
    return feed.methods.get(stated.lower(), stated) if stated else None


def _kind(release: Json, status: str, off: bool) -> NoticeKind:
    """What the release says: somebody won or nobody will, a plan, else a call. Some publishers give every release every tag."""
    tags = frozenset(texts(release, "tag"))
    if off:
        return NoticeKind.RESULT
    if any(awards(release)) and (not tags or tags - BEFORE_AWARD):
        return NoticeKind.RESULT
    if tags & {"tenderUpdate", "tenderAmendment"} and tags <= UPDATES and not is_stated(release, "tender.title"):
        return NoticeKind.CHANGE
    if status in PLANNED or not is_stated(release, "tender") or (tags and tags <= {"planning", "planningUpdate"}):
        return NoticeKind.PLANNING
    return NoticeKind.RESULT if status == "complete" else NoticeKind.COMPETITION


def _with_results(
    described: tuple[Lot, ...], release: Json, organisations: Parties, title: LocalText, off: bool, context: Context
) -> tuple[Lot, ...]:
    """The lots with what became of them; without own title they take the release's; a result of no known lot stands alone."""
    by_lot = results(release, organisations, tuple(lot.lot_id for lot in described), context)
    nobody = LotResult(awarded=False) if off else None
    known = [replace(lot, title=lot.title or title, result=by_lot.pop(lot.lot_id, nobody)) for lot in described]
    for lot_id, result in by_lot.items():
        if described:
            context.remarks.say(Message("A result names the lot %(id)s, which the notice does not describe.", {"id": lot_id}))
        known.append(Lot(lot_id=lot_id, title=title, result=result, award_only=True))
    return tuple(known)


def _planned(planning: Json, context: Context) -> LocalText:
    """What a plan without a tender is about."""
    if why := context.texts(planning, "rationale"):
        return why
    return context.texts(at(planning, "budget"), "description") or context.texts(at(planning, "budget"), "project")


@dataclass(frozen=True, slots=True)
class _Links:
    """What a release cites. ``stage`` is the name others of its procedure may cite it by; there is one plan and one tender."""

    previous: tuple[str, ...]
    changes: str | None = None
    stage: str | None = None


def _links(release: Json, kind: NoticeKind, off: bool) -> _Links:
    """An update, a calling-off and a compiled release take the place of what was said before; bare changes only cite it."""
    tags, journal, ocid = frozenset(texts(release, "tag")), _in_the_journal(release), text(release, "ocid")
    call = f"{ocid}/{_STAGES[NoticeKind.COMPETITION]}"
    if kind is NoticeKind.CHANGE:
        return _Links((call, *journal))
    if kind not in _STAGES:
        return _Links(journal, call if off else None)
    stage = f"{ocid}/{_STAGES[kind]}"
    return _Links(journal, stage if tags and tags <= REPLACES else None, stage)


def _in_the_journal(release: Json) -> tuple[str, ...]:
    """Notices in the Official Journal this one follows (OPP-090, BT-1251)."""
    related = (*each(release, "relatedProcesses"), *each(release, "tender.relatedProcesses"))
    named = (text(process, "identifier") for process in related if (text(process, "scheme") or "").startswith("eu-"))
    return tuple(dict.fromkeys(number for number in named if number))


def _url(release: Json) -> str | None:
    documents = (document for holder in ("tender", "planning") for document in each(release, f"{holder}.documents"))
    urls = (text(document, "url") for document in documents if text(document, "documentType") in _NOTICE_DOCUMENTS)
    return next((url for url in urls if url and url.startswith(("https://", "http://"))), None)


def _extra(release: Json, status: str, stage: str | None) -> MappingProxyType[str, str]:
    found = {
        "release_id": text(release, "id"),
        "tags": ", ".join(texts(release, "tag")),
        "status": status,
        "stage": stage,
        "sustainability_strategies": ", ".join(terms.strategies(release)),
    }
    return MappingProxyType({key: said for key, said in found.items() if said})
