"""What the operator sees of the mail: how much waits, and what is late, refused or doubtful."""

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from matchmaker.domain.access import Role
from matchmaker.storage.outbox_records import outbox_counts, troubled_messages
from matchmaker.web.guards import allow
from matchmaker.web.pages import page
from matchmaker.web.services import Services, WebRequest

SHOWN = 100


@get("/operator/mail", guards=[allow(Role.OPERATOR)], include_in_schema=False)
async def operator_mail(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """Counts, and the newest messages in trouble."""
    async with services.sessions() as session:
        counts = await outbox_counts(session)
        troubled = await troubled_messages(session, SHOWN)
    return page(request, "operator/mail.html", counts=counts, troubled=troubled)
