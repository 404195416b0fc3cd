"""What the commands of one instance work with, made from its settings and its database."""

import gc
from datetime import UTC, date, datetime

from matchmaker.alerts.mailers import Mailer, mailer_for
from matchmaker.scoring.capability import default_capability
from matchmaker.scoring.encoder import default_encoder
from matchmaker.settings import Settings
from matchmaker.storage.engine import SessionMaker
from matchmaker.web.services import Services
from matchmaker.workflows.load_reference import stored_reference
from matchmaker.workflows.tools import MatchTools


async def match_tools(settings: Settings, sessions: SessionMaker) -> MatchTools:
    """Reference tables as stored (the core where none are), the encoder and the capability model of the package."""
    tools = MatchTools(
        reference=await stored_reference(sessions),
        encoder=default_encoder(),
        capability=default_capability(),
        shown_sources=settings.show_imported_suppliers,
    )
    # These tables are hundreds of thousands of objects that live as long as the process: left to the garbage collector, each full
    # collection walks them all in the middle of somebody's request.
    gc.collect()
    gc.freeze()
    return tools


def mailer(settings: Settings) -> Mailer:
    """SMTP where the settings name a server, else a folder in the instance's home."""
    return mailer_for(settings.smtp_url, settings.mail_from, settings.home / "mail")


async def services(settings: Settings, sessions: SessionMaker, day: date | None = None) -> Services:
    """What the site works with; ``day`` is the day it is taken to be, None the clock's."""
    tools = await match_tools(settings, sessions)
    return Services(settings, sessions, tools, mailer(settings), lambda: datetime.now(UTC), day)
