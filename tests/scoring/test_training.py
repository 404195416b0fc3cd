"""Training twice gives the same bytes."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from matchmaker.scoring.additive import AdditiveScorer
from matchmaker.scoring.capability import LEARNED, Background, OfferReading
from matchmaker.scoring.encoder import WEIGHTS, default_encoder
from matchmaker.scoring.scorer_training import Settings, packed
from matchmaker.scoring.training import rounded, train_scorer, write_arrays

WORK = {
    "90910000": ("cleaning", "We clean offices, schools and windows."),
    "55520000": ("catering", "We cook meals for schools and events."),
    "79810000": ("printing", "We print leaflets, posters and forms."),
}


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six lots of three kinds of work, nine organisations that do it, and a small register."""
    shared = tmp_path_factory.mktemp("shared")
    (shared / "benchmark").mkdir()
    (shared / "data" / "suppliers").mkdir(parents=True)
    suppliers = [
        {"id": f"{code}-{number}", "lang": "en", "description": f"{text} Founded in {1990 + number}."}
        for code, (_, text) in WORK.items()
        for number in range(3)
    ]
    lots = [
        {"qid": f"{code}/{number}", "language": "en", "title": f"{name} {number}", "description": "", "main_cpv": code}
        for code, (name, _) in WORK.items()
        for number in range(2)
    ]
    judged = [(lot["qid"], each["id"], 3 if each["id"][:8] == lot["main_cpv"] else 0) for lot in lots for each in suppliers]
    register = [("register", "en", row["description"]) for row in suppliers] + [
        ("uk-charities", "en", f"To relieve poverty and to advance education in {town}.") for town in ("York", "Leeds", "Hull")
    ]
    _write(shared / "benchmark" / "suppliers.jsonl", map(json.dumps, suppliers))
    _write(shared / "benchmark" / "lots.dev.jsonl", map(json.dumps, lots))
    _write(shared / "benchmark" / "qrels.dev.tsv", ("\t".join(map(str, each)) for each in judged))
    _write(
        shared / "data" / "suppliers" / "registers.csv", ["source,lang,description", *(",".join(_quoted(r)) for r in register)]
    )
    return shared


def _quoted(row: tuple[str, ...]) -> Iterator[str]:
    return (f'"{cell}"' for cell in row)


def _write(path: Path, lines: Iterator[str] | list[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def test_training_the_scorer_twice_gives_the_same_bytes(material: Path, tmp_path: Path) -> None:
    digests = set()
    for name in ("first", "second"):
        out = tmp_path / name
        out.mkdir()
        for file in ("concepts.npz", "words.npz", "cpv.npz"):
            (out / file).symlink_to(WEIGHTS / file)
        train_scorer(default_encoder(), material, out, Settings(), lambda _: None)
        digests.add(sha256((out / "capability.npz").read_bytes()).hexdigest())
    assert len(digests) == 1


def test_noise_in_the_last_bits_leaves_no_trace(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)
    values = draw.normal(size=(60, len(LEARNED)))
    scorer = AdditiveScorer((1,) * len(LEARNED)).fit(values, values.sum(axis=1) > 0)
    mean, covariance = draw.normal(size=256).astype(np.float32), np.eye(256, dtype=np.float32)
    for name, noise in (("one", 0.0), ("other", 1e-14)):
        noisy = scorer.rescaled(1 + noise, noise)
        background = Background(mean, covariance)
        write_arrays(tmp_path / name, packed(background, OfferReading(mean, 0.5 + noise), noisy))
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "other.npz").read_bytes()


def test_numbers_keep_their_leading_digits_whatever_their_size() -> None:
    found = rounded(np.array([0.0, 1.23456789012e-7, -9876543210.123]))
    assert found.tolist() == [0.0, 1.23456789e-7, -9876543210.0]
    assert rounded(np.array([1, 2], np.int8)).dtype == np.int8
