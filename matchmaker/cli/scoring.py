"""``rank``, ``rank-awards``, ``evaluate``, ``train``: the scorer on files, without a database."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from matchmaker.cli.console import err, progress
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.messages import Message
from matchmaker.scoring.benchmark import read_lots, read_suppliers
from matchmaker.scoring.capability import default_capability
from matchmaker.scoring.criteria.capability import SupplierText

KEPT = 1000
"""Suppliers a lot in a run; a smaller collection is listed whole."""
TAG = "matchmaker"


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app``."""
    app.command()(rank)


def rank(
    suppliers: Annotated[Path, typer.Option(help="JSON Lines: id, description, lang, optionally cpvs.", exists=True)],
    lots: Annotated[Path, typer.Option(help="JSON Lines with the keys of `export lots`; qid is the id.", exists=True)],
    out: Annotated[Path, typer.Option(help="Where the run goes: lot, Q0, supplier, rank, score, tag, tab-separated.")],
    reference: Annotated[
        Path | None, typer.Option(help="Folder of code tables. Not needed: label vocabulary and codes travel with the model.")
    ] = None,
    criteria: Annotated[
        str, typer.Option(help="What to rank by; files of suppliers carry what capability needs.")
    ] = "capability",
) -> None:
    """Rank suppliers for lots, both from files."""
    if reference is not None and not reference.exists():
        raise NotFound(Message("%(path)s is not there.", {"path": str(reference)}), Message("Leave --reference out."))
    if criteria != "capability":
        raise InvalidValue(
            Message("Files are ranked by capability, not by “%(criteria)s”.", {"criteria": criteria}),
            Message("Give --criteria capability, or use `match` on stored suppliers for all criteria."),
        )
    model = default_capability()
    asked = read_lots(lots)
    texts = _distinct(read_suppliers(suppliers, model.encoder))
    with out.open("w", encoding="utf-8") as run:
        for lot in progress(asked, len(asked), "Lots"):
            answers = model.assess(lot.need, texts)
            pairs = ((text.key, answer.log_odds) for text, answer in zip(texts, answers, strict=True))
            run.writelines(run_lines(lot.qid, pairs, KEPT))
    err.print(f"{len(asked)} lots, {len(texts)} suppliers: {out}")


def run_lines(query: str, scored: Iterable[tuple[str, float]], kept: int) -> list[str]:
    """Lines of a TREC run, best first, equal scores by key."""
    order = sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:kept]
    return [f"{query}\tQ0\t{key}\t{place}\t{score:.6f}\t{TAG}\n" for place, (key, score) in enumerate(order, 1)]


def _distinct(suppliers: Sequence[SupplierText]) -> list[SupplierText]:
    """Each supplier once, the first row of an id counting."""
    found: dict[str, SupplierText] = {}
    for supplier in suppliers:
        found.setdefault(supplier.key, supplier)
    return list(found.values())
