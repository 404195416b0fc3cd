"""A supplier's own pages: what it can do, what it hears about. Nobody else's organisation is reachable from here."""

from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from matchmaker.domain.access import Person, Role
from matchmaker.domain.alert import LotNews, MailKind
from matchmaker.domain.errors import NotFound, SignInNeeded
from matchmaker.domain.expiry import expiries
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation
from matchmaker.reference.activities import GROUPS
from matchmaker.storage.alert_profiles import load_alert_profile
from matchmaker.storage.codec import from_document
from matchmaker.storage.organisations import load_organisation, load_organisations
from matchmaker.storage.outbox_records import messages_of
from matchmaker.web.forms import Form
from matchmaker.web.guards import allow, person_of
from matchmaker.web.i18n import language_of
from matchmaker.web.lot import lot_path
from matchmaker.web.names import Names
from matchmaker.web.pages import page
from matchmaker.web.services import Services, WebRequest, services_of
from matchmaker.web.supplier_forms import (
    MOST_CAPABILITIES,
    alert_values,
    languages_offered,
    places,
    profile_values,
    read_alert,
    read_profile,
    region_label,
)
from matchmaker.workflows.complete_profile import worth
from matchmaker.workflows.edit_profile import edit_profile
from matchmaker.workflows.near_misses import near_misses
from matchmaker.workflows.save_alert import save_alert, stop_alerts

SUPPLIER = [allow(Role.SUPPLIER)]
SHOWN_MESSAGES = 10
PART_LABELS: dict[str, Message] = {
    "organisation": Message("Your organisation"),
    "work": Message("Your work"),
    "codes": Message("In buyers’ terms"),
    "places": Message("Places"),
    "size": Message("Size"),
    "status": Message("Status"),
    "proof": Message("What you can show"),
}
"""The parts of a supplier's record, by the step that asks for each."""
NEAR_MISSES = 5
"""Lots one's organisation nearly matches that are shown."""


