"""A supplier begins a record of its own: looked for among the imported ones first, kept from the first answer on."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.access import Person, Role
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Identifier
from matchmaker.domain.organisation import REGISTERED, Base, Organisation, Provenance
from matchmaker.ingestion.suppliers.locating import Locator
from matchmaker.reference.bundle import Reference, find_region
from matchmaker.reference.folding import fold
from matchmaker.storage.audit import record
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.look_alikes import organisations_like
from matchmaker.storage.organisations import load_organisations, save_organisation
from matchmaker.storage.unpublished import delete_unpublished
from matchmaker.workflows.members import found_team

MOST_UNPUBLISHED = 5
"""Records one person may have begun and not published."""
UNPUBLISHED_KEPT = timedelta(days=90)
"""After the last change."""
SHOWN_ALIKE = 5


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first answers. ``number`` is a register number as its owner writes it, ``language`` two letters."""

    name: str
    country: str
    city: str = ""
    postcode: str = ""
    number: str = ""
    website: str = ""
    email: str = ""
    language: str = "en"


async def look_alikes(session: AsyncSession, wanted: Beginning, shown_sources: frozenset[str]) -> list[Organisation]:
    """Public records that may be of the same organisation: by register number, by name in the same country."""
    likeness = replace_answers(
        Organisation("new", wanted.name, Base(wanted.country), Provenance(REGISTERED, "new")), wanted, None
    )
    return await organisations_like(session, likeness, shown_sources, SHOWN_ALIKE)


async def begin(sessions: SessionMaker, person: Person, wanted: Beginning, reference: Reference, now: datetime) -> str:
    """Makes the record, unpublished, with this person as its first member; its key.

    Raises:
        InvalidValue: too many records of this person wait to be published.
    """
    slug = "-".join(re.findall("[a-z0-9]+", fold(wanted.name)))[:60].strip("-") or "organisation"
    key = f"{slug}-{token_hex(3)}"
    empty = Organisation(key, wanted.name, Base(wanted.country), Provenance(REGISTERED, key), language=wanted.language)
    made = replace_answers(empty, wanted, reference)
    async with transaction(sessions) as session:
        mine = [membership.organisation_key for membership in person.organisations_as(Role.SUPPLIER)]
        if sum(each.unpublished for each in await load_organisations(session, mine)) >= MOST_UNPUBLISHED:
            raise InvalidValue(
                Message("You have begun %(count)s records that are not published yet.", {"count": MOST_UNPUBLISHED}),
                Message("Go on with one of them; they are on your own page."),
            )
        await save_organisation(session, made, [], at=now)
        await found_team(session, person.person_id, key, made.name, Role.SUPPLIER, now)
        await record(session, now, str(person.person_id), "registered", key, after={"name": made.name, "country": wanted.country})
    return key


def replace_answers(organisation: Organisation, wanted: Beginning, reference: Reference | None) -> Organisation:
    """The organisation with the first answers in place of what it had; located anew only where its address changed."""
    base = organisation.base
    address = (wanted.country, wanted.city or None, wanted.postcode or None)
    if reference is not None and (address != (base.country, base.city, base.postcode) or base.nuts is None):
        base = base_of(reference, wanted)
    kept = organisation.identifiers[1:]
    first = Identifier(wanted.number, organisation.identifiers[0].scheme if _same_number(organisation, wanted) else None)
    return replace(
        organisation,
        name=wanted.name,
        base=base,
        identifiers=(first, *kept) if wanted.number else kept,
        website=wanted.website or None,
        email=wanted.email or None,
    )


def _same_number(organisation: Organisation, wanted: Beginning) -> bool:
    return bool(organisation.identifiers) and organisation.identifiers[0].value == wanted.number


def base_of(reference: Reference, wanted: Beginning) -> Base:
    """Where it is: by postcode, else by town, else by the region of that name; the country alone where nothing is known."""
    found = Locator(reference).locate(wanted.country, wanted.postcode, wanted.city, None)
    nuts = found.nuts or (find_region(reference, wanted.city, wanted.country) if wanted.city else None)
    point = found.point or (reference.nuts.point(nuts) if nuts and nuts.level else None)
    latitude, longitude = point if point else (None, None)
    return Base(wanted.country, wanted.city or None, wanted.postcode or None, latitude, longitude, nuts)


async def forget_abandoned(sessions: SessionMaker, now: datetime) -> int:
    """Deletes records that were begun, never published and not touched for a long time; how many."""
    async with transaction(sessions) as session:
        return await delete_unpublished(session, REGISTERED, now - UNPUBLISHED_KEPT)
