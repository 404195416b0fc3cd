"""Which figures of a supplier a reader may see: the supplier decides."""

from dataclasses import replace

from matchmaker.domain.access import Role
from matchmaker.domain.organisation import Organisation, SizeFigures, Visibility
from matchmaker.web.guards import person_of
from matchmaker.web.services import WebRequest


def figures_for(request: WebRequest, organisation: Organisation) -> SizeFigures:
    """Headcount and turnover as far as this reader may see them; the organisation's own members see everything."""
    figures = organisation.size
    person = person_of(request)
    if figures.visibility is Visibility.PUBLIC or (person is not None and person.serves(organisation.key)):
        return figures
    if figures.visibility is Visibility.BUYERS and person is not None and Role.BUYER in person.roles:
        return figures
    return replace(figures, employees=None, turnover=None)


def withheld(request: WebRequest, organisation: Organisation) -> bool:
    """Whether the supplier has figures that this reader does not get."""
    stated = organisation.size.employees is not None or organisation.size.turnover is not None
    shown = figures_for(request, organisation)
    return stated and shown.employees is None and shown.turnover is None
