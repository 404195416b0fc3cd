"""Which figures of a supplier a reader may see: the supplier decides."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from matchmaker.domain.access import Person, Role
from matchmaker.domain.organisation import Organisation, SizeFigures, Visibility
from matchmaker.web.guards import person_of
from matchmaker.web.services import WebRequest, services_of
from matchmaker.workflows.figures_seen import note_figures_seen


def sees(request: WebRequest, organisation: Organisation, visibility: Visibility) -> bool:
    """Whether this reader is among those a figure is shown to; the organisation's own members see everything."""
    person = person_of(request)
    if visibility is Visibility.PUBLIC or (person is not None and person.serves(organisation.key)):
        return True
    return visibility is Visibility.BUYERS and person is not None and Role.BUYER in person.roles


def figures_for(request: WebRequest, organisation: Organisation) -> SizeFigures:
    """Headcount and turnover as far as this reader may see them."""
    return as_seen(request, organisation).size


def as_seen(request: WebRequest, organisation: Organisation) -> Organisation:
    """The organisation without what it does not show to this reader: figures, contract sizes, free capacity."""
    return _without(organisation, {each for each in Visibility if sees(request, organisation, each)})


def as_buyers_see(organisation: Organisation) -> Organisation:
    """The organisation as any signed-in buyer sees it."""
    return _without(organisation, {Visibility.PUBLIC, Visibility.BUYERS})


def _without(organisation: Organisation, shown: Collection[Visibility]) -> Organisation:
    size, free, capabilities = organisation.size, organisation.free_capacity, organisation.capabilities
    size = replace(
        size,
        employees=size.employees if size.visibility in shown else None,
        turnover=size.turnover if size.turnover_shown_to in shown else None,
    )
    if organisation.contract_sizes_shown_to not in shown:
        capabilities = tuple(replace(work, smallest=None, largest=None) for work in capabilities)
    free = free if free is not None and free.visibility in shown else None
    return replace(organisation, size=size, free_capacity=free, capabilities=capabilities)


async def note_figures_shown(request: WebRequest, organisations: Iterable[Organisation]) -> None:
    """Writes down for each supplier whose figures this buyer is shown that they were; call it wherever they are shown."""
    person = person_of(request)
    if person is not None:
        services = services_of(request)
        keys = [each.key for each in organisations if _for_buyers_only(person, each)]
        await note_figures_seen(services.sessions, person, keys, services.clock())


def _for_buyers_only(person: Person, organisation: Organisation) -> bool:
    outsider = Role.BUYER in person.roles and not person.serves(organisation.key)
    return outsider and Visibility.BUYERS in _audiences(organisation)


def _audiences(organisation: Organisation) -> set[Visibility]:
    """Who sees the figures that are stated."""
    size, free = organisation.size, organisation.free_capacity
    found = set()
    if size.employees is not None:
        found.add(size.visibility)
    if size.turnover is not None:
        found.add(size.turnover_shown_to)
    if free is not None:
        found.add(free.visibility)
    if any(work.smallest or work.largest for work in organisation.capabilities):
        found.add(organisation.contract_sizes_shown_to)
    return found
