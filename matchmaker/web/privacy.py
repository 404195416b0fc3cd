"""The data-protection assessment and record of processing on one page (Art. 30 and 35 of Regulation (EU) 2016/679)."""

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from matchmaker.domain.access import INVITATION_LIFETIME, SESSION_LIFETIME, SIGN_IN_LINK_LIFETIME
from matchmaker.web.guards import everyone
from matchmaker.web.pages import page
from matchmaker.web.services import Services, WebRequest
from matchmaker.workflows.register_supplier import UNPUBLISHED_KEPT


@get("/privacy", guards=[everyone], include_in_schema=False)
async def privacy_page(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """Who answers for which data, why they are held, for how long, what could go wrong and what was done about it."""
    settings = services.settings
    return page(
        request,
        "privacy.html",
        record_years=settings.record_years,
        audit_years=settings.audit_years,
        quarantine_days=settings.quarantine_days,
        session_days=SESSION_LIFETIME.days,
        invitation_days=INVITATION_LIFETIME.days,
        draft_days=UNPUBLISHED_KEPT.days,
        link_minutes=SIGN_IN_LINK_LIFETIME.seconds // 60,
    )
