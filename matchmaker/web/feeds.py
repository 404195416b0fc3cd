"""A person's private feed: whoever knows its address may read it."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from matchmaker.alerts.feed import atom_feed
from matchmaker.domain.errors import NotFound
from matchmaker.domain.messages import Message
from matchmaker.web.guards import everyone
from matchmaker.web.i18n import language_of
from matchmaker.web.services import Services, WebRequest
from matchmaker.workflows.alert_delivery import feed_news

HEADERS = {"cache-control": "private, max-age=600", "x-robots-tag": "noindex", "referrer-policy": "no-referrer"}


@get("/feeds/{name:str}", guards=[everyone], include_in_schema=False)
async def private_feed(request: WebRequest, services: NamedDependency[Services], name: FromPath[str]) -> Response[bytes]:
    """``KEY.atom``: the newest lots this person was told of."""
    key = name.removesuffix(".atom")
    news = await feed_news(services.sessions, key)
    if news is None:
        raise NotFound(Message("There is no such feed, or it was given a new address."))
    address = f"{services.settings.base_url}/feeds/{key}.atom"
    content = atom_feed(news, address, services.settings.base_url, language_of(request), services.clock())
    return Response(content, media_type="application/atom+xml", headers=HEADERS)
