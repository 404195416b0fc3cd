"""What the demonstration's buyer has kept, decided and released, so that its desk is not empty."""

from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal

from matchmaker.domain.access import Person, Role
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.match import Need
from matchmaker.domain.released_list import Audience, NamingConsent
from matchmaker.domain.sourcing_record import Decision, Outcome
from matchmaker.domain.values import Money, NutsCode
from matchmaker.examples.suppliers import example_organisations
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.people import save_person
from matchmaker.storage.released_lists import save_consent
from matchmaker.workflows.demo_people import SUPPLIER_KEY, demo_person
from matchmaker.workflows.load_examples import lots_of_examples
from matchmaker.workflows.released_list import Release, release
from matchmaker.workflows.shortlist import Keep, keep_lot, keep_shortlist
from matchmaker.workflows.sourcing_record import add_note, decide, records_of
from matchmaker.workflows.tools import MatchTools

LOT_NUMBER = "EX000013-"
"""What the id of the example lot starts with whose list is released."""
LUNCHES = Need(
    "draft",
    {"en": "Hot lunches for two day centres"},
    {"en": "120 meals a day, cooked and delivered on working days."},
    "en",
    nuts=(NutsCode("IE06"),),
    country="IE",
    yearly_value=Money(Decimal(150000), "EUR"),
)
NOTE = "One kitchen in the city can cook all of it; the others are too far away for hot food."
WHY = "One supplier can do it alone and is near. We ask it for a quotation before we decide on a reservation."
CONTACT = "office@example.org"
"""Reaches nobody (RFC 2606)."""


async def fill_demo_desk(sessions: SessionMaker, tools: MatchTools, today: date, now: datetime) -> bool:
    """One decided search, one that waits, and a public list of subcontractors for an example lot; False when they are there.

    Raises:
        NotFound: the example notices are not loaded.
    """
    buyer = await _buyer(sessions, now)
    if await records_of(sessions, buyer):
        return False
    lot_id = next((each for each in await lots_of_examples(sessions) if each.startswith(LOT_NUMBER)), LOT_NUMBER)
    team = buyer.memberships[0].organisation_key
    decided = await keep_shortlist(sessions, buyer, Keep(team, ""), LUNCHES, tools, today, now)
    await add_note(sessions, buyer, decided, NOTE, now)
    await decide(sessions, buyer, decided, Decision(Outcome.SUITABLE, WHY, (SUPPLIER_KEY,)), today, now)
    await keep_lot(sessions, buyer, Keep(team, ""), lot_id, tools, today, now)
    await _all_agree(sessions, buyer, now)
    wanted = Release(team, lot_id, Audience.PUBLIC, acts_for_buyer=True, clause_in_documents=True)
    # A desk without a list is still a desk: somebody may have released one for this lot before.
    with suppress(InvalidValue):
        await release(sessions, buyer, wanted, tools, today, now)
    return True


async def _buyer(sessions: SessionMaker, now: datetime) -> Person:
    async with transaction(sessions) as session:
        return await demo_person(session, Role.BUYER, now)


async def _all_agree(sessions: SessionMaker, buyer: Person, now: datetime) -> None:
    async with transaction(sessions) as session:
        person_id = await save_person(session, CONTACT, buyer.language, now)
        for organisation in example_organisations():
            await save_consent(session, NamingConsent(organisation.key, "", CONTACT, now), person_id)
