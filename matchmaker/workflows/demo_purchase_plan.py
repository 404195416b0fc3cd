"""The example purchase plan of the demonstration's buyer, taken in by the same door as a real one and planned."""

from datetime import date, datetime

from matchmaker.domain.access import Role
from matchmaker.examples.purchase_plan import COUNTRY, CURRENCY, FILE_NAME, NAME, example_plan
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.workflows.demo_people import demo_person
from matchmaker.workflows.purchase_plan import PlanTools, Upload, plans_of, upload_plan
from matchmaker.workflows.purchase_plan_planning import Batches, plan_waiting
from matchmaker.workflows.purchase_plan_reading import Classes
from matchmaker.workflows.tools import MatchTools


async def fill_demo_purchase_plan(
    sessions: SessionMaker, tools: MatchTools, suggester: Classes, today: date, now: datetime
) -> int:
    """Takes the example plan in for the buyer's team and plans it; how many rows were planned, 0 where the team has a plan.

    Raises:
        NotFound: the example suppliers are not loaded.
    """
    async with transaction(sessions) as session:
        buyer = await demo_person(session, Role.BUYER, now)
    if await plans_of(sessions, buyer):
        return 0
    upload = Upload(NAME, FILE_NAME, example_plan(today), COUNTRY, currency=CURRENCY, language="en")
    done = await upload_plan(
        sessions,
        buyer,
        buyer.organisations_as(Role.BUYER)[0].organisation_key,
        upload,
        PlanTools(tools.reference, suggester),
        now,
    )
    planned, batches = 0, Batches(sessions, tools, today)
    while count := await plan_waiting(batches, done.plan.plan_id):
        planned += count
    return planned
