"""Answering about a lot by the link in a mail: opening it changes nothing, the button does."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from matchmaker.alerts.signed_links import read_signed_answer
from matchmaker.domain.answers import ANSWERS, REASONS, Answer, Reason
from matchmaker.domain.errors import NotFound
from matchmaker.domain.lot_state import lot_state
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import full_lot_id
from matchmaker.domain.values import text_in
from matchmaker.language.translate import translate
from matchmaker.web.alert_delivery import PRIVATE
from matchmaker.web.forms import Form
from matchmaker.web.guards import everyone
from matchmaker.web.i18n import language_of
from matchmaker.web.lot import lot_path
from matchmaker.web.pages import page
from matchmaker.web.security import signing_secret
from matchmaker.web.services import Services, WebRequest, services_of
from matchmaker.workflows.answer_lot import Question, answer_lot, question_for


@get("/answer/{token:str}", guards=[everyone], include_in_schema=False)
async def answer_form(request: WebRequest, services: NamedDependency[Services], token: FromPath[str]) -> Template:
    """The lot, what one may answer, and what was answered before; ``answer`` in the address only ticks a box."""
    question = await _question(services, token)
    chosen = request.query_params.get("answer", "")
    before = next(iter(question.answers.values()), None)
    values = {
        "answer": chosen if chosen in {each.value for each in Answer} else before.answer.value if before else "",
        "reason": before.reason.value if before and before.reason else "",
        "organisation": question.organisations[0].organisation_key,
    }
    return _page(request, question, token, Form(values))


@post("/answer/{token:str}", guards=[everyone], include_in_schema=False, status_code=200)
async def give_answer(request: WebRequest, services: NamedDependency[Services], token: FromPath[str]) -> Response[Any]:
    """Stores the answer; it may be changed by the same link."""
    question = await _question(services, token)
    form = Form(await request.form())
    answer = form.choice("answer", {each.value for each in Answer}, Message("Choose an answer."))
    reason = form.choice("reason", {each.value for each in Reason}, Message("Choose a reason from the list."))
    organisation = form.value("organisation") or question.organisations[0].organisation_key
    if answer is None:
        form.refuse("answer", Message("Choose an answer."))
    if answer == Answer.NOT_FOR_US and reason is None:
        form.refuse("reason", Message("Say why, so that we learn from it."))
    if form.errors or answer is None:
        return _page(request, question, token, form)
    full_id = full_lot_id(question.notice.notice_id, question.lot.lot_id)
    why = Reason(reason) if reason else None
    await answer_lot(services.sessions, question, full_id, organisation, Answer(answer), why, services.clock())
    return Redirect(f"/answer/{token}?saved=1", status_code=303, headers=PRIVATE)


async def _question(services: Services, token: str) -> Question:
    read = read_signed_answer(signing_secret(services.settings), token)
    if read is None:
        raise NotFound(Message("This link is not complete."), Message("Copy the whole link from the mail, or sign in."))
    return await question_for(services.sessions, *read)


def _page(request: WebRequest, question: Question, token: str, form: Form) -> Template:
    notice, lot, language = question.notice, question.lot, language_of(request)
    services = services_of(request)
    full_id = full_lot_id(notice.notice_id, lot.lot_id)
    return page(
        request,
        "answer.html",
        status=422 if form.errors else 200,
        headers=PRIVATE,
        question=question,
        token=token,
        form=form,
        full_id=full_id,
        title=text_in(lot.title or notice.title, language, notice.language) or (language, full_id),
        lot_address=lot_path(full_id),
        state=lot_state(notice, lot, services.today),
        answer_words=ANSWERS,
        reasons_offered=[(reason.value, translate(words, language)) for reason, words in REASONS.items()],
        organisations_offered=[(each.organisation_key, each.organisation_name) for each in question.organisations],
        saved=bool(request.query_params.get("saved")),
    )
