"""What a plan's words stand for, decided by the buyer: all rows with the same words at once, or one row alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from matchmaker.domain.access import Role
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message
from matchmaker.domain.purchase_plan import Certainty, Decision, PlanRow, PurchasePlan, Reading, Subject
from matchmaker.domain.values import CpvCode, NutsCode
from matchmaker.language.translate import translate
from matchmaker.reference.bundle import find_region
from matchmaker.reference.folding import fold
from matchmaker.reference.tables import TableKind
from matchmaker.storage.purchase_plan_rows import KeptRow
from matchmaker.web.forms import Form
from matchmaker.web.guards import allow
from matchmaker.web.i18n import language_of
from matchmaker.web.names import Names
from matchmaker.web.pages import page
from matchmaker.web.purchase_plan import loaded
from matchmaker.web.purchase_plan_view import CERTAINTIES, euros
from matchmaker.web.purchase_plans import plan_address
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.supplier_desk import signed
from matchmaker.workflows.purchase_plan_decisions import decide

BUYER = [allow(Role.BUYER)]
PER_PAGE = 12
EXAMPLES = 3
"""Titles shown of rows that name the same place."""


@dataclass(frozen=True, slots=True)
class SameWords:
    """Rows whose work, or place, is said in the same words: one question for all of them."""

    reading: Reading
    says: str
    rows: tuple[PlanRow, ...]
    euro: Decimal

    @property
    def examples(self) -> tuple[str, ...]:
        """Some of the titles."""
        return tuple(dict.fromkeys(row.title for row in self.rows))[:EXAMPLES]


def same_words(rows: Sequence[KeptRow], subject: Subject, certainty: Certainty) -> list[SameWords]:
    """The questions of one state, those about most rows first."""
    groups: dict[str, list[KeptRow]] = {}
    for row in rows:
        reading = row.purchase.reading(subject)
        if not row.removed and reading.certainty is certainty and reading.words:
            groups.setdefault(reading.words, []).append(row)
    found = [
        SameWords(
            members[0].purchase.reading(subject),
            _says(members[0].purchase.row, subject),
            tuple(each.purchase.row for each in members),
            sum((each.euro or Decimal(0) for each in members), Decimal(0)),
        )
        for members in groups.values()
    ]
    return sorted(found, key=lambda each: (-len(each.rows), -each.euro, each.reading.words))


def _says(row: PlanRow, subject: Subject) -> str:
    return row.title if subject is Subject.WORK else " ".join(filter(None, (row.postcode, row.place)))


@get("/purchase-plans/{plan_id:str}/check", guards=BUYER, include_in_schema=False)
async def check_page(request: WebRequest, services: NamedDependency[Services], plan_id: FromPath[str]) -> Template:
    """The questions about work or places in one of the three states."""
    plan, rows, _ = await loaded(request, services, plan_id)
    return _check_page(request, services, plan, rows, Form(dict(request.query_params)))


@post("/purchase-plans/{plan_id:str}/check", guards=BUYER, include_in_schema=False, status_code=200)
async def save_check(request: WebRequest, services: NamedDependency[Services], plan_id: FromPath[str]) -> Response[Any]:
    """Keeps every answer given, for these rows and for the plans to come; with status 422 says which one is none."""
    plan, rows, _ = await loaded(request, services, plan_id)
    form = Form(await request.form())
    subject = _subject(form)
    names = Names(services.tools.reference, language_of(request))
    decisions = []
    for number in range(PER_PAGE):
        words = form.value(f"words-{number}")
        code = chosen_code(form, number, subject, plan, names) if words else None
        if code:
            decisions.append(Decision(subject, words, code))
    if form.errors:
        return _check_page(request, services, plan, rows, form)
    count = await decide(services.sessions, signed(request), plan_id, decisions, services.tools.reference, services.clock())
    query = f"/check?about={subject.value}&state={_state(form).value}&saved={count}"
    return Redirect(plan_address(plan_id, query), status_code=303)


def chosen_code(form: Form, number: int, subject: Subject, plan: PurchasePlan, names: Names) -> str | None:
    """The code for one question: what was typed, else what was ticked, else the first suggestion where that button was used."""
    typed = form.value(f"other-{number}")
    if typed:
        code = typed_code(typed, subject, plan, names)
        if code is None:
            form.refuse(f"other-{number}", _not_understood(typed, subject))
        return code
    return form.value(f"code-{number}") or (form.value(f"first-{number}") if form.value("first") else "") or None


def typed_code(typed: str, subject: Subject, plan: PurchasePlan, names: Names) -> str | None:
    """The code of what a buyer typed: a code, an activity's or a region's name, or a line of the list offered."""
    reference = names.reference
    try:
        if subject is Subject.PLACE:
            in_brackets = re.search(r"\(([A-Z]{2}[0-9A-Z]{0,3})\)$", typed)
            found = NutsCode.parse(in_brackets[1]) if in_brackets else find_region(reference, typed, plan.country)
            return found.code if found and reference.nuts.known(found) else None
        digits = re.search(r"\b\d{2,8}\b", typed)
        if digits:
            code = CpvCode.parse(digits[0])
            return code.code if reference.cpv.known(code) else None
    except InvalidValue:
        return None
    wanted = fold(typed)
    labels = {fold(translate(each.label, names.language)): each.cpv_prefixes[0] for each in reference.activities}
    return labels[wanted].ljust(8, "0") if wanted in labels else None


def _not_understood(typed: str, subject: Subject) -> Message:
    what = {"typed": typed[:60]}
    if subject is Subject.PLACE:
        return Message("“%(typed)s” is no region we know. Choose one from the list while you type.", what)
    return Message("“%(typed)s” is no CPV code we know. Choose a kind of work from the list, or give eight digits.", what)


def _subject(form: Form) -> Subject:
    return Subject.PLACE if form.value("about") == Subject.PLACE.value else Subject.WORK


def _state(form: Form) -> Certainty:
    return next((each for each in Certainty if each.value == form.value("state")), Certainty.CHOOSE)


def _check_page(request: WebRequest, services: Services, plan: PurchasePlan, rows: Sequence[KeptRow], form: Form) -> Template:
    subject, state = _subject(form), _state(form)
    counts = {(each, certainty): len(same_words(rows, each, certainty)) for each in Subject for certainty in Certainty}
    questions = same_words(rows, subject, state)
    typed = form.value("number")
    pages = max(1, -(-len(questions) // PER_PAGE))
    number = min(max(int(typed), 1), pages) if typed.isdecimal() and len(typed) < 6 else 1
    saved = form.value("saved")
    return page(
        request,
        "purchase_plan_check.html",
        status=422 if form.errors else 200,
        plan=plan,
        form=form,
        subject=subject,
        state=state,
        counts=counts,
        questions=questions[(number - 1) * PER_PAGE : number * PER_PAGE],
        number=number,
        pages=pages,
        address=plan_address(plan.plan_id),
        saved=int(saved) if saved.isdecimal() and len(saved) < 7 else None,
        **offered(services, request, plan, subject),
    )


def offered(services: Services, request: WebRequest, plan: PurchasePlan, subject: Subject) -> dict[str, Any]:
    """What may be chosen besides the suggestions, as lines of a list, and the words of codes."""
    names = Names(services.tools.reference, language_of(request))
    reference = services.tools.reference
    if subject is Subject.WORK:
        lines = [f"{each.cpv_prefixes[0].ljust(8, '0')} {translate(each.label, names.language)}" for each in reference.activities]
    else:
        regions = [code for level in (0, 1, 2, 3) for code in reference.nuts.regions(plan.country, level)]
        lines = [f"{names.region(code)} ({code.code})" for code in regions]
    return {
        "euros": euros,
        "lines": lines,
        "certainties": CERTAINTIES,
        "postcodes": TableKind.POSTCODES in reference.loaded,
        "code_name": lambda code: names.cpv(CpvCode(code)) if subject is Subject.WORK else names.region(NutsCode.parse(code)),
    }
