"""Let a named officer read one purchase plan, and nothing else of its team; whoever was not let in learns of no plan."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.access import Person, Role, normal_email
from matchmaker.domain.errors import NotFound
from matchmaker.domain.purchase_plan import PurchasePlan
from matchmaker.storage.audit import record
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.people import load_person, person_id_of
from matchmaker.storage.purchase_plan_readers import add_plan_reader, plan_readers, plans_for_reader, remove_plan_reader
from matchmaker.workflows.purchase_plan import NO_PLAN, OPEN_LIST, open_plan


async def let_in(sessions: SessionMaker, person: Person, plan_id: str, email: str, now: datetime) -> bool:
    """Lets the officer of that address read the plan; False when nobody of that address is an officer here.

    Raises:
        NotFound: it is no plan of the person's teams.
        InvalidValue: no e-mail address.
    """
    async with transaction(sessions) as session:
        await open_plan(session, person, plan_id)
        person_id = await person_id_of(session, normal_email(email))
        reader = await load_person(session, person_id) if person_id is not None else None
        if reader is None or Role.OFFICER not in reader.roles:
            return False
        if await add_plan_reader(session, plan_id, reader.person_id, now):
            await record(session, now, person.email, "let into purchase plan", plan_id, after={"reader": reader.person_id})
        return True


async def shut_out(sessions: SessionMaker, person: Person, plan_id: str, reader_id: int, now: datetime) -> None:
    """Ends a grant.

    Raises:
        NotFound: it is no plan of the person's teams.
    """
    async with transaction(sessions) as session:
        await open_plan(session, person, plan_id)
        if await remove_plan_reader(session, plan_id, reader_id):
            await record(session, now, person.email, "shut out of purchase plan", plan_id, before={"reader": reader_id})


async def readers_of_plan(session: AsyncSession, plan_id: str) -> list[tuple[int, str, datetime]]:
    """Number, address and moment of the grant of the officers let into a plan."""
    return await plan_readers(session, plan_id)


async def open_to_read(session: AsyncSession, person: Person, plan_id: str) -> tuple[PurchasePlan, bool]:
    """A plan of one's own teams (True), or one that the person was let into as an officer (False).

    Raises:
        NotFound: neither; both look the same.
    """
    if Role.BUYER in person.roles:
        try:
            return await open_plan(session, person, plan_id), True
        except NotFound:
            if Role.OFFICER not in person.roles:
                raise
    granted = await plans_for_reader(session, person.person_id, plan_id) if Role.OFFICER in person.roles else []
    if not granted:
        raise NotFound(NO_PLAN, OPEN_LIST)
    return granted[0], False


async def plans_let_into(sessions: SessionMaker, person: Person) -> list[PurchasePlan]:
    """The plans that an officer was let into."""
    if Role.OFFICER not in person.roles:
        return []
    async with sessions() as session:
        return await plans_for_reader(session, person.person_id)
