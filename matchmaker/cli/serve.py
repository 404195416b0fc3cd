"""``serve``: the site in one process."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any, cast

import typer
import uvicorn
from litestar import Litestar

from matchmaker.cli.console import database, err, run
from matchmaker.cli.instance import services
from matchmaker.cli.logs import set_up_logs
from matchmaker.cli.notices import Today, fixed_day
from matchmaker.settings import Settings, read_settings
from matchmaker.web.app import create_app
from matchmaker.web.request_log import RequestLog

SHUTDOWN_SECONDS = 10
"""How long running requests may take to finish when the process is asked to stop."""


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app``."""
    app.command()(serve)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every network.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 8000,
    today: Today = None,
) -> None:
    """Serve the site. Ctrl-C or SIGTERM lets running requests finish, then stops."""
    settings, day = read_settings(), fixed_day(today)
    set_up_logs(settings.log_json)
    run(serve_site(settings, host, port, day))


async def serve_site(settings: Settings, host: str, port: int, day: date | None = None) -> None:
    """Serves until the process is asked to stop; ``day`` is the day it is taken to be, None the clock's."""
    async with database(settings) as sessions:
        app = RequestLog(create_app(await services(settings, sessions, day)))
        err.print(f"Matchmaker listens on http://{host}:{port}")
        await server_of(app, host, port).serve()


class StoppedByAsking(uvicorn.Server):
    """Ctrl-C and SIGTERM end ``serve``, and the process goes on to close what it opened.

    The server's own way raises the signal again, which ends the process past every clean-up: an embedded database would stay.
    """

    def stop(self) -> None:
        """Lets running requests finish; the second time it does not wait for them."""
        self.force_exit = self.should_exit
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handles both signals while serving."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.stop)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)


def server_of(app: RequestLog | Litestar, host: str, port: int) -> uvicorn.Server:
    """A server without logs of its own: they hold addresses and queries."""
    config = uvicorn.Config(
        cast(Any, app),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        h11_max_incomplete_event_size=64_000,
    )
    return StoppedByAsking(config)
