"""Files served as they are: one style sheet and an icon. Their addresses carry a digest, so they can be kept for a year."""

import hashlib
from functools import lru_cache
from pathlib import Path

from litestar import Router
from litestar.datastructures import CacheControlHeader
from litestar.static_files import create_static_files_router

from matchmaker.web.guards import everyone

FOLDER = Path(__file__).parent / "static"


@lru_cache
def static_url(name: str) -> str:
    """The address of one file, new whenever the file changes."""
    digest = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def static_router() -> Router:
    """The route that serves the folder."""
    return create_static_files_router(
        path="/static",
        directories=[FOLDER],
        guards=[everyone],
        cache_control=CacheControlHeader(public=True, max_age=31_536_000, immutable=True),
    )
