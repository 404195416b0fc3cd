"""Documents that show a status: a supplier adds, opens and deletes its own; operators open and decide."""

from typing import Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from matchmaker.domain.access import Role
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation
from matchmaker.language.translate import translate
from matchmaker.settings import Settings
from matchmaker.storage.evidence import evidence_of
from matchmaker.web.details import step_path
from matchmaker.web.forms import Form
from matchmaker.web.guards import allow, signed_in
from matchmaker.web.i18n import language_of
from matchmaker.web.names import STATUSES
from matchmaker.web.pages import page
from matchmaker.web.services import Services, WebRequest, services_of
from matchmaker.web.supplier_desk import own_organisation, signed
from matchmaker.workflows.evidence import (
    MOST_BYTES,
    Document,
    EvidenceFolder,
    read_document,
    remove_document,
    take_document,
)

LARGEST_REQUEST = MOST_BYTES + 100_000
"""A document with the fields around it."""
AWAY = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cache-control": "private, no-store",
}


def evidence_folder(settings: Settings) -> EvidenceFolder:
    """Where documents lie, and what is run on them."""
    return EvidenceFolder(settings.home / "evidence", settings.scan_command, min(MOST_BYTES, settings.max_upload_bytes))


@get("/supplier/{key:str}/evidence", guards=[allow(Role.SUPPLIER)], include_in_schema=False)
async def evidence_page(request: WebRequest, services: NamedDependency[Services], key: FromPath[str]) -> Template:
    """The documents kept, what became of each, and the form for one more."""
    return await _page(request, await own_organisation(request, services, key), Form())


@post(
    "/supplier/{key:str}/evidence",
    guards=[allow(Role.SUPPLIER)],
    include_in_schema=False,
    status_code=200,
    request_max_body_size=LARGEST_REQUEST,
)
async def add_evidence(request: WebRequest, services: NamedDependency[Services], key: FromPath[str]) -> Response[Any]:
    """Keeps one document, or says why it is not taken."""
    organisation = await own_organisation(request, services, key)
    sent = await request.form()
    form = Form(sent)
    file = sent.get("file")
    content = await file.read() if isinstance(file, UploadFile) and file.filename else b""
    if not content:
        form.refuse("file", Message("Choose a file: PDF, PNG or JPEG."))
    if not form.value("no_workers"):
        form.refuse("no_workers", Message("Look through the document first: it must name no worker."))
    status = form.choice("status", set(_status_names(organisation)), Message("Choose a status from the list."))
    until = form.day("valid_until")
    if not form.errors:
        name = (file.filename if isinstance(file, UploadFile) else "").replace("\\", "/").rpartition("/")[2][-120:]
        document = Document(name, content, status or "", until)
        folder = evidence_folder(services.settings)
        try:
            await take_document(services.sessions, signed(request), key, document, folder, services.clock())
        except InvalidValue as refusal:
            form.refuse("file", refusal.sentence)
    if form.errors:
        return await _page(request, organisation, form)
    return Redirect(f"/supplier/{quote(key, safe='')}/evidence?saved=1", status_code=303)


@get("/evidence/{evidence_id:str}", guards=[signed_in], include_in_schema=False)
async def evidence_file(request: WebRequest, services: NamedDependency[Services], evidence_id: FromPath[str]) -> Response[bytes]:
    """The document as a download, never shown inside the site; to anybody else it does not exist."""
    folder = evidence_folder(services.settings)
    row, content = await read_document(services.sessions, signed(request), evidence_id, folder)
    disposition = f"attachment; filename*=UTF-8''{quote(row.file_name or 'document', safe='')}"
    return Response(content, media_type=row.media_type, headers={**AWAY, "content-disposition": disposition})


@post("/evidence/{evidence_id:str}/delete", guards=[allow(Role.SUPPLIER)], include_in_schema=False)
async def delete_evidence(request: WebRequest, services: NamedDependency[Services], evidence_id: FromPath[str]) -> Redirect:
    """Deletes one's own document for good."""
    folder = evidence_folder(services.settings)
    key = await remove_document(services.sessions, signed(request), evidence_id, folder, services.clock())
    return Redirect(f"/supplier/{quote(key, safe='')}/evidence?saved=deleted", status_code=303)


def _status_names(organisation: Organisation) -> dict[str, Message | str]:
    """What a document can show: each status by the name in the law, else by its kind."""
    return {status.name or status.kind.value: status.name or STATUSES[status.kind] for status in organisation.statuses}


async def _page(request: WebRequest, organisation: Organisation, form: Form) -> Template:
    services = services_of(request)
    language = language_of(request)
    async with services.sessions() as session:
        documents = await evidence_of(session, [organisation.key])
    offered = [
        (value, words if isinstance(words, str) else translate(words, language))
        for value, words in _status_names(organisation).items()
    ]
    return page(
        request,
        "supplier/evidence.html",
        status=422 if form.errors else 200,
        organisation=organisation,
        form=form,
        documents=documents,
        status_names=dict(offered),
        offered=offered,
        megabytes=evidence_folder(services.settings).most_bytes // 1_000_000,
        back=step_path(organisation.key, "status"),
        saved=request.query_params.get("saved", ""),
    )
