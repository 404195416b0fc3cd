"""``rank``, ``rank-awards``, ``suggest-cpv``, ``evaluate``, ``train``: the scorer on files, without a database."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from matchmaker.cli.console import err, progress
from matchmaker.cli.console import out as printed
from matchmaker.cli.proof import commit
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.messages import Message
from matchmaker.planning.bid_fitting import fit, measured, read_awards
from matchmaker.planning.bids import FEW_RESERVED, MODEL_FILE, save_bid_model
from matchmaker.planning.exposure_evaluation import exposure_rows
from matchmaker.reference.bundle import core_reference
from matchmaker.scoring.awards import read_history, read_queries
from matchmaker.scoring.awards_evaluation import award_rows
from matchmaker.scoring.awards_ranking import rank_awards as ranked_awards
from matchmaker.scoring.benchmark import read_lots, read_suppliers
from matchmaker.scoring.capability import default_capability
from matchmaker.scoring.cpv_prediction import default_suggester
from matchmaker.scoring.criteria.capability import SupplierText
from matchmaker.scoring.encoder import WEIGHTS, default_encoder, load_encoder
from matchmaker.scoring.encoder_training import Recipe
from matchmaker.scoring.evaluation import Row, capability_rows, cpv_rows, encoder_rows, honest_odds
from matchmaker.scoring.reliability import groups_of, reliability_svg
from matchmaker.scoring.scorer_training import Settings
from matchmaker.scoring.training import read_material
from matchmaker.scoring.training import train_cpv as make_cpv
from matchmaker.scoring.training import train_encoder as make_encoder
from matchmaker.scoring.training import train_scorer as make_scorer
from matchmaker.settings import read_settings

Reference = Annotated[
    Path | None,
    typer.Option(
        help="Folder of code tables (cpv.csv), where it is not the shared one. Ranking needs none: labels travel with the model."
    ),
]
KEPT = 1000
"""Suppliers a lot in a run; a smaller collection is listed whole."""
TAG = "matchmaker"
RELIABILITY = "Chance stated (to the right) and share found able (upwards), on lots left out of fitting, with 95 % intervals"


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app``."""
    app.command()(rank)
    app.command()(rank_awards)
    app.command()(suggest_cpv)
    app.command()(evaluate)
    train = typer.Typer(help="Make the weights from the training material.", no_args_is_help=True)
    for command in (train_encoder, train_scorer, train_cpv, train_bids):
        train.command(command.__name__.removeprefix("train_"))(command)
    app.add_typer(train, name="train")


def rank(
    suppliers: Annotated[Path, typer.Option(help="JSON Lines: id, description, lang, optionally cpvs.", exists=True)],
    lots: Annotated[Path, typer.Option(help="JSON Lines with the keys of `export lots`; qid is the id.", exists=True)],
    out: Annotated[Path, typer.Option(help="Where the run goes: lot, Q0, supplier, rank, score, tag, tab-separated.")],
    reference: Reference = None,
    criteria: Annotated[
        str, typer.Option(help="What to rank by; files of suppliers carry what capability needs.")
    ] = "capability",
) -> None:
    """Rank suppliers for lots, both from files."""
    _there(reference)
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


def _there(reference: Path | None) -> None:
    if reference is not None and not reference.exists():
        raise NotFound(Message("%(path)s is not there.", {"path": str(reference)}), Message("Leave --reference out."))


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


def rank_awards(
    history: Annotated[Path, typer.Option(help="Past awards, JSON Lines, plain or .gz.", exists=True)],
    queries: Annotated[Path, typer.Option(help="Purchases to rank suppliers for, JSON Lines, plain or .gz.", exists=True)],
    source: Annotated[str, typer.Option(help="The value of the key “source” to read.")],
    out: Annotated[Path, typer.Option(help="Where the run goes: award, Q0, supplier, rank, score, tag, tab-separated.")],
    reference: Reference = None,
) -> None:
    """Rank past winners for purchases, learning from the history alone."""
    _there(reference)
    asked = read_queries(queries, source)
    past = read_history(history, source, frozenset(purchase.award_id for purchase in asked))
    with out.open("w", encoding="utf-8") as run:
        for ranking in progress(ranked_awards(past, asked, err.print), len(asked), "Purchases"):
            run.writelines(
                f"{ranking.award_id}\tQ0\t{key}\t{place}\t{score:.6f}\t{TAG}\n"
                for place, (key, score) in enumerate(zip(ranking.suppliers, ranking.scores, strict=True), 1)
            )
    err.print(f"{len(asked)} purchases, {len(past)} past awards: {out}")


