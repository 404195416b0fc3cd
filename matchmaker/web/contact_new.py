"""A buyer begins to write: to one supplier, or the same text to several; and the file of what was written about a lot."""

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from matchmaker.domain.access import Role
from matchmaker.domain.conversation import LONGEST_TEXT, LONGEST_TOPIC, ContactClosed, Conversation, Side, Subject
from matchmaker.domain.errors import InvalidValue, NotFound, TooManyRequests
from matchmaker.domain.messages import Message
from matchmaker.domain.values import text_in
from matchmaker.language.translate import translate
from matchmaker.storage.organisations import load_public_organisation
from matchmaker.web.contact import TEXT_MISSING
from matchmaker.web.forms import Form
from matchmaker.web.guards import allow
from matchmaker.web.i18n import language_of
from matchmaker.web.lot import find_lot, lot_path, source_address
from matchmaker.web.pages import page
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.supplier_desk import signed
from matchmaker.workflows.contact import Draft, begin, lot_is_open, read_thread, threads_about
from matchmaker.workflows.contact_steps import lots_named_under_call
from matchmaker.workflows.purchase_plan import open_row

BUYER = [allow(Role.BUYER)]
BOTH_SIDES = [allow(Role.BUYER, Role.SUPPLIER)]
MOST_SUPPLIERS = 30


@get("/messages/new", guards=BUYER, include_in_schema=False)
async def new_message(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """The form; the address names suppliers, and a lot or a planned purchase (``PLAN_ID/ROW_ID``)."""
    asked = request.query_params
    values = {"lot": asked.get("lot", ""), "purchase": asked.get("purchase", "")}
    return await _new_page(request, services, asked.getall("supplier", []), Form(values), named=())


@post("/messages", guards=BUYER, include_in_schema=False, status_code=200)
async def send_message(request: WebRequest, services: NamedDependency[Services]) -> Response[Any]:
    """Sends it, or says what is wrong; a text that names a notice under call is asked about once."""
    typed = await request.form()
    form, person = Form(typed), signed(request)
    keys = [str(key) for key in typed.getall("supplier", [])]
    text = form.text("text", TEXT_MISSING, longest=LONGEST_TEXT)
    topic = form.text("topic", Message("Name what it is about."), longest=LONGEST_TOPIC)
    lot_id, purchase = form.value("lot") or None, form.value("purchase") or None
    named: tuple[str, ...] = ()
    if not form.errors and lot_id is None and not form.value("not_about"):
        async with services.sessions() as session:
            named = tuple(await lots_named_under_call(session, f"{topic} {text}", services.today))
        if named:
            form.refuse("not_about", Message("Your text names a procedure under call. Read the note, then confirm or change it."))
    if form.errors:
        return await _new_page(request, services, keys, form, named)
    teams = [each.organisation_key for each in person.organisations_as(Role.BUYER)]
    team = form.value("team") if form.value("team") in teams else teams[0]
    draft = Draft(team, tuple(keys), Subject(topic, lot_id, purchase), text)
    try:
        made = await begin(services.sessions, person, draft, services.tools, services.today, services.clock())
    except (InvalidValue, ContactClosed, TooManyRequests) as refusal:
        form.refuse("text", refusal.sentence)
        return await _new_page(request, services, keys, form, named)
    if len(made.conversation_ids) == 1 and not made.missed:
        return Redirect(f"/messages/{made.conversation_ids[0]}?sent=1", status_code=303)
    return page(request, "contact/sent.html", sent=len(made.conversation_ids), missed=made.missed, lot_id=lot_id)


async def _new_page(request: WebRequest, services: Services, keys: list[str], form: Form, named: tuple[str, ...]) -> Template:
    person, lot_id, purchase = signed(request), form.value("lot"), form.value("purchase")
    topic, source, is_open = form.value("topic"), None, True
    async with services.sessions() as session:
        found = [await load_public_organisation(session, key, services.tools.shown_sources) for key in keys[:MOST_SUPPLIERS]]
        if lot_id:
            notice, lot = await find_lot(session, lot_id)
            title = text_in(lot.title or notice.title, language_of(request), notice.language)
            topic, source = topic or (title[1] if title else lot_id)[:LONGEST_TOPIC], source_address(notice)
        elif purchase.count("/") == 1:
            _, row = await open_row(session, person, *purchase.split("/"))
            topic = topic or row.purchase.row.title[:LONGEST_TOPIC]
    if lot_id:
        is_open = await lot_is_open(services.sessions, lot_id, services.today)
    suppliers = [each for each in found if each is not None]
    if not suppliers:
        raise NotFound(Message("No supplier is chosen."), Message("Open a supplier, or tick some of a lot's, and start there."))
    return page(
        request,
        "contact/new.html",
        status=422 if form.errors else 200,
        form=form,
        suppliers=suppliers,
        topic=topic,
        lot_id=lot_id,
        lot_link=lot_path(lot_id),
        purchase=purchase,
        is_open=is_open,
        source=source,
        named=named,
        teams=[(each.organisation_key, each.organisation_name) for each in person.organisations_as(Role.BUYER)],
        longest=LONGEST_TEXT,
    )


@get("/export/messages", guards=BOTH_SIDES, include_in_schema=False)
async def messages_file(request: WebRequest, services: NamedDependency[Services]) -> Response[bytes]:
    """Threads as text or JSON (``file``): one (``thread``), or for buyers all about a lot or a planned purchase."""
    person, asked = signed(request), request.query_params
    if asked.get("thread"):
        read = await read_thread(services.sessions, person, asked["thread"], services.today, services.clock())
        found, buyer = [read.conversation], read.side is Side.BUYER
    else:
        found, buyer = await threads_about(services.sessions, person, asked.get("lot") or None, asked.get("purchase", "")), True
    records = [_record(each, buyer) for each in found]
    if asked.get("file") == "json":
        content, kind = msgspec.json.format(msgspec.json.encode(records)), "application/json"
    else:
        content, kind = "\n\n".join(_as_text(each, language_of(request)) for each in found).encode(), "text/plain; charset=utf-8"
    ending = "json" if asked.get("file") == "json" else "txt"
    headers = {"content-disposition": f'attachment; filename="messages.{ending}"', "cache-control": "no-store"}
    return Response(content, media_type=kind, headers=headers)


def _record(conversation: Conversation, for_buyer: bool) -> dict[str, Any]:
    subject = conversation.subject
    return {
        "thread": conversation.conversation_id,
        "buyer": conversation.team_name,
        "supplier": conversation.supplier_name,
        "supplier_key": conversation.supplier_key,
        "subject": subject.topic,
        "lot": subject.lot_id,
        "purchase": subject.purchase if for_buyer else None,
        "messages": [
            {
                "at": each.at.isoformat(),
                "from": each.side.value,
                "sent_together": each.batch if for_buyer else None,
                "text": each.text,
            }
            for each in conversation.said
        ],
    }


def _as_text(conversation: Conversation, language: str) -> str:
    names = {Side.BUYER: conversation.team_name, Side.SUPPLIER: conversation.supplier_name}
    about = translate(Message("About: %(topic)s", {"topic": conversation.subject.topic}), language)
    lines = [f"{names[Side.BUYER]} – {names[Side.SUPPLIER]}", about, *filter(None, [conversation.subject.lot_id])]
    said = [f"{each.at:%Y-%m-%d %H:%M} UTC, {names[each.side]}:\n{each.text}" for each in conversation.said]
    return "\n".join(lines) + "\n\n" + "\n\n".join(said) + "\n"