@get("/supplier", guards=SUPPLIER, include_in_schema=False)
async def supplier_desk(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """The organisations one serves, each with its capabilities and one's alert, and the alerts sent last."""
    person = signed(request)
    keys = [membership.organisation_key for membership in person.organisations_as(Role.SUPPLIER)]
    async with services.sessions() as session:
        organisations = await load_organisations(session, keys)
        alerts = {key: await load_alert_profile(session, person.person_id, key) for key in keys}
        records = await messages_of(session, person.person_id, MailKind.LOT_ALERT, SHOWN_MESSAGES)
        complete = {each.key: await worth(session, each, services.today) for each in organisations}
        nearly = {key: await near_misses(session, key, services.tools, services.today, NEAR_MISSES) for key in keys}
    sent = [(record, [from_document(item, LotNews) for item in record.items]) for record in records]
    activities = {activity.key: activity.label for activity in services.tools.reference.activities}
    return page(
        request,
        "supplier/desk.html",
        organisations=organisations,
        alerts=alerts,
        sent=sent,
        nearly=nearly,
        complete=complete,
        due={each.key: expiries(each, services.today) for each in organisations},
        part_labels=PART_LABELS,
        lot_path=lot_path,
        activities=activities,
        region=partial(region_label, names=Names(services.tools.reference, language_of(request))),
        saved=request.query_params.get("saved", ""),
    )


@get("/supplier/{key:str}/profile", guards=SUPPLIER, include_in_schema=False)
async def supplier_profile(request: WebRequest, services: NamedDependency[Services], key: FromPath[str]) -> Template:
    """The form for what the organisation can do and where."""
    organisation = await own_organisation(request, services, key)
    names = Names(services.tools.reference, language_of(request))
    return _profile_page(request, organisation, Form(profile_values(organisation, names)))


@post("/supplier/{key:str}/profile", guards=SUPPLIER, include_in_schema=False, status_code=200)
async def save_supplier_profile(request: WebRequest, services: NamedDependency[Services], key: FromPath[str]) -> Response[Any]:
    """Saves, or says what to put right; the button for one more field gives the form back with one more."""
    organisation = await own_organisation(request, services, key)
    typed = dict(await request.form())
    if "more" in typed:
        form = Form({**typed, "places": str(len(places(Form(typed))) + 1)})
        return _profile_page(request, organisation, form)
    form = Form(typed)
    capabilities, area = read_profile(form, organisation, Names(services.tools.reference, language_of(request)))
    if form.errors:
        return _profile_page(request, organisation, form)
    await edit_profile(services.sessions, signed(request), organisation.key, capabilities, area, services.tools, services.clock())
    return Redirect("/supplier?saved=profile", status_code=303)


def _profile_page(request: WebRequest, organisation: Organisation, form: Form) -> Template:
    names = Names(services_of(request).tools.reference, language_of(request))
    return page(
        request,
        "supplier/profile.html",
        status=422 if form.errors else 200,
        organisation=organisation,
        form=form,
        places=places(form),
        room_for_more=len(places(form)) < MOST_CAPABILITIES,
        languages=languages_offered(names),
        activity_groups=activity_groups(request),
    )


@get("/supplier/{key:str}/alert", guards=SUPPLIER, include_in_schema=False)
async def supplier_alert(request: WebRequest, services: NamedDependency[Services], key: FromPath[str]) -> Template:
    """The form for what one wants to hear about."""
    organisation = await own_organisation(request, services, key)
    async with services.sessions() as session:
        profile = await load_alert_profile(session, signed(request).person_id, organisation.key)
    names = Names(services.tools.reference, language_of(request))
    chosen = set(profile.activities) if profile else set()
    return _alert_page(request, organisation, Form(alert_values(profile, names)), chosen)


@post("/supplier/{key:str}/alert", guards=SUPPLIER, include_in_schema=False, status_code=200)
async def save_supplier_alert(request: WebRequest, services: NamedDependency[Services], key: FromPath[str]) -> Response[Any]:
    """Saves the alert, which is also the consent to be written to."""
    organisation = await own_organisation(request, services, key)
    person = signed(request)
    typed = await request.form()
    chosen = [str(value) for value in typed.getall("activity", [])]
    form = Form(typed)
    profile = read_alert(form, chosen, person.person_id, organisation, Names(services.tools.reference, language_of(request)))
    if profile is None:
        return _alert_page(request, organisation, form, set(chosen))
    await save_alert(services.sessions, person, profile, services.tools.reference, services.clock())
    return Redirect("/supplier?saved=alert", status_code=303)


@post("/supplier/stop-alerts", guards=SUPPLIER, include_in_schema=False)
async def stop_own_alerts(request: WebRequest, services: NamedDependency[Services]) -> Redirect:
    """Stops all alerts to one's own address."""
    await stop_alerts(services.sessions, signed(request).person_id, services.clock())
    return Redirect("/supplier?saved=stopped", status_code=303)


def _alert_page(request: WebRequest, organisation: Organisation, form: Form, chosen: set[str]) -> Template:
    return page(
        request,
        "supplier/alert.html",
        status=422 if form.errors else 200,
        organisation=organisation,
        form=form,
        chosen=chosen,
        activity_groups=activity_groups(request),
    )


def activity_groups(request: WebRequest) -> list[tuple[Message, list[Any]]]:
    """The plain-language activities by product group."""
    activities = services_of(request).tools.reference.activities
    return [(group.label, [each for each in activities if each.group == group.key]) for group in GROUPS]


def signed(request: WebRequest) -> Person:
    """The person signed in, behind a guard that has seen to it.

    Raises:
        SignInNeeded: nobody is.
    """
    person = person_of(request)
    if person is None:
        raise SignInNeeded(Message("This page needs you to sign in."))
    return person


async def own_organisation(request: WebRequest, services: Services, key: str) -> Organisation:
    """A supplier this person serves.

    Raises:
        NotFound: it is not among theirs; whether it exists is not said.
    """
    if signed(request).serves(key, Role.SUPPLIER):
        async with services.sessions() as session:
            organisation = await load_organisation(session, key)
        if organisation is not None:
            return organisation
    raise NotFound(Message("We could not find that organisation among yours."), Message("Choose one on your own page."))
