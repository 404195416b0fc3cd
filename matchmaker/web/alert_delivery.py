"""When and how one is written to: from one's account, or by the link under every mail without an account."""

from typing import Any

from babel.dates import get_day_names
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from matchmaker.alerts.signed_links import Purpose, read_signed_value
from matchmaker.alerts.webhooks import check_address
from matchmaker.domain.delivery import Delivery, Rhythm
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.messages import Message
from matchmaker.language.formats import locale_of
from matchmaker.language.zones import default_zone, zone_choices
from matchmaker.storage.organisations import load_organisations
from matchmaker.web.forms import Form
from matchmaker.web.guards import everyone, signed_in
from matchmaker.web.i18n import language_of
from matchmaker.web.pages import page
from matchmaker.web.security import signing_secret
from matchmaker.web.services import Services, WebRequest, services_of
from matchmaker.web.supplier_desk import signed
from matchmaker.workflows.alert_delivery import (
    DeliveryState,
    choose_delivery,
    delivery_state,
    end_feed,
    end_webhook,
    make_feed,
    set_webhook,
)

RHYTHMS = {
    Rhythm.AT_ONCE: Message("At once, when a lot is published"),
    Rhythm.DAILY: Message("Once a day, if there is something"),
    Rhythm.WEEKLY: Message("Once a week, if there is something"),
}
PRIVATE = {"referrer-policy": "no-referrer", "cache-control": "no-store"}
"""For pages whose address carries permission: it goes nowhere else and is kept nowhere."""


@get("/alerts/preferences/{token:str}", guards=[everyone], include_in_schema=False)
async def preferences_form(request: WebRequest, services: NamedDependency[Services], token: FromPath[str]) -> Template:
    """What is set for the address the mail went to; opening it changes nothing."""
    state = await _state(services, _person(services, token))
    return await _page(request, state, Form(_values(state.delivery)), token)


@post("/alerts/preferences/{token:str}", guards=[everyone], include_in_schema=False, status_code=200)
async def save_preferences(request: WebRequest, services: NamedDependency[Services], token: FromPath[str]) -> Response[Any]:
    """Saves when news is to arrive."""
    person_id = _person(services, token)
    form = Form(await request.form())
    delivery = read_delivery(form)
    if delivery is None:
        return await _page(request, await _state(services, person_id), form, token)
    await choose_delivery(services.sessions, person_id, delivery, services.clock())
    return Redirect(f"/alerts/preferences/{token}?saved=1", status_code=303, headers=PRIVATE)


@get("/account/alerts", guards=[signed_in], include_in_schema=False)
async def own_delivery(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """The same for the person signed in, with the feed and the webhook."""
    state = await _state(services, signed(request).person_id)
    return await _page(request, state, Form(_values(state.delivery)))


@post("/account/alerts", guards=[signed_in], include_in_schema=False, status_code=200)
async def save_own_delivery(request: WebRequest, services: NamedDependency[Services]) -> Response[Any]:
    """Saves when news is to arrive."""
    person_id = signed(request).person_id
    form = Form(await request.form())
    delivery = read_delivery(form)
    if delivery is None:
        return await _page(request, await _state(services, person_id), form)
    await choose_delivery(services.sessions, person_id, delivery, services.clock())
    return Redirect("/account/alerts?saved=1", status_code=303)


@post("/account/feed", guards=[signed_in], include_in_schema=False)
async def change_feed(request: WebRequest, services: NamedDependency[Services]) -> Redirect:
    """Makes a feed, gives it a new address, or ends it."""
    person_id, now = signed(request).person_id, services.clock()
    if (await request.form()).get("end"):
        await end_feed(services.sessions, person_id, now)
    else:
        await make_feed(services.sessions, person_id, now)
    return Redirect("/account/alerts?saved=1#feed", status_code=303)


@post("/account/webhook", guards=[signed_in], include_in_schema=False, status_code=200)
async def change_webhook(request: WebRequest, services: NamedDependency[Services]) -> Response[Any]:
    """Stores the address, or ends the webhook."""
    person_id, now = signed(request).person_id, services.clock()
    form = Form(await request.form())
    if form.value("end"):
        await end_webhook(services.sessions, person_id, now)
        return Redirect("/account/alerts?saved=1#webhook", status_code=303)
    url = form.text("url", Message("Give the address."), longest=500)
    try:
        check_address(url)
    except InvalidValue as refusal:
        form.refuse("url", refusal.sentence)
    if form.errors:
        state = await _state(services, person_id)
        return await _page(request, state, Form({**_values(state.delivery), "url": url}), errors=form.errors)
    await set_webhook(services.sessions, person_id, url, now)
    return Redirect("/account/alerts?saved=1#webhook", status_code=303)


def read_delivery(form: Form) -> Delivery | None:
    """The wish as typed, or None with ``form.errors`` filled."""
    rhythm = form.choice("rhythm", {each.value for each in Rhythm}, Message("Choose how often."))
    if rhythm is None:
        form.refuse("rhythm", Message("Choose how often."))
    hour, weekday = form.value("hour") or "7", form.value("weekday") or "0"
    if rhythm is None or not (hour.isdecimal() and weekday.isdecimal() and len(hour) < 3 and len(weekday) < 2):
        form.refuse("hour", Message("Choose an hour from 0 to 23 and a day of the week."))
        return None
    try:
        return Delivery(Rhythm(rhythm), int(hour), int(weekday), form.value("zone") or "UTC")
    except InvalidValue as refusal:
        form.refuse("zone", refusal.sentence)
        return None


def _values(delivery: Delivery | None) -> dict[str, str]:
    shown = delivery or Delivery()
    zone = delivery.time_zone if delivery else ""
    return {"rhythm": shown.rhythm.value, "hour": str(shown.hour), "weekday": str(shown.weekday), "zone": zone}


async def _state(services: Services, person_id: int) -> DeliveryState:
    state = await delivery_state(services.sessions, person_id)
    if state is None:
        raise NotFound(Message("This address is not known here any more."))
    return state


def _person(services: Services, token: str) -> int:
    value = read_signed_value(signing_secret(services.settings), Purpose.PREFERENCES, token)
    if value is None or not value.isdecimal():
        raise NotFound(Message("This link is not complete."), Message("Copy the whole link from the mail, or sign in."))
    return int(value)


async def _page(
    request: WebRequest,
    state: DeliveryState,
    form: Form,
    token: str | None = None,
    errors: dict[str, Message] | None = None,
) -> Template:
    services, language = services_of(request), language_of(request)
    for name, message in (errors or {}).items():
        form.refuse(name, message)
    async with services.sessions() as session:
        organisations = await load_organisations(session, [profile.organisation_key for profile in state.profiles])
    country = next((each.base.country for each in organisations), None)
    days = get_day_names("wide", context="stand-alone", locale=locale_of(language))
    return page(
        request,
        "account/delivery.html",
        status=422 if form.errors else 200,
        headers=PRIVATE,
        state=state,
        form=form,
        token=token,
        rhythms=RHYTHMS,
        hours=[(str(hour), f"{hour:02}:00") for hour in range(24)],
        days=[(str(number), days[number]) for number in range(7)],
        zones=zone_choices(services.tools.reference.countries.codes(), language),
        zone=form.value("zone") or default_zone(country),
        organisations={each.key: each.name for each in organisations},
        feed_address=f"{services.settings.base_url}/feeds/{state.feed_key}.atom" if state.feed_key else None,
        saved=bool(request.query_params.get("saved")),
    )
