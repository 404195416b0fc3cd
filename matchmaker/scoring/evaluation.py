"""How good the models are, as rows of one table: every figure with the number of cases behind it."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.metrics import f1_score

from matchmaker.scoring import cpv_prediction, encoder_training, scorer_training
from matchmaker.scoring.additive import Doubles
from matchmaker.scoring.benchmark import FIRM, Judgements, is_small, measures, read_judgements
from matchmaker.scoring.benchmark import rows as read_rows
from matchmaker.scoring.capability import CapabilityModel
from matchmaker.scoring.encoder import Encoder, Teacher, unit
from matchmaker.scoring.encoder_training import Recipe, Report
from matchmaker.scoring.scorer_training import Measured, Settings
from matchmaker.scoring.student import Floats, Student
from matchmaker.scoring.training import HELD_OUT, Material, measure
from matchmaker.scoring.training_data import CodedText, Labels, Translated

FOLDS = 5
NORWEGIAN = ("no", "nb", "nn")


@dataclass(frozen=True)
class Row:
    """One line: what was measured, on what part of the data, over how many cases, and the figures."""

    part: str
    name: str
    cases: int
    figures: Mapping[str, float]


def honest_odds(shared: Path, model: CapabilityModel, settings: Settings) -> tuple[Measured, list[Doubles]]:
    """The judged lots, and each supplier's log-odds from a scorer that saw no twin of the lot."""
    measured = measure(shared / "benchmark", model)
    return measured, scorer_training.cross_validated(measured, settings)


def capability_rows(shared: Path, model: CapabilityModel, judged: tuple[Measured, Sequence[Doubles]]) -> list[Row]:
    """Ranking of the judged lots: fitted on all, cross-validated by cluster of twin lots, by language, sector and supplier.

    ``judged`` is what :func:`honest_odds` gave.
    """
    measured, honest = judged
    judgements = read_judgements(shared / "benchmark" / "qrels.dev.tsv")
    fitted = [model.scorer.decision_function(features) for features in measured.features]
    rows = []
    for name, odds in (("fitted on all", fitted), ("cross-validated", honest)):
        every = range(len(measured.lots))
        rows.append(Row("capability", name, len(every), _mean(measured, judgements, odds, every)))
        rows.append(Row("capability", f"{name}: calibration", len(every), scorer_training.reliability(measured, odds)))
    kinds: dict[str, list[int]] = defaultdict(list)
    for place, lot in enumerate(measured.lots):
        kinds[f"sector {lot.sector}"].append(place)
        kinds[f"language {lot.need.language}"].append(place)
    rows += [
        Row("capability", f"cross-validated: {kind}", len(places), _mean(measured, judgements, honest, places))
        for kind, places in sorted(kinds.items())
    ]
    return [*rows, *_supplier_rows(measured, honest, list(read_rows(shared / "benchmark" / "suppliers.jsonl")))]


