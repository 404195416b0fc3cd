import json
from pathlib import Path

import pytest

from matchmaker.scoring.awards_evaluation import Truth, figures, read_truth


def row(number: str, split: str, title: str, winner: str, bidders: tuple[str, ...] = ()) -> dict[str, object]:
    return {
        "award_id": number,
        "source": "s",
        "split": split,
        "title": title,
        "buyer": "town",
        "suppliers": [{"key": winner}],
        "bidders": [{"key": key} for key in (winner, *bidders)],
    }


@pytest.fixture
def awards(tmp_path: Path) -> Path:
    path = tmp_path / "awards.jsonl"
    rows = [
        row("1", "history", "Cleaning", "c"),
        row("2", "history", "Meals", "m"),
        row("3", "dev_query", "Cleaning", "c"),
        row("4", "dev_query", "New meals", "m", ("c",)),
        row("5", "dev_query", "Other meals", "unknown"),
    ]
    path.write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")
    return path


def test_repeated_purchases_and_winners_without_history_do_not_count(awards: Path) -> None:
    assert read_truth(awards, "s", "suppliers").of == {"4": frozenset("m")}


def test_bidders_count_as_truth_where_asked_for(awards: Path) -> None:
    assert read_truth(awards, "s", "bidders").of == {"4": frozenset("mc")}


def test_figures_count_hits_coverage_and_places_outside_the_head() -> None:
    truth = Truth({"1": frozenset("b"), "2": frozenset("c")}, {"a": 8, "b": 1, "c": 1})
    found = figures(truth, {"1": ("a", "b"), "2": ("a",)})
    assert (found["hit@1"], found["hit@5"]) == (0, 0.5)
    assert found["mrr"] == 0.25
    assert found["cc@10"] == pytest.approx(2 / 3)
    assert found["ltp@10"] == pytest.approx(1 / 3)
