import json
import re
from pathlib import Path

import numpy as np
import pytest

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.planning.exposure import WIDTH
from matchmaker.planning.exposure_evaluation import figures_of, lists, market_of
from matchmaker.scoring.benchmark import measures, read_judgements, read_lots, rows, sector_of
from matchmaker.scoring.capability import default_capability
from matchmaker.scoring.evaluation import capability_rows
from matchmaker.scoring.scorer_training import Measured, Settings, clusters, cross_validated, fit, reliability
from matchmaker.scoring.training import measure

LOT = {
    "notice_id": "1-2024",
    "lot_id": "LOT-0001",
    "language": "fr",
    "title": "Nettoyage",
    "description": "Bureaux.",
    "main_cpv": "90910000",
}


def test_lot_is_named_by_its_notice_and_lot_where_it_has_no_qid(tmp_path: Path) -> None:
    path = tmp_path / "lots.jsonl"
    path.write_text(
        json.dumps(LOT) + "\n" + json.dumps(LOT | {"qid": "Q1", "title": {"fr": "Nettoyage"}}) + "\n", encoding="utf-8"
    )
    first, second = read_lots(path)
    assert (first.qid, second.qid) == ("1-2024/LOT-0001", "Q1")
    assert first.need.title == second.need.title == {"fr": "Nettoyage"}
    assert [code.code for code in first.need.cpvs] == ["90910000"]


def test_line_that_is_no_object_is_named(tmp_path: Path) -> None:
    path = tmp_path / "lots.jsonl"
    path.write_text('{"a": 1}\n[1]\n', encoding="utf-8")
    with pytest.raises(UnreadableDocument, match="line 2"):
        list(rows(path))


def test_lots_with_one_firm_supplier_are_not_judged(tmp_path: Path) -> None:
    path = tmp_path / "qrels.tsv"
    path.write_text("A\ts1\t3\nA\ts2\t1\nB\ts1\t2\nB\ts2\t2\n", encoding="utf-8")
    assert set(read_judgements(path)) == {"B"}


def test_perfect_ranking_measures_one() -> None:
    judged = {"a": 3, "b": 2, "c": 0}
    assert measures(judged, ["a", "b", "c"]) == {"ndcg@10": 1.0, "recall@50": 1.0, "mrr": 1.0}
    assert measures(judged, ["c", "b", "a"])["mrr"] == 0.5


def test_sectors_are_told_by_code() -> None:
    assert [sector_of(code) for code in ("55524000", "18222000", "60130000", "90910000")] == [
        "food",
        "textiles",
        "transport",
        "other",
    ]


@pytest.fixture(scope="module")
def small(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Measured:
    """All judged lots against the firm suppliers and 500 drawn ones: harder than chance, quick enough for every run."""
    folder = tmp_path_factory.mktemp("benchmark")
    benchmark = shared / "benchmark"
    firm = {
        key for judged in read_judgements(benchmark / "qrels.dev.tsv").values() for key, grade in judged.items() if grade >= 2
    }
    lines = (benchmark / "suppliers.jsonl").read_text(encoding="utf-8").splitlines()
    drawn = set(np.random.default_rng(0).choice(len(lines), 500, replace=False).tolist())
    kept = [line for number, line in enumerate(lines) if number in drawn or json.loads(line)["id"] in firm]
    (folder / "suppliers.jsonl").write_text("\n".join(kept), encoding="utf-8")
    for name in ("lots.dev.jsonl", "qrels.dev.tsv"):
        (folder / name).symlink_to((benchmark / name).resolve())
    return measure(folder, default_capability())


@pytest.fixture(scope="module")
def honest(small: Measured) -> list[np.ndarray]:
    """Scores from models that saw no lot of the same cluster."""
    return cross_validated(small, Settings())


def mean_ndcg(measured: Measured, odds: list[np.ndarray], shared: Path) -> float:
    judgements = read_judgements(shared / "benchmark" / "qrels.dev.tsv")
    orders = [[measured.suppliers[place] for place in np.argsort(-each, kind="stable")] for each in odds]
    return float(
        np.mean([measures(judgements[lot.qid], order)["ndcg@10"] for lot, order in zip(measured.lots, orders, strict=True)])
    )


@pytest.mark.shared
def test_shipped_model_ranks_real_lots_above_its_floor(small: Measured, shared: Path) -> None:
    scorer = default_capability().scorer
    assert mean_ndcg(small, [scorer.decision_function(features) for features in small.features], shared) > 0.62


@pytest.mark.shared
def test_model_that_saw_no_twin_of_a_lot_ranks_it_above_the_floor(
    small: Measured, honest: list[np.ndarray], shared: Path
) -> None:
    assert mean_ndcg(small, honest, shared) > 0.62
    assert reliability(small, honest)["ECE, all pairs"] < 0.02


@pytest.mark.shared
def test_taking_turns_keeps_small_and_new_suppliers_in_view_and_costs_little(
    small: Measured, honest: list[np.ndarray], shared: Path
) -> None:
    market = market_of(shared, small, honest)
    by_score, turns = (figures_of(market, list(lists(market, width))) for width in (-1.0, WIDTH))
    assert 0.8 < turns["small, ratio"] < 1.25
    assert 0.8 < turns["new, ratio"] < 1.25
    assert turns["never shown"] < by_score["never shown"]
    assert turns["nDCG@10"] > 0.98 * by_score["nDCG@10"]


@pytest.mark.shared
def test_twin_lots_share_a_fold(small: Measured) -> None:
    folds = clusters(small)
    assert sorted(place for fold in folds for place in fold) == list(range(len(small.lots)))
    cleaning = {place for place, lot in enumerate(small.lots) if lot.need.cpvs[0].code.startswith("909")}
    assert sum(bool(cleaning.intersection(fold)) for fold in folds) == 1


@pytest.mark.shared
def test_fitting_twice_gives_the_same_scorer(small: Measured) -> None:
    places = range(0, len(small.lots), 3)
    assert fit(small, places, Settings()).to_plain() == fit(small, places, Settings()).to_plain()


@pytest.mark.shared
def test_every_judged_pair_counts_in_one_size_and_one_language_of_supplier(small: Measured, shared: Path) -> None:
    model = default_capability()
    odds = [model.scorer.decision_function(features) for features in small.features]
    rows = capability_rows(shared, model, (small, odds))
    pairs = sum(int((grades >= 0).sum()) for grades in small.grades)
    firm = sum(int((grades >= 2).sum()) for grades in small.grades)
    for kind in ("suppliers writing", "small suppliers|larger suppliers|suppliers of unknown size"):
        mine = [row for row in rows if re.search(kind, row.name)]
        assert sum(row.cases for row in mine) == pairs
        assert sum(row.figures["able"] for row in mine) == firm
