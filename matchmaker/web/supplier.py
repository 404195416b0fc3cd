"""A supplier as everyone sees it, and the button with which it objects to being listed."""

import re
from datetime import date
from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from matchmaker.domain.errors import NotFound
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation
from matchmaker.domain.special_category import only_verdict
from matchmaker.domain.values import text_in
from matchmaker.storage.engine import transaction
from matchmaker.storage.organisations import load_public_organisation, record_objection
from matchmaker.web.award_view import award_views, key_path
from matchmaker.web.guards import everyone
from matchmaker.web.lot import lot_path
from matchmaker.web.pages import page
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.sharing import as_seen, note_figures_shown
from matchmaker.workflows.award_history import sure_references


def web_address(text: str | None) -> str | None:
    """A link that can be followed safely: http or https only; an address without a scheme gets https."""
    if not text:
        return None
    address = text.strip() if "://" in text else f"https://{text.strip()}"
    return address if re.fullmatch(r"https?://[\w-]+(\.[\w-]+)+(:\d+)?([/?#]\S*)?", address) else None


async def public_supplier(services: Services, key: str) -> Organisation:
    """The supplier as everyone may see it.

    Raises:
        NotFound: unknown, not public, or it objected.
    """
    async with services.sessions() as session:
        organisation = await load_public_organisation(session, key, services.tools.shown_sources)
    if organisation is None:
        raise NotFound(
            Message("There is no supplier here with this address."),
            Message("It may have asked not to be listed. Search the suppliers by name."),
        )
    return organisation


@get("/suppliers/{key:path}", guards=[everyone], include_in_schema=False)
async def supplier_page(request: WebRequest, services: NamedDependency[Services], key: FromPath[str]) -> Template:
    """The page."""
    organisation = await public_supplier(services, key.lstrip("/"))
    await note_figures_shown(request, [organisation])
    contracts = (one.award for one in await sure_references(services.sessions, organisation.key))
    facts = supplier_facts(organisation, as_seen(request, organisation), services.today)
    return page(request, "supplier.html", contracts=award_views(contracts), **facts)


def supplier_facts(organisation: Organisation, seen: Organisation, today: date) -> dict[str, Any]:
    """What ``supplier_body.html`` shows of an organisation to somebody who sees ``seen`` of it."""
    return {
        "organisation": seen,
        "organisation_figures": organisation.size,
        "figures": seen.size,
        "verdict_only": only_verdict(organisation),
        "website": web_address(organisation.website),
        "expired": [status for status in organisation.statuses if status.valid_until and status.valid_until < today],
        "lot_path": lot_path,
        "key_path": key_path,
        "text_in": text_in,
    }


@post("/objections", guards=[everyone], include_in_schema=False)
async def object_to_listing(request: WebRequest, services: NamedDependency[Services]) -> Redirect:
    """Hides the record at once and for good, also after the next import; members of a claimed one sign in to do it.

    Raises:
        NotFound: no such public record.
    """
    key = str((await request.form()).get("supplier", ""))
    organisation = await public_supplier(services, key)
    if organisation.provenance.claimed:
        return Redirect("/sign-in", status_code=303)
    async with transaction(services.sessions) as session:
        await record_objection(session, key, services.clock())
    return Redirect("/objections/recorded", status_code=303)


@get("/objections/recorded", guards=[everyone], include_in_schema=False)
async def objection_recorded(request: WebRequest) -> Template:
    """Says what was done, and how to undo it."""
    return page(request, "objection_recorded.html")
