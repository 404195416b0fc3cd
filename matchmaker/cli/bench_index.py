"""``bench index``: whether an index over vectors would pay: what it finds of the nearest, and how fast."""

from typing import Annotated

import typer

from matchmaker.cli.console import database, out, run
from matchmaker.cli.groups import bench
from matchmaker.cli.instance import match_tools
from matchmaker.scoring.narrowing import narrowing
from matchmaker.settings import Settings, read_settings
from matchmaker.storage.index_trial import build, copy_vectors, nearest
from matchmaker.storage.matches import lot_sample
from matchmaker.storage.nearest_capabilities import WANTED
from matchmaker.storage.notices import load_needs
from matchmaker.workflows.time_matching import middle

TRIALS = (("IVFFlat", (10, 50)), ("HNSW", (200, 1000)))
"""Kinds of index, and how far each is told to look: lists probed, candidates kept."""


def register(_app: typer.Typer) -> None:
    """Adds the command to the group ``bench``."""
    bench.command("index")(index)


def index(lots: Annotated[int, typer.Option(help="How many stored lots to look for.", min=1)] = 100) -> None:
    """Try approximate indexes on a copy of this instance's vectors and say how many of the nearest each finds."""
    run(_index(read_settings(), lots))


async def _index(settings: Settings, count: int) -> None:
    async with database(settings) as sessions:
        tools = await match_tools(settings, sessions)
        async with sessions() as session:
            needs = await load_needs(session, await lot_sample(session, count))
            wanted = [narrowing(need, tools.reference, tools.encoder, tools.capability).vector for need in needs]
            vectors = await copy_vectors(session)
            exact = await nearest(session, wanted, WANTED)
            out.print(f"{vectors} vectors, {len(needs)} lots, the {WANTED} nearest of each")
            out.print(f"comparing all: median {middle(exact.milliseconds):.1f} ms")
            for kind, reaches in TRIALS:
                seconds = await build(session, kind, vectors)
                for reach in reaches:
                    found = await nearest(session, wanted, WANTED, kind, reach)
                    shared = sum(len(set(mine) & set(all_)) for mine, all_ in zip(found.rows, exact.rows, strict=True))
                    share = 100 * shared / max(1, sum(map(len, exact.rows)))
                    out.print(
                        f"{kind} looking {reach} far: median {middle(found.milliseconds):.1f} ms, finds {share:.0f} %;"
                        f" made in {seconds:.0f} s"
                    )
            await session.rollback()
