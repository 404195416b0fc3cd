"""What if other weights counted: the suppliers of a lot ranked anew, with the places each gains or loses."""

from collections.abc import Mapping

from litestar import get
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template

from matchmaker.domain.match import Criterion
from matchmaker.domain.messages import Message
from matchmaker.scoring.what_if import WEIGHED, what_if
from matchmaker.web.forms import Form
from matchmaker.web.guards import everyone
from matchmaker.web.lot import load_page, lot_path
from matchmaker.web.pages import page
from matchmaker.web.services import Services, WebRequest
from matchmaker.workflows.match_lots import keep_ranking

FACTORS: Mapping[str, Message] = {
    "1": Message("as published"),
    "0": Message("left out"),
    "0.5": Message("half as much"),
    "2": Message("twice as much"),
}
SHOWN = 30


def chosen_weights(form: Form) -> dict[Criterion, float]:
    """What the reader changed; a value that is no choice counts as published, so that an old link still works."""
    found = {criterion: form.value(criterion.value) for criterion in WEIGHED}
    return {criterion: float(factor) for criterion, factor in found.items() if factor in FACTORS and factor != "1"}


@get("/what-if", guards=[everyone], include_in_schema=False)
async def what_if_page(request: WebRequest, services: NamedDependency[Services], lot: FromQuery[str]) -> Template:
    """The form and, with the weights it sends, the first thirty suppliers and what moved."""
    loaded = await load_page(services, lot)
    weights = chosen_weights(Form(dict(request.query_params)))
    organisations = {view.organisation.key: view.organisation for view in loaded.found}
    matches = [view.match for view in loaded.found]
    return page(
        request,
        "what_if.html",
        after=BackgroundTask(keep_ranking, services.sessions, loaded.ranking),
        full_id=loaded.full_id,
        lot_link=lot_path(loaded.full_id),
        weighed=WEIGHED,
        factors=FACTORS,
        weights=weights,
        moves=what_if(matches, weights)[:SHOWN],
        organisations=organisations,
        total=len(matches),
    )
