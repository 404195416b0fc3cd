"""Makes every weights file from the training material, the same bytes on every run of one machine."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matchmaker.scoring import concepts as meaning
from matchmaker.scoring import encoder_training, lexical, scorer_training
from matchmaker.scoring.additive import AdditiveScorer
from matchmaker.scoring.benchmark import read_judgements, read_lots, read_suppliers, rows
from matchmaker.scoring.capability import LEARNED, CapabilityModel, whole_profiles
from matchmaker.scoring.concepts import Concepts
from matchmaker.scoring.encoder import BlendEncoder, Encoder, unit
from matchmaker.scoring.encoder_training import Recipe, Report
from matchmaker.scoring.scorer_training import Measured, Settings
from matchmaker.scoring.training_data import (
    CodedText,
    Labels,
    Translated,
    read_awards,
    read_labels,
    read_notices,
    read_translations,
)

HELD_OUT = 1500
"""Codes left out when the student is measured."""


@dataclass(frozen=True)
class Material:
    """Everything the encoder learns from."""

    labels: Labels
    notices: list[CodedText]
    awards: list[CodedText]
    translations: list[Translated]
    profiles: list[tuple[str, str]]
    """Language and text."""


def read_material(shared: Path) -> Material:
    """The training material in a folder laid out like the shared one.

    Raises:
        NotFound: a file is missing.
    """
    data = shared / "data"
    return Material(
        labels=read_labels(shared / "reference" / "cpv.csv"),
        notices=read_notices(data / "lots.jsonl.gz", descriptions=True),
        awards=read_awards(data / "awards.jsonl.gz"),
        translations=read_translations(data / "parallel24.jsonl.gz"),
        profiles=[(row["lang"], row["description"]) for row in rows(shared / "benchmark" / "suppliers.jsonl")],
    )


def train_encoder(material: Material, out: Path, recipe: Recipe, report: Report) -> None:
    """Writes ``encoder.npz``, ``concepts.npz`` and ``words.npz`` into ``out``."""
    teacher, targets = encoder_training.teacher_space(material.labels, report)
    coded = [*material.notices, *material.awards]
    titles = [each for each in coded if each.weight != encoder_training.TITLE_WEIGHT]
    student = encoder_training.train_student(material.labels, targets, titles, material.translations, teacher, recipe, report)
    eye = np.eye(encoder_training.HALF, dtype=np.float32)
    plain = BlendEncoder(student, teacher, eye, eye, "untrained")
    profiles = [text for _, text in material.profiles]
    encoder = encoder_training.with_metrics(plain, coded, material.labels, profiles, recipe, report)
    np.savez_compressed(out / "encoder.npz", **encoder_training.packed(encoder))  # type: ignore[arg-type]
    report("encoder.npz written")
    concepts = build_concepts(material, encoder)
    np.savez_compressed(out / "concepts.npz", **meaning.pack(concepts))  # type: ignore[arg-type]
    notices = [(each.language, each.text) for each in coded]
    words = lexical.pack(material.labels, material.profiles, notices)
    np.savez_compressed(out / "words.npz", **words)  # type: ignore[arg-type]
    report("concepts.npz and words.npz written")


def build_concepts(material: Material, encoder: Encoder) -> Concepts:
    """What each code means to ``encoder``, from labels and coded texts."""
    codes = sorted(material.labels)
    coded = [*material.notices, *material.awards]
    labels = encoder.encode([material.labels[code]["en"] for code in codes])
    texts = encoder.encode([each.text for each in coded])
    weights = np.array([each.weight for each in coded], np.float32)
    return meaning.build(codes, labels, [each.code for each in coded], texts, weights)


def measure(benchmark: Path, model: CapabilityModel) -> Measured:
    """All features of all suppliers for the judged lots of a benchmark folder."""
    suppliers = read_suppliers(benchmark / "suppliers.jsonl", model.encoder)
    judgements = read_judgements(benchmark / "qrels.dev.tsv")
    lots = tuple(lot for lot in read_lots(benchmark / "lots.dev.jsonl") if lot.qid in judgements)
    keys = tuple(supplier.key for supplier in suppliers)
    features = tuple(model.features(lot.need, suppliers) for lot in lots)
    return Measured(lots, keys, features, tuple(scorer_training.grades_of(lot.qid, keys, judgements) for lot in lots))


def untrained(encoder: Encoder, weights: Path, benchmark: Path) -> CapabilityModel:
    """A model that measures features but has learned nothing yet; its background comes from the benchmark's suppliers."""
    suppliers = read_suppliers(benchmark / "suppliers.jsonl", encoder)
    whole = whole_profiles([supplier.vectors for supplier in suppliers if supplier.vectors is not None])
    flat = np.zeros((2, len(LEARNED)))
    flat[1] = 1
    scorer = AdditiveScorer((1,) * len(LEARNED)).fit(flat, [0, 1])
    return CapabilityModel(
        encoder,
        meaning.load_concepts(weights / "concepts.npz"),
        lexical.load_label_words(weights / "words.npz"),
        scorer_training.background_of(unit(whole)),
        scorer,
        "untrained",
    )


def train_scorer(encoder: Encoder, benchmark: Path, out: Path, settings: Settings, report: Report) -> None:
    """Writes ``capability.npz`` into ``out``, which holds the other weights, from the judgements of a benchmark folder."""
    model = untrained(encoder, out, benchmark)
    measured = measure(benchmark, model)
    report(f"scorer: {len(measured.lots)} lots in {len(scorer_training.clusters(measured))} clusters")
    scorer = scorer_training.fit(measured, range(len(measured.lots)), settings)
    np.savez_compressed(out / "capability.npz", **scorer_training.packed(model.background, scorer))  # type: ignore[arg-type]
    report("capability.npz written")
