import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.scoring.awards import Award, purchase_of, read_history, read_queries
from matchmaker.scoring.awards_features import FEATURES, Counters, candidates
from matchmaker.scoring.awards_index import AwardIndex
from matchmaker.scoring.awards_ranking import Ranking, rank_awards

WORK = {
    "90910000": ("office cleaning", "window cleaning", "cleaning of schools"),
    "55520000": ("school meals", "catering of events", "canteen of the hospital"),
    "79810000": ("printing of leaflets", "printing of posters", "printed forms"),
}


def rows(count: int = 800) -> Iterator[dict[str, Any]]:
    """Awards where three firms share each kind of work, each having its own town."""
    draw = np.random.default_rng(0)
    for number in range(count):
        code = str(draw.choice(list(WORK)))
        town = int(draw.integers(3))
        yield {
            "award_id": f"A{number:04}",
            "source": "made-up",
            "split": "history" if number < 0.9 * count else "dev_query",
            "title": f"{draw.choice(WORK[code])} no {number}",
            "buyer": f"Town {town}",
            "cpv": [code],
            "date": f"20{15 + number * 5 // count}-0{1 + number % 9}-11",
            "value": 1000.0 + number,
            "estimated_value": 900.0,
            "suppliers": [{"key": f"{code}-{town if draw.random() < 0.8 else int(draw.integers(3))}"}],
            "bidders": [{"key": "somebody"}],
            "n_bidders": 3,
        }


def files(folder: Path, blanked: bool = False) -> tuple[Path, Path]:
    history, queries = folder / "history.jsonl.gz", folder / "queries.jsonl"
    every = list(rows())
    with gzip.open(history, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in every if row["split"] == "history")
    asked = [row for row in every if row["split"] == "dev_query"]
    if blanked:
        for row in asked:
            row |= {"suppliers": [], "bidders": None, "value": None, "n_bidders": None}
    queries.write_text("".join(json.dumps(row) + "\n" for row in asked), encoding="utf-8")
    return history, queries


def run(history: Path, queries: Path) -> list[Ranking]:
    asked = read_queries(queries, "made-up")
    past = read_history(history, "made-up", frozenset(purchase.award_id for purchase in asked))
    return list(rank_awards(past, asked, lambda _: None))


@pytest.fixture(scope="module")
def ranked(tmp_path_factory: pytest.TempPathFactory) -> list[Ranking]:
    return run(*files(tmp_path_factory.mktemp("awards")))


def test_outcome_of_the_purchases_asked_about_is_never_read(ranked: list[Ranking], tmp_path: Path) -> None:
    assert run(*files(tmp_path, blanked=True)) == ranked


def test_likely_winner_comes_first(ranked: list[Ranking]) -> None:
    truth = {row["award_id"]: row["suppliers"][0]["key"] for row in rows()}
    assert np.mean([ranking.suppliers[0] == truth[ranking.award_id] for ranking in ranked]) > 0.6


def test_every_supplier_is_listed_once_with_falling_scores(ranked: list[Ranking]) -> None:
    for ranking in ranked:
        assert len(set(ranking.suppliers)) == len(ranking.suppliers) == len(ranking.scores) == 9
        assert list(ranking.scores) == sorted(ranking.scores, reverse=True)
        assert np.isfinite(ranking.scores).all()


def test_short_history_is_ranked_by_similar_awards() -> None:
    history = [
        Award(purchase_of({"award_id": "1", "title": "office cleaning", "buyer": "a", "date": "2020-01-01"}), ("c",)),
        Award(purchase_of({"award_id": "2", "title": "school meals", "buyer": "a", "date": "2020-01-02"}), ("m",)),
    ]
    asked = [purchase_of({"award_id": "3", "title": "cleaning of an office", "buyer": "b", "date": "2021-01-01"})]
    assert next(iter(rank_awards(history, asked, lambda _: None))).suppliers == ("c", "m")


def test_file_used_for_both_does_not_teach_its_own_answers(tmp_path: Path) -> None:
    both = tmp_path / "both.jsonl"
    both.write_text("".join(json.dumps(row) + "\n" for row in rows()), encoding="utf-8")
    asked = read_queries(both, "made-up")
    past = read_history(both, "made-up", frozenset(purchase.award_id for purchase in asked))
    assert len(asked) == 80
    assert {award.purchase.award_id for award in past}.isdisjoint(purchase.award_id for purchase in asked)


def test_unknown_source_is_refused_by_name(tmp_path: Path) -> None:
    history, _ = files(tmp_path)
    with pytest.raises(UnreadableDocument, match="nowhere"):
        read_history(history, "nowhere", frozenset())


def award(number: str, title: str, buyer: str, code: str, day: str, winner: str) -> Award:
    return Award(purchase_of({"award_id": number, "title": title, "buyer": buyer, "cpv": [code], "date": day}), (winner,))


def test_features_of_a_candidate_count_its_own_past() -> None:
    history = [
        award("1", "office cleaning", "a", "90910000", "2020-01-01", "c"),
        award("2", "school meals", "b", "55520000", "2020-01-02", "m"),
    ]
    index, counters = AwardIndex(history), Counters(2)
    for number, each in enumerate(history):
        counters.add(each, [number])
    asked = award("3", "office cleaning", "a", "90910000", "2021-01-01", "").purchase
    pool, values = candidates(asked, next(index.nearest([asked])), index, counters)
    own = dict(zip(FEATURES, values[list(pool).index(0)], strict=True))
    assert own["words_best"] == pytest.approx(1, abs=1e-6)
    assert own["buyer_awards"] == pytest.approx(np.log(2))
    assert own["code_8"] == pytest.approx(np.log(2))
    assert own["lately"] == pytest.approx(0.5, abs=0.01)
