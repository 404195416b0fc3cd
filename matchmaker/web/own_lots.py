"""“Lots for us”: a supplier's own list, where it answers, finds partners, and sees what its answers taught us."""

from typing import Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from matchmaker.domain.access import Role
from matchmaker.domain.answers import ANSWERS, OWN_MARKS, REASONS, Answer, Reason
from matchmaker.domain.lessons import Lesson
from matchmaker.domain.match import points
from matchmaker.domain.messages import Message
from matchmaker.domain.values import CpvCode, text_in
from matchmaker.language.translate import translate
from matchmaker.scoring.reasons import strongest_reasons
from matchmaker.storage.organisations import load_organisations
from matchmaker.web.forms import Form
from matchmaker.web.guards import allow
from matchmaker.web.i18n import language_of
from matchmaker.web.lot import lot_path
from matchmaker.web.names import Names
from matchmaker.web.pages import page
from matchmaker.web.services import Services, WebRequest, services_of
from matchmaker.web.supplier_desk import own_organisation, signed
from matchmaker.workflows.answer_lot import answer_lot, question_for
from matchmaker.workflows.own_lots import OwnLots, agree_to_partner, own_lots, reason_needed, take_back_lesson

SUPPLIER = [allow(Role.SUPPLIER)]
SHOWN = 30
"""Lots on the page; the best first."""


@get("/supplier/{key:str}/lots", guards=SUPPLIER, include_in_schema=False)
async def lots_for_us(request: WebRequest, key: FromPath[str]) -> Template:
    """The list."""
    return await _page(request, key, Form())


@post("/supplier/{key:str}/lots", guards=SUPPLIER, include_in_schema=False, status_code=200)
async def answer_own_lot(request: WebRequest, services: NamedDependency[Services], key: FromPath[str]) -> Response[Any]:
    """Keeps an answer about one lot (``lot``), or the consent to be shown to possible partners (``agree``)."""
    organisation, person, now = await own_organisation(request, services, key), signed(request), services.clock()
    form = Form(await request.form())
    full_id = form.value("lot")
    back = Redirect(f"/supplier/{quote(organisation.key, safe='')}/lots?saved=1", status_code=303)
    if form.value("agree"):
        await agree_to_partner(services.sessions, person, organisation.key, full_id, now)
        return back
    answer = form.choice("answer", {each.value for each in Answer}, Message("Choose an answer."))
    reason = form.choice("reason", {each.value for each in Reason}, Message("Choose a reason from the list."))
    if answer is None:
        form.refuse("answer", Message("Choose an answer."))
    elif reason_needed(Answer(answer), Reason(reason) if reason else None):
        form.refuse("reason", Message("Say why, so that we learn from it."))
    if form.errors or answer is None:
        return await _page(request, key, form)
    question = await question_for(services.sessions, person.person_id, full_id)
    why = Reason(reason) if reason else None
    await answer_lot(services.sessions, question, full_id, organisation.key, Answer(answer), why, now)
    return back


@post("/supplier/{key:str}/rules", guards=SUPPLIER, include_in_schema=False)
async def undo_rule(request: WebRequest, services: NamedDependency[Services], key: FromPath[str]) -> Redirect:
    """Takes back a rule that answers taught."""
    organisation = await own_organisation(request, services, key)
    rule = Form(await request.form()).text("rule", longest=60)
    await take_back_lesson(services.sessions, signed(request), organisation.key, rule, services.clock())
    return Redirect(f"/supplier/{quote(organisation.key, safe='')}/lots?saved=1#rules", status_code=303)


def rule_words(lesson: Lesson, names: Names) -> Message:
    """The rule with its code spelled out."""
    said = lesson.sentence
    code = said.parameters.get("code")
    if code is None:
        return said
    word = names.cpv(CpvCode(str(code))) if lesson.reason is Reason.OTHER_WORK else names.region(str(code))
    return Message(said.text, {"code": f"{word} ({code})"})


async def _page(request: WebRequest, key: str, form: Form) -> Template:
    services, language = services_of(request), language_of(request)
    organisation = await own_organisation(request, services, key)
    async with services.sessions() as session:
        found = await own_lots(session, organisation.key, services.today)
        partners = await load_organisations(session, _partner_keys(found))
    names = Names(services.tools.reference, language)
    return page(
        request,
        "supplier/lots.html",
        status=422 if form.errors else 200,
        organisation=organisation,
        found=found,
        shown=found.lots[:SHOWN],
        weaker=found.weaker[:SHOWN],
        form=form,
        rules=[(lesson, rule_words(lesson, names)) for lesson in found.lessons],
        partners={each.key: each for each in partners},
        answers={**ANSWERS, **OWN_MARKS},
        reasons_offered=[(reason.value, translate(words, language)) for reason, words in REASONS.items()],
        reason_words=REASONS,
        strongest=strongest_reasons,
        points=points,
        lot_path=lot_path,
        text_in=text_in,
        saved=bool(request.query_params.get("saved")),
    )


def _partner_keys(found: OwnLots) -> list[str]:
    return sorted({key for lot in found.lots if lot.partners for key in lot.partners.shown})
