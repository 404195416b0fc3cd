"""Which figures of a supplier a reader may see: the supplier decides."""

from collections.abc import Iterable
from dataclasses import replace

from matchmaker.domain.access import Person, Role
from matchmaker.domain.organisation import Organisation, SizeFigures, Visibility
from matchmaker.web.guards import person_of
from matchmaker.web.services import WebRequest, services_of
from matchmaker.workflows.figures_seen import note_figures_seen


def figures_for(request: WebRequest, organisation: Organisation) -> SizeFigures:
    """Headcount and turnover as far as this reader may see them; the organisation's own members see everything."""
    figures = organisation.size
    person = person_of(request)
    if figures.visibility is Visibility.PUBLIC or (person is not None and person.serves(organisation.key)):
        return figures
    if figures.visibility is Visibility.BUYERS and person is not None and Role.BUYER in person.roles:
        return figures
    return replace(figures, employees=None, turnover=None)


async def note_figures_shown(request: WebRequest, organisations: Iterable[Organisation]) -> None:
    """Writes down for each supplier whose figures this buyer is shown that they were; call it wherever they are shown."""
    person = person_of(request)
    if person is not None:
        services = services_of(request)
        keys = [each.key for each in organisations if _for_buyers_only(person, each)]
        await note_figures_seen(services.sessions, person, keys, services.clock())


def _for_buyers_only(person: Person, organisation: Organisation) -> bool:
    size = organisation.size
    stated = size.employees is not None or size.turnover is not None
    outsider = Role.BUYER in person.roles and not person.serves(organisation.key)
    return stated and outsider and size.visibility is Visibility.BUYERS


def withheld(request: WebRequest, organisation: Organisation) -> bool:
    """Whether the supplier has figures that this reader does not get."""
    stated = organisation.size.employees is not None or organisation.size.turnover is not None
    shown = figures_for(request, organisation)
    return stated and shown.employees is None and shown.turnover is None
