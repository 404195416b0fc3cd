"""What handlers work with, made once at start and handed to every request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from litestar import Request
from litestar.datastructures import State

from matchmaker.settings import Settings
from matchmaker.storage.engine import SessionMaker
from matchmaker.workflows.tools import MatchTools

WebRequest = Request[Any, Any, State]
"""A request; ``guards.person_of`` says who sent it."""


@dataclass(frozen=True)
class Services:
    """The outside world as values. Handlers receive it as the dependency ``services``."""

    settings: Settings
    sessions: SessionMaker
    tools: MatchTools
    mailer: Any
    clock: Callable[[], datetime]
    """The present moment, in UTC."""
    day: date | None = None
    """The day it is taken to be for lots, matches and lists; None: the clock's. Sessions and links always follow the clock."""

    @property
    def today(self) -> date:
        """The day it is: the one given, else the date now, in UTC."""
        return self.day or self.clock().date()


def services_of(request: WebRequest) -> Services:
    """The services of the application that serves ``request``."""
    services: Services = request.app.state.services
    return services
