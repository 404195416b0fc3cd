"""Makes the encoder's weights: the student from texts that mean the same, the metrics from texts about the same work."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.scoring.encoder import BlendEncoder, Teacher, teacher_vectors, unit
from matchmaker.scoring.student import Floats, Student, counts, from_bytes, inverse_frequency, to_bytes, train_table, weighted
from matchmaker.scoring.training_data import CodedText, Labels, Translated

Report = Callable[[str], None]
HALF = 128
TITLE_WEIGHT = 0.5
"""A notice's words count half a label's: buyers write about more than the code says."""
FAMILIARITY: Mapping[str, float] = {
    **dict.fromkeys(("en", "de", "es", "fr", "it", "nl", "pl", "pt"), 1.0),
    **{"bg": 0.5, "ro": 0.5, "da": 0.35, "sv": 0.3, "hr": 0.25, "lt": 0.15, "lv": 0.15, "et": 0.1, "fi": 0.1, "hu": 0.1},
    **{"cs": 0.2, "mt": 0.2, "sk": 0.2, "sl": 0.2, "no": 0.3, "el": 0.0, "ga": 0.0},
}
"""How well the teacher knows a language: about its hit rate from that language's CPV labels to the English ones."""


@dataclass(frozen=True)
class Recipe:
    """What training may vary: ridge and rounds of the student, digits and smoothing of the metric, share of profiles in it."""

    ridge: float = 0.3
    rounds: int = 30
    digits: int = 3
    smoothing: float = 0.3
    profile_share: float = 0.5


def teacher_space(labels: Labels, report: Report) -> tuple[Teacher, Floats]:
    """The teacher on the principal axes of the English labels, and those labels' vectors, in the order of sorted codes."""
    raw = teacher_vectors([labels[code]["en"] for code in sorted(labels)])
    mean = raw.mean(axis=0)
    _, _, axes = np.linalg.svd(raw - mean, full_matrices=False)
    kept = axes[:HALF].T
    kept = (kept * np.sign(kept[np.abs(kept).argmax(axis=0), np.arange(HALF)])).astype(np.float32)
    report(f"teacher: {len(raw)} English labels on {HALF} axes")
    return Teacher(mean.astype(np.float32), kept), unit((raw - mean) @ kept)


def train_student(
    labels: Labels,
    targets: Floats,
    coded: Sequence[CodedText],
    translated: Sequence[Translated],
    teacher: Teacher,
    recipe: Recipe,
    report: Report,
    left_out: frozenset[str] = frozenset(),
) -> Student:
    """The student, from labels in every language, coded texts and translations; codes ``left_out`` are not learned from."""
    place = {code: row for row, code in enumerate(sorted(labels))}
    english = sorted({pair.english for pair in translated})
    line = {text: len(place) + row for row, text in enumerate(english)}
    aims = np.vstack([targets, teacher.encode(english)]) if english else targets
    examples = [
        (text, place[code], 1.0, language)
        for code in sorted(labels)
        if code not in left_out
        for language, text in sorted(labels[code].items())
    ]
    examples += [
        (each.text, place[each.code], TITLE_WEIGHT * each.weight, each.language)
        for each in coded
        if each.code in place and each.code not in left_out
    ]
    examples += [(pair.text, line[pair.english], 1.0, pair.language) for pair in translated]
    texts, aim, weight, languages = zip(*examples, strict=True)
    report(f"student: {len(texts)} texts")
    rows = counts(texts)
    frequencies = inverse_frequency(rows).astype(np.float16).astype(np.float32)
    familiarity = np.array([[FAMILIARITY.get(language, 0.2)] for language in languages], np.float32)
    wanted = np.hstack([aims[list(aim)], familiarity]).astype(np.float32)
    weights = np.array(weight, np.float32)
    bias = np.average(wanted, axis=0, weights=weights).astype(np.float32)
    table = train_table(weighted(rows, frequencies), wanted - bias, weights, recipe.ridge, recipe.rounds, report)
    return Student(frequencies, from_bytes(*to_bytes(table)), bias)


def metric(texts: Floats, codes: Sequence[str], weights: Floats, profiles: Floats, recipe: Recipe) -> Floats:
    """The linear map that makes texts about the same work near: it whitens how texts of one CPV group, and profiles, vary."""
    _, group = np.unique([code[: recipe.digits] for code in codes], return_inverse=True)
    sums = np.zeros((group.max() + 1, texts.shape[1]))
    np.add.at(sums, group, texts * weights[:, None])
    off = texts - (sums / np.bincount(group, weights=weights)[:, None])[group]
    within = (off * weights[:, None]).T @ off / weights.sum()
    across = np.cov(profiles.T)
    mixed = (1 - recipe.profile_share) * within / np.trace(within) + recipe.profile_share * across / np.trace(across)
    sizes, directions = np.linalg.eigh(mixed)
    found: Floats = (directions / np.sqrt(sizes + recipe.smoothing / len(sizes))).astype(np.float32)
    return found


def with_metrics(
    plain: BlendEncoder, coded: Sequence[CodedText], labels: Labels, profiles: Sequence[str], recipe: Recipe, report: Report
) -> BlendEncoder:
    """The encoder with both halves' metrics learned from coded texts, English labels and profiles."""
    known = [each for each in coded if each.code in labels]
    texts = [each.text for each in known] + [labels[code]["en"] for code in sorted(labels)]
    codes = [each.code for each in known] + sorted(labels)
    weights = np.array([each.weight for each in known] + [1.0] * len(labels), np.float32)
    report(f"metric: {len(texts)} coded texts, {len(profiles)} profiles")
    halves, own = plain.halves(texts), plain.halves(profiles)
    blend, student = (metric(half, codes, weights, mine, recipe) for half, mine in zip(halves, own, strict=True))
    return BlendEncoder(plain.student, plain.teacher, blend, student, plain.version)


def packed(encoder: BlendEncoder) -> dict[str, NDArray[np.generic]]:
    """The encoder's weights as arrays for npz: the table as signed bytes with a scale a row."""
    cells, scale = to_bytes(encoder.student.table)
    return {
        "cells": cells,
        "scale": scale,
        "frequencies": encoder.student.frequencies.astype(np.float16),
        "bias": encoder.student.bias,
        "mean": encoder.teacher.mean.astype(np.float16),
        "axes": encoder.teacher.axes.astype(np.float16),
        "blend_metric": encoder.blend_metric,
        "student_metric": encoder.student_metric,
    }


def retrieval(
    student: Student, teacher: Teacher, labels: Labels, targets: Floats, left_out: Sequence[str]
) -> list[dict[str, float | str]]:
    """Per language, how often the right English label among the left-out codes comes first (hit@1) or in the first ten.

    For the student alone, the teacher alone and both mixed by familiarity.
    """
    place = {code: row for row, code in enumerate(sorted(labels))}
    aims = targets[[place[code] for code in left_out]]
    found: list[dict[str, float | str]] = []
    for language in sorted({lang for code in left_out for lang in labels[code]}):
        texts = [labels[code].get(language, "") for code in left_out]
        own, familiarity = student.encode(texts)
        own, theirs, known = unit(own), teacher.encode(texts), familiarity[:, None]
        line: dict[str, float | str] = {"language": language}
        for name, vectors in (("student", own), ("teacher", theirs), ("blend", unit(known * theirs + (1 - known) * own))):
            nearness = vectors @ aims.T
            rank = (nearness > np.diag(nearness)[:, None]).sum(axis=1)
            line[f"{name} hit@1"], line[f"{name} hit@10"] = float((rank == 0).mean()), float((rank < 10).mean())
        found.append(line)
    return found
