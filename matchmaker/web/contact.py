"""Messages between a buyer's team and a supplier: the list, a thread, and answering by the link in a mail."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from matchmaker.alerts.signed_links import Purpose, read_signed_for
from matchmaker.domain.access import Person, Role
from matchmaker.domain.conversation import LONGEST_TEXT, ContactClosed, Side
from matchmaker.domain.errors import InvalidValue, NotFound, TooManyRequests
from matchmaker.domain.messages import Message
from matchmaker.storage.conversations import contact_counts
from matchmaker.storage.notices import load_lot
from matchmaker.storage.soundings import soundings_count
from matchmaker.web.alert_delivery import PRIVATE
from matchmaker.web.forms import Form
from matchmaker.web.guards import allow, everyone, person_of
from matchmaker.web.lot import lot_path, source_address
from matchmaker.web.pages import page
from matchmaker.web.security import signing_secret
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.supplier_desk import signed
from matchmaker.workflows.contact import Thread, own_threads, read_thread, reply, thread_by_link, threads_about
from matchmaker.workflows.sounding import own_soundings

BOTH_SIDES = [allow(Role.BUYER, Role.SUPPLIER)]
TEXT_MISSING = Message("Write your message.")


@get("/messages", guards=BOTH_SIDES, include_in_schema=False)
async def messages_page(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """All threads of the reader's teams; with ``lot`` or ``purchase`` those about it, whole, as a buyer keeps them on file."""
    person = signed(request)
    lot_id, purchase = request.query_params.get("lot", ""), request.query_params.get("purchase", "")
    if (lot_id or purchase) and Role.BUYER in person.roles:
        found = await threads_about(services.sessions, person, lot_id or None, purchase)
        return page(request, "contact/about.html", found=found, lot_id=lot_id, purchase=purchase, lot_path=lot_path)
    return page(
        request,
        "contact/threads.html",
        threads=await own_threads(services.sessions, person),
        soundings=await own_soundings(services.sessions, person),
        lot_path=lot_path,
    )


@get("/messages/{conversation_id:str}", guards=[everyone], include_in_schema=False)
async def thread_page(request: WebRequest, services: NamedDependency[Services], conversation_id: FromPath[str]) -> Template:
    """One thread. Its address says nothing to those who are on neither side: not even that it exists."""
    thread = await read_thread(services.sessions, person_of(request), conversation_id, services.today, services.clock())
    return await _thread_page(request, services, thread, f"/messages/{conversation_id}", Form())


@post("/messages/{conversation_id:str}", guards=BOTH_SIDES, include_in_schema=False, status_code=200)
async def answer_thread(
    request: WebRequest, services: NamedDependency[Services], conversation_id: FromPath[str]
) -> Response[Any]:
    """Adds a message."""
    person = signed(request)
    thread = await read_thread(services.sessions, person, conversation_id, services.today, services.clock())
    return await _answer(request, services, person, thread, f"/messages/{conversation_id}")


@get("/reply/{token:str}", guards=[everyone], include_in_schema=False)
async def reply_page(request: WebRequest, services: NamedDependency[Services], token: FromPath[str]) -> Template:
    """The thread, for who holds the link of a mail about it. Opening it changes nothing."""
    _, thread = await _by_link(services, token)
    return await _thread_page(request, services, thread, f"/reply/{token}", Form())


@post("/reply/{token:str}", guards=[everyone], include_in_schema=False, status_code=200)
async def reply_by_link(request: WebRequest, services: NamedDependency[Services], token: FromPath[str]) -> Response[Any]:
    """Adds a message without signing in."""
    person, thread = await _by_link(services, token)
    return await _answer(request, services, person, thread, f"/reply/{token}")


async def _by_link(services: Services, token: str) -> tuple[Person, Thread]:
    read = read_signed_for(signing_secret(services.settings), Purpose.REPLY, token)
    if read is None:
        raise NotFound(Message("This link is not complete."), Message("Copy the whole link from the mail, or sign in."))
    return await thread_by_link(services.sessions, *read, services.tools, services.today)


async def _answer(request: WebRequest, services: Services, person: Person, thread: Thread, address: str) -> Response[Any]:
    form = Form(await request.form())
    text = form.text("text", TEXT_MISSING, longest=LONGEST_TEXT)
    if not form.errors:
        try:
            await reply(services.sessions, person, thread, text, services.tools, services.today, services.clock())
            return Redirect(f"{address}?sent=1", status_code=303, headers=PRIVATE)
        except (InvalidValue, ContactClosed, TooManyRequests) as refusal:
            form.refuse("text", refusal.sentence)
    return await _thread_page(request, services, thread, address, form)


async def _thread_page(request: WebRequest, services: Services, thread: Thread, address: str, form: Form) -> Template:
    lot_id, source = thread.conversation.subject.lot_id, None
    if lot_id and not thread.open:
        async with services.sessions() as session:
            found = await load_lot(session, lot_id)
        source = source_address(found[0]) if found else None
    return page(
        request,
        "contact/thread.html",
        status=422 if form.errors else 200,
        headers=PRIVATE,
        thread=thread,
        conversation=thread.conversation,
        for_buyer=thread.side is Side.BUYER,
        address=address,
        by_link=address.startswith("/reply/"),
        form=form,
        source=source,
        lot_path=lot_path,
        sent=bool(request.query_params.get("sent")),
        longest=LONGEST_TEXT,
    )


@get("/operator/messages", guards=[allow(Role.OPERATOR)], include_in_schema=False)
async def message_counts(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """How much is written, and nothing of what."""
    async with services.sessions() as session:
        counts, soundings = await contact_counts(session), await soundings_count(session)
    return page(request, "contact/counts.html", counts=counts, soundings=soundings)