def suggest_cpv(
    text: Annotated[str, typer.Argument(help="What is bought or offered, in any language of the EU.")],
    top: Annotated[int, typer.Option(help="How many codes.", min=1, max=50)] = 5,
) -> None:
    """Suggest CPV codes for a text, with probabilities."""
    for suggestion in default_suggester().suggest(text, top):
        printed.print(f"{suggestion.code}  {suggestion.probability:.3f}")


class Part(StrEnum):
    """What ``evaluate`` can measure."""

    CAPABILITY = "capability"
    CPV = "cpv"
    ENCODER = "encoder"
    EXPOSURE = "exposure"
    AWARDS = "awards"


JUDGED = {Part.CAPABILITY, Part.EXPOSURE}
"""The parts measured on the judged lots."""

Shared = Annotated[Path | None, typer.Option(help="Folder with the training material; by default MATCHMAKER_SHARED.")]
Weights = Annotated[Path, typer.Option(help="Folder the weights go to and the others are read from.", show_default="the package")]


def evaluate(
    only: Annotated[list[Part] | None, typer.Argument(metavar="[PART]…", help="Measure only these.")] = None,
    parts: Annotated[list[Part] | None, typer.Option("--part", help="The same as an option; may be repeated.")] = None,
    shared: Shared = None,
    reference: Reference = None,
    reliability: Annotated[
        Path | None, typer.Option(help="SVG file for the reliability diagram: chances of capability stated and found.")
    ] = None,
) -> None:
    """Measure the scorer and print one table with the commit."""
    _there(reference)
    folder, wanted = shared or read_settings().shared, {*(only or ()), *(parts or ())} or set(Part)
    material = read_material(folder, reference) if wanted & {Part.CPV, Part.ENCODER} else None
    rows: list[Row] = []
    judged = honest_odds(folder, default_capability(), Settings()) if wanted & JUDGED or reliability else None
    if judged and Part.CAPABILITY in wanted:
        rows += capability_rows(folder, default_capability(), judged)
    if judged and reliability:
        reliability.write_text(reliability_svg(groups_of(*judged), RELIABILITY), encoding="utf-8")
    if material and Part.CPV in wanted:
        rows += cpv_rows(material, default_encoder(), err.print)
    if material and Part.ENCODER in wanted:
        rows += encoder_rows(material, Recipe(), err.print)
    if Part.AWARDS in wanted:
        rows += award_rows(folder, err.print)
    if judged and Part.EXPOSURE in wanted:
        rows += exposure_rows(folder, judged, Settings())
    _print_table(rows)


def _print_table(rows: Sequence[Row]) -> None:
    printed.print(f"Measured at {commit()} with {default_capability().version}", markup=False)
    for row in rows:
        figures = "  ".join(f"{name} {value:.4f}" for name, value in row.figures.items())
        printed.print(f"{row.part:15} {row.name:40} n {row.cases:6}  {figures}", markup=False)


def train_encoder(out: Weights = WEIGHTS, shared: Shared = None, reference: Reference = None) -> None:
    """Encoder, meanings of CPV codes and label words (about ten minutes on one core)."""
    _there(reference)
    make_encoder(read_material(shared or read_settings().shared, reference), out, Recipe(), err.print)


def train_scorer(out: Weights = WEIGHTS, shared: Shared = None, reference: Reference = None) -> None:
    """The capability model, from graded judgements."""
    _there(reference)
    encoder = load_encoder(out / "encoder.npz")
    make_scorer(encoder, shared or read_settings().shared, out, Settings(), err.print)


def train_cpv(out: Weights = WEIGHTS, shared: Shared = None, reference: Reference = None) -> None:
    """The CPV suggester."""
    _there(reference)
    material = read_material(shared or read_settings().shared, reference)
    make_cpv(material, load_encoder(out / "encoder.npz"), out, err.print)


def train_bids(
    out: Annotated[Path, typer.Option(help="File the parameters go to.", show_default="the package")] = MODEL_FILE,
    shared: Shared = None,
) -> None:
    """The number of bids on awarded lots; reports calibration on one notice in five, which fitting does not see."""
    path = (shared or read_settings().shared) / "data" / "lots.jsonl.gz"
    awards = read_awards(path, core_reference().currencies.to_euro)
    model = measured(fit(awards), awards)
    save_bid_model(model, out)
    printed.print(f"fitted on {model.awards} awards, {model.reserved_awards} of them reserved")
    for name, rows in (("all", model.calibration), ("reserved", model.calibration_reserved)):
        for row in rows:
            line = (
                f"{name}: at least {row.wanted} bids: predicted {row.predicted:.3f}, observed {row.observed:.3f}, n {row.count}"
            )
            printed.print(line)
    if model.reserved_awards < FEW_RESERVED:
        printed.print(f"fewer than {FEW_RESERVED} reserved awards: the interval for reserved lots is widened")
