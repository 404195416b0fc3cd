"""A supplier says whether it may be named to main contractors, and sees which buyers looked at its figures."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from matchmaker.domain.access import Role
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.values import text_in
from matchmaker.storage.figure_views import views_of
from matchmaker.storage.notices import load_lot
from matchmaker.storage.organisations import load_organisations
from matchmaker.web.forms import Form
from matchmaker.web.guards import allow
from matchmaker.web.i18n import language_of
from matchmaker.web.lot import lot_path
from matchmaker.web.pages import page
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.supplier_desk import signed
from matchmaker.workflows.naming_consent import addresses_for, give_consent, own_consents, withdraw_consent

SUPPLIER = [allow(Role.SUPPLIER)]
VIEWS_SHOWN = 30


@get("/supplier/naming", guards=SUPPLIER, include_in_schema=False)
async def naming_page(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """What the organisations agreed to; ``lot`` in the address offers to agree for that lot."""
    return await _page(request, services, request.query_params.get("lot", ""), Form())


async def _page(request: WebRequest, services: Services, lot_id: str, form: Form) -> Template:
    person = signed(request)
    consents = await own_consents(services.sessions, person)
    async with services.sessions() as session:
        keys = [each.organisation_key for each in person.organisations_as(Role.SUPPLIER)]
        organisations = await load_organisations(session, keys)
        views = {each.key: await views_of(session, each.key, VIEWS_SHOWN) for each in organisations}
        titles: dict[str, tuple[str, str]] = {}
        for full_id in dict.fromkeys([lot_id, *(each.lot_id for each in consents)]):
            found = await load_lot(session, full_id) if full_id else None
            if found is not None:
                notice, lot = found
                language = language_of(request)
                titles[full_id] = text_in(lot.title or notice.title, language, notice.language) or (language, full_id)
    return page(
        request,
        "supplier/naming.html",
        status=422 if form.errors else 200,
        form=form,
        organisations=organisations,
        consents={each.key: [consent for consent in consents if consent.organisation_key == each.key] for each in organisations},
        addresses={each.key: addresses_for(person, each) for each in organisations},
        views=views,
        lot_id=lot_id if lot_id in titles else "",
        titles=titles,
        lot_path=lot_path,
        saved=request.query_params.get("saved", ""),
    )


@post("/supplier/naming", guards=SUPPLIER, include_in_schema=False, status_code=200)
async def change_naming(request: WebRequest, services: NamedDependency[Services]) -> Response[Any]:
    """Agrees (``agree``), or takes it back, for one organisation and one lot or any."""
    form, person, now = Form(await request.form()), signed(request), services.clock()
    key, lot_id = form.value("organisation"), form.value("lot")
    if not form.value("agree"):
        await withdraw_consent(services.sessions, person, key, lot_id, now)
        return Redirect("/supplier/naming?saved=withdrawn", status_code=303)
    try:
        await give_consent(services.sessions, person, key, lot_id, form.value("contact"), now)
    except InvalidValue as refusal:
        form.refuse("contact", refusal.sentence)
        return await _page(request, services, lot_id, form)
    return Redirect("/supplier/naming?saved=agreed", status_code=303)
