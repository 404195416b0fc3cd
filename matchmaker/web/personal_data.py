"""One's data: take it along as JSON, or have it erased."""

import json
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from matchmaker.domain.messages import Message
from matchmaker.web.forms import Form
from matchmaker.web.guards import signed_in
from matchmaker.web.pages import page
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.session import ended_session_cookie
from matchmaker.web.supplier_desk import signed
from matchmaker.workflows.personal_data import erase_person, export_person


@get("/account/data", guards=[signed_in], include_in_schema=False)
async def data_page(request: WebRequest) -> Template:
    """What one can ask for, and what an erasure keeps."""
    return page(request, "account/data.html", form=Form())


@get("/account/data/file", guards=[signed_in], include_in_schema=False)
async def data_file(request: WebRequest, services: NamedDependency[Services]) -> Response[bytes]:
    """Everything stored about the person signed in."""
    found = await export_person(services.sessions, signed(request).person_id)
    headers = {"content-disposition": 'attachment; filename="my-data.json"', "cache-control": "no-store"}
    return Response(json.dumps(found, ensure_ascii=False, indent=2).encode(), media_type="application/json", headers=headers)


@post("/account/data/erasure", guards=[signed_in], include_in_schema=False, status_code=200)
async def erase_me(request: WebRequest, services: NamedDependency[Services]) -> Response[Any]:
    """Erases, when the box is ticked, and signs out."""
    form = Form(await request.form())
    if not form.value("sure"):
        form.refuse("sure", Message("Tick the box: an erasure cannot be undone."))
        return page(request, "account/data.html", status=422, form=form)
    await erase_person(services.sessions, signed(request).person_id, services.clock())
    return Redirect("/", status_code=303, cookies=[ended_session_cookie(services.settings)])
