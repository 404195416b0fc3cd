"""The people of an organisation: its page for members, and the link of an invitation."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from matchmaker.alerts.signed_links import Purpose, read_signed_value
from matchmaker.domain.access import Role
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.messages import Message
from matchmaker.language.translate import translate
from matchmaker.web.alert_delivery import PRIVATE
from matchmaker.web.forms import Form
from matchmaker.web.guards import everyone, signed_in
from matchmaker.web.i18n import language_of
from matchmaker.web.pages import page
from matchmaker.web.security import signing_secret
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.sign_in import ROLES
from matchmaker.web.supplier_desk import signed
from matchmaker.workflows.members import accept, decide, invite, look_at_invitation, read_team, remove, take_back

SIGNED_IN = [signed_in]
SAID = {
    "invited": Message("The invitation is on its way. It works for 14 days."),
    "back": Message("The invitation was taken back."),
    "removed": Message("Removed from the team."),
    "accepted": Message("The request was accepted, and the person was told."),
    "declined": Message("The request was declined."),
}


@get("/team/{key:str}", guards=SIGNED_IN, include_in_schema=False)
async def team_page(request: WebRequest, services: NamedDependency[Services], key: FromPath[str]) -> Template:
    """Who belongs to the team, who is invited, who asks."""
    return await _team_page(request, services, key, Form())


async def _team_page(request: WebRequest, services: Services, key: str, form: Form) -> Template:
    team = await read_team(services.sessions, signed(request), key, services.clock())
    language = language_of(request)
    return page(
        request,
        "account/team.html",
        status=422 if form.errors else 200,
        team=team,
        form=form,
        roles=ROLES,
        choices=[(role.value, translate(ROLES[role], language)) for role in team.roles],
        said=SAID.get(request.query_params.get("done", "")),
    )


@post("/team/{key:str}/invitations", guards=SIGNED_IN, include_in_schema=False, status_code=200)
async def invite_member(request: WebRequest, services: NamedDependency[Services], key: FromPath[str]) -> Response[Any]:
    """Sends an invitation."""
    form, person = Form(await request.form()), signed(request)
    team = await read_team(services.sessions, person, key, services.clock())
    email = form.text("email", Message("Give the e-mail address of your colleague."), longest=254)
    wrong = Message("Choose a role from the list.")
    role = form.choice("role", {each.value for each in team.roles}, wrong) or team.roles[0].value
    if not form.errors:
        try:
            await invite(services.sessions, person, key, email, Role(role), services.clock())
            return _back(team.key, "invited")
        except InvalidValue as refusal:
            form.refuse("email", refusal.sentence)
    return await _team_page(request, services, key, form)


@post("/team/{key:str}/invitations/end", guards=SIGNED_IN, include_in_schema=False)
async def end_invitation(request: WebRequest, services: NamedDependency[Services], key: FromPath[str]) -> Redirect:
    """Takes an invitation back."""
    form = Form(await request.form())
    await take_back(services.sessions, signed(request), key, form.value("invitation"), services.clock())
    return _back(key, "back")


@post("/team/{key:str}/members/end", guards=SIGNED_IN, include_in_schema=False, status_code=200)
async def remove_member(request: WebRequest, services: NamedDependency[Services], key: FromPath[str]) -> Response[Any]:
    """Takes a role from a member; who leaves the team oneself goes back to the account page."""
    form, person = Form(await request.form()), signed(request)
    member, role = _number(form.value("person")), form.value("role")
    if member is None or role not in set(Role):
        raise NotFound(Message("This person is no member of the team."), Message("Load the page of the team again."))
    try:
        await remove(services.sessions, person, key, member, Role(role), services.clock())
    except InvalidValue as refusal:
        form.refuse("members", refusal.sentence)
        return await _team_page(request, services, key, form)
    left = member == person.person_id and sum(held.organisation_key == key for held in person.memberships) == 1
    return Redirect("/account", status_code=303) if left else _back(key, "removed")


@post("/team/{key:str}/requests", guards=SIGNED_IN, include_in_schema=False)
async def decide_request(request: WebRequest, services: NamedDependency[Services], key: FromPath[str]) -> Redirect:
    """Lets somebody in who asked, or not."""
    form = Form(await request.form())
    accepted = form.value("decision") == "accept"
    await decide(services.sessions, signed(request), key, _number(form.value("request")) or 0, accepted, services.clock())
    return _back(key, "accepted" if accepted else "declined")


@get("/join/{token:str}", guards=[everyone], include_in_schema=False)
async def invitation_page(request: WebRequest, services: NamedDependency[Services], token: FromPath[str]) -> Template:
    """What the invitation says, and the button that accepts it; opening changes nothing."""
    invited = await look_at_invitation(services.sessions, _invitation(services, token), services.clock())
    return page(request, "account/join.html", headers=PRIVATE, token=token, invited=invited, roles=ROLES)


@post("/join/{token:str}", guards=[everyone], include_in_schema=False)
async def join_team(services: NamedDependency[Services], token: FromPath[str]) -> Redirect:
    """Accepts; then one signs in with the address that was invited."""
    invited = await accept(services.sessions, _invitation(services, token), services.clock())
    return Redirect("/sign-in", query_params={"next": team_path(invited.team_key)}, status_code=303, headers=PRIVATE)


def team_path(key: str) -> str:
    """Where a team's members see it."""
    return f"/team/{key}"


def _back(key: str, done: str) -> Redirect:
    return Redirect(team_path(key), query_params={"done": done}, status_code=303)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def _invitation(services: Services, token: str) -> str:
    value = read_signed_value(signing_secret(services.settings), Purpose.INVITATION, token)
    if value is None:
        raise NotFound(Message("This link is not complete."), Message("Copy the whole link from the mail."))
    return value