def _supplier_rows(measured: Measured, odds: Sequence[Doubles], suppliers: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Each kind of supplier ranked among its own, and how many of its pairs were found able beside how many were expected.

    Expected is the sum of the chances over all pairs; cases are the judged ones.
    """
    size = {True: "small suppliers", False: "larger suppliers", None: "suppliers of unknown size"}
    kind = {str(row["id"]): (size[is_small(row)], f"suppliers writing {row.get('lang') or '?'}") for row in suppliers}
    names = [kind[key] for key in measured.suppliers]
    rows = []
    for name in sorted({name for each in names for name in each}):
        mine = np.array([name in each for each in names])
        grades, own = [each[mine] for each in measured.grades], [each[mine] for each in odds]
        firm = sum(int((each >= FIRM).sum()) for each in grades)
        figures = {"able": float(firm), "able expected": float(sum(expit(each).sum() for each in own))}
        judged = sum(int((each >= 0).sum()) for each in grades)
        rows.append(Row("capability", f"cross-validated: {name}", judged, figures | _ranked_among(grades, own)))
    return rows


def _ranked_among(grades: Sequence[NDArray[np.int64]], odds: Sequence[Doubles]) -> dict[str, float]:
    """nDCG@10 over the lots for which at least one of these suppliers is firm."""
    found = []
    for grade, odd in zip(grades, odds, strict=True):
        if (grade >= FIRM).any():
            judged = {str(place): int(grade[place]) for place in np.flatnonzero(grade >= 0)}
            found.append(measures(judged, [str(place) for place in np.argsort(-odd, kind="stable")])["ndcg@10"])
    return {"lots": float(len(found)), **({"ndcg@10": float(np.mean(found))} if found else {})}


def _mean(measured: Measured, judgements: Judgements, odds: Sequence[Doubles], places: Sequence[int]) -> dict[str, float]:
    found = [
        measures(judgements[measured.lots[place].qid], scorer_training.ranked(measured.suppliers, odds[place]))
        for place in places
    ]
    return {name: float(np.mean([each[name] for each in found])) for name in found[0]}


def cpv_rows(material: Material, encoder: Encoder, report: Report) -> list[Row]:
    """CPV suggestion on real lots' titles, cross-validated by notice; labels and awards are always learned from."""
    codes = sorted(material.labels)
    always = [CodedText(material.labels[code]["en"], "en", code, 1.0, "") for code in codes] + material.awards
    lots = [*material.titles, *material.descriptions]
    report(f"CPV: {len(lots)} texts of lots, {len(always)} others")
    fixed, vectors = (_vectors(encoder, texts) for texts in (always, lots))
    fold = np.array([_fold(each.notice) for each in lots])
    is_title = np.arange(len(lots)) < len(material.titles)
    chances: dict[int, tuple[Floats, tuple[str, ...]]] = {}
    for number in range(FOLDS):
        train, test = np.flatnonzero(fold != number), np.flatnonzero((fold == number) & is_title)
        texts = [*always, *(lots[place] for place in train)]
        weights = np.array([each.weight for each in texts], np.float32)
        model = cpv_prediction.fit(np.vstack([fixed, vectors[train]]), [each.code for each in texts], weights)
        model = cpv_prediction.calibrated(model, vectors[test][::2], [lots[place].code for place in test[::2]])
        for place, row in zip(test, model.probabilities(vectors[test]), strict=True):
            chances[int(place)] = (row, model.stems)
    return _cpv_figures([lots[place] for place in chances], list(chances.values()))


def _vectors(encoder: Encoder, texts: Sequence[CodedText]) -> Floats:
    return encoder.encode([each.text for each in texts])


def _fold(notice: str) -> int:
    return sum(notice.encode()) % FOLDS


def _cpv_figures(lots: Sequence[CodedText], chances: Sequence[tuple[Floats, tuple[str, ...]]]) -> list[Row]:
    rows = []
    for digits in (2, 3, 4):
        guesses: list[list[str]] = []
        for row, stems in chances:
            total: dict[str, float] = defaultdict(float)
            for place in np.argsort(-row)[:60]:
                total[stems[place][:digits]] += float(row[place])
            guesses.append(sorted(total, key=lambda stem: (-total[stem], stem))[:5])
        truth = [lot.code[:digits] for lot in lots]
        every = {"all languages": list(range(len(lots)))}
        for place, lot in enumerate(lots):
            every.setdefault(lot.language, []).append(place)
        for name, places in every.items():
            right, first = [truth[place] for place in places], [guesses[place][0] for place in places]
            figures = {
                "accuracy": float(np.mean([one == other for one, other in zip(right, first, strict=True)])),
                "top 5": float(np.mean([truth[place] in guesses[place] for place in places])),
                "weighted F1": float(f1_score(right, first, average="weighted", zero_division=0)),
            }
            rows.append(Row("CPV suggestion", f"{digits} digits, {name}", len(places), figures))
    return rows


def encoder_rows(material: Material, recipe: Recipe, report: Callable[[str], None]) -> list[Row]:
    """Left-out CPV labels in each language against the English ones; Irish on notices in all languages, Norwegian on titles."""
    teacher, targets = encoder_training.teacher_space(material.labels, report)
    codes = sorted(material.labels)
    left_out = [codes[place] for place in sorted(np.random.default_rng(0).choice(len(codes), HELD_OUT, replace=False))]
    notices = sorted({pair.notice for pair in material.translations})
    kept_back = {notices[place] for place in np.random.default_rng(1).permutation(len(notices))[: len(notices) // 4]}
    pairs = [pair for pair in material.translations if pair.notice not in kept_back]
    norwegian = [each for each in material.titles if each.language in NORWEGIAN]
    unseen = [each for each in norwegian if _fold(each.notice) == 0]
    titles = [*(each for each in material.titles if each not in unseen), *material.awards]
    student = encoder_training.train_student(
        material.labels, targets, titles, pairs, teacher, recipe, report, frozenset(left_out)
    )
    rows = [
        Row("encoder", str(line["language"]), len(left_out), {name: float(line[name]) for name in line if name != "language"})
        for line in encoder_training.retrieval(student, teacher, material.labels, targets, left_out)
    ]
    rows.append(_by_code(student, material.labels, targets, unseen))
    return [*rows, *_translated(student, teacher, [pair for pair in material.translations if pair.notice in kept_back])]


def _by_code(student: Student, labels: Labels, targets: Floats, titles: Sequence[CodedText]) -> Row:
    """Norwegian has no CPV labels: how often its titles lie nearest to an English label of their own class (four digits)."""
    starts = np.array([code[: cpv_prediction.DIGITS] for code in sorted(labels)])
    nearness = unit(student.encode([title.text for title in titles])[0]) @ targets.T
    best = starts[np.argsort(-nearness, axis=1, kind="stable")[:, :10]]
    truth = np.array([[title.code[: cpv_prediction.DIGITS]] for title in titles])
    right = best == truth
    figures = {"student hit@1": float(right[:, 0].mean()), "student hit@10": float(right.any(axis=1).mean())}
    return Row("encoder", "no, lot titles against the class of their CPV", len(titles), figures)


def _translated(student: Student, teacher: Teacher, pairs: Sequence[Translated]) -> list[Row]:
    english = sorted({pair.english for pair in pairs})
    aims = teacher.encode(english)
    rows = []
    for language in ("ga", "fi", "de"):
        mine = [pair for pair in pairs if pair.language == language]
        vectors = unit(student.encode([pair.text for pair in mine])[0])
        nearness = vectors @ aims.T
        truth = nearness[np.arange(len(mine)), [english.index(pair.english) for pair in mine]]
        rank = (nearness > truth[:, None]).sum(axis=1)
        figures = {"student hit@1": float((rank == 0).mean()), "student hit@10": float((rank < 10).mean())}
        rows.append(Row("encoder", f"{language}, notices in all languages", len(mine), figures))
    return rows
