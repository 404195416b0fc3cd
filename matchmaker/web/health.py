"""Whether the process runs, and whether it can do its work."""

from litestar import Response, get
from litestar.di import NamedDependency

from matchmaker.storage.health import reachable
from matchmaker.web.guards import everyone
from matchmaker.web.services import Services


@get("/health/live", guards=[everyone], include_in_schema=False)
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@get("/health/ready", guards=[everyone], include_in_schema=False)
async def ready(services: NamedDependency[Services]) -> Response[dict[str, str]]:
    """The database answers too; 503 when it does not."""
    async with services.sessions() as session:
        if await reachable(session):
            return Response({"status": "ready", "database": "reachable"})
    return Response({"status": "not ready", "database": "unreachable"}, status_code=503)
