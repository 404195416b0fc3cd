"""What every command shares: printing, progress, the running loop, an instance's database."""

import asyncio
import sys
from collections.abc import AsyncIterator, Coroutine, Iterable, Iterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from matchmaker.domain.errors import Refusal
from matchmaker.domain.messages import Message
from matchmaker.settings import Settings
from matchmaker.storage.embedded import sqlalchemy_url, start_embedded
from matchmaker.storage.engine import SessionMaker, make_engine, make_sessions
from matchmaker.storage.migrating import require_newest

T = TypeVar("T")

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def show_refusal(refusal: Refusal) -> None:
    """The refusal's sentence and next step on stderr."""
    err.print(f"[bold]{refusal.sentence}[/bold]", markup=True)
    if refusal.next_step:
        err.print(str(refusal.next_step), markup=False)


def say(message: Message) -> None:
    """A sentence on the output."""
    out.print(str(message), markup=False)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Runs asynchronous work to its end."""
    return asyncio.run(work)


def progress(items: Iterable[T], total: int | None, title: str) -> Iterator[T]:
    """Yields ``items``, showing a bar on a terminal and a line every tenth part otherwise, on stderr."""
    if sys.stderr.isatty():
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=err) as bar:
            yield from bar.track(items, total=total, description=title)
        return
    step = max(1, (total or 1000) // 10)
    count = 0
    for count, item in enumerate(items, 1):
        yield item
        if count % step == 0:
            err.print(f"{title}: {count}" + (f" of {total}" if total else ""))
    err.print(f"{title}: {count} done")


def database_url(settings: Settings) -> str:
    """The instance's database, started when it is the embedded one."""
    return sqlalchemy_url(settings.database_url) if settings.database_url else start_embedded(settings.home)


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[SessionMaker]:
    """Sessions on the instance's database.

    Raises:
        Refusal: it is not in its newest form.
    """
    engine = make_engine(database_url(settings))
    try:
        await require_newest(engine)
        yield make_sessions(engine)
    finally:
        await engine.dispose()
