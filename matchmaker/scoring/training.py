"""Makes every weights file from the training material: the same bytes whenever the same machine makes it again.

Seeds are fixed, one thread adds the numbers up, and what is kept is rounded coarser than the noise of adding.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from matchmaker.scoring import concepts as meaning
from matchmaker.scoring import cpv_prediction, encoder_training, lexical, scorer_training
from matchmaker.scoring.additive import AdditiveScorer
from matchmaker.scoring.benchmark import read_judgements, read_lots, read_suppliers, rows
from matchmaker.scoring.capability import LEARNED, CapabilityModel, whole_profiles
from matchmaker.scoring.code_reading import CodeReader
from matchmaker.scoring.concepts import Concepts
from matchmaker.scoring.encoder import BlendEncoder, Encoder
from matchmaker.scoring.encoder_training import Recipe, Report
from matchmaker.scoring.scorer_training import Measured, Settings
from matchmaker.scoring.texts import sentences
from matchmaker.scoring.training_data import (
    TITLE,
    CodedText,
    Labels,
    Translated,
    read_awards,
    read_labels,
    read_notices,
    read_profiles,
    read_translations,
)

PROFILES = 5000
"""Profiles of the registers that teach what an offer reads like."""
HELD_OUT = 1500
"""Codes left out when the student is measured."""
SINGLE, DOUBLE = 5, 9
"""Significant digits that weights files keep of single and of double precision numbers."""


@dataclass(frozen=True)
class Material:
    """Everything the encoder learns from."""

    labels: Labels
    titles: list[CodedText]
    descriptions: list[CodedText]
    awards: list[CodedText]
    translations: list[Translated]
    profiles: list[tuple[str, str]]
    """Language and text of the benchmark's suppliers."""
    english: list[str]
    """Sentences of English profiles in the registers."""


def read_material(shared: Path, reference: Path | None = None) -> Material:
    """The training material in a folder laid out like the shared one; its code tables from ``reference`` where given.

    Raises:
        NotFound: a file is missing.
    """
    data = shared / "data"
    titles, descriptions = read_notices(data / "lots.jsonl.gz")
    return Material(
        labels=read_labels((reference or shared / "reference") / "cpv.csv"),
        titles=titles,
        descriptions=descriptions,
        awards=read_awards(data / "awards.jsonl.gz"),
        translations=read_translations(data / "parallel24.jsonl.gz"),
        profiles=[(row["lang"], row["description"]) for row in rows(shared / "benchmark" / "suppliers.jsonl")],
        english=[
            sentence[:TITLE]
            for _, language, text in read_profiles(data / "suppliers" / "registers.csv", None)
            if language == "en"
            for sentence in sentences(text)[:3]
        ],
    )


def write_arrays(path: Path, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    """One compressed npz, numbers rounded. NumPy's stubs take any keyword for its own flag, which no array can be."""
    np.savez_compressed(path, **{name: rounded(array) for name, array in arrays.items()})  # type: ignore[arg-type]


def rounded(array: NDArray[np.generic]) -> NDArray[np.generic]:
    """Floating point numbers to the digits that are kept (``SINGLE``, ``DOUBLE``); everything else as it is."""
    if array.dtype not in (np.float32, np.float64):
        return array
    numbers = array.astype(np.float64)
    digits = SINGLE if array.dtype == np.float32 else DOUBLE
    size = np.floor(np.log10(np.abs(numbers), where=numbers != 0, out=np.zeros_like(numbers)))
    scale = 10.0 ** (digits - 1 - size)
    found: NDArray[np.generic] = (np.round(numbers * scale) / scale).astype(array.dtype)
    return found


def train_encoder(material: Material, out: Path, recipe: Recipe, report: Report) -> None:
    """Writes ``encoder.npz``, ``concepts.npz`` and ``words.npz`` into ``out``."""
    with threadpool_limits(1):
        teacher, targets = encoder_training.teacher_space(material.labels, report)
        titles = [*material.titles, *material.awards]
        coded = [*titles, *material.descriptions]
        student = encoder_training.train_student(material.labels, targets, titles, material.translations, teacher, recipe, report)
        eye = np.eye(encoder_training.HALF, dtype=np.float32)
        plain = BlendEncoder(student, teacher, eye, eye, "untrained")
        profiles = [text for _, text in material.profiles]
        encoder = encoder_training.with_metrics(plain, coded, material.labels, profiles, recipe, report)
        write_arrays(out / "encoder.npz", encoder_training.packed(encoder))
        report("encoder.npz written")
        concepts = build_concepts(material, encoder)
        write_arrays(out / "concepts.npz", meaning.pack(concepts))
        notices = [(each.language, each.text) for each in coded]
        words = lexical.pack(material.labels, material.profiles, notices)
        write_arrays(out / "words.npz", words)
        report("concepts.npz and words.npz written")


def build_concepts(material: Material, encoder: Encoder) -> Concepts:
    """What each code means to ``encoder``, from labels and coded texts."""
    codes = sorted(material.labels)
    coded = [*material.titles, *material.awards, *material.descriptions]
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


def untrained(encoder: Encoder, weights: Path, shared: Path) -> CapabilityModel:
    """A model that measures features but has learned no weights yet.

    Its background comes from the benchmark's suppliers, its reading of offers from the registers.
    """
    suppliers = read_suppliers(shared / "benchmark" / "suppliers.jsonl", encoder)
    profiles = read_profiles(shared / "data" / "suppliers" / "registers.csv", PROFILES)
    sells = np.array([not source.startswith("uk-charities") for source, _, _ in profiles])
    offer = scorer_training.offer_reading(encoder.encode([text for _, _, text in profiles]), sells)
    whole = whole_profiles([supplier.vectors for supplier in suppliers if supplier.vectors is not None])
    flat = np.zeros((2, len(LEARNED)))
    flat[1] = 1
    scorer = AdditiveScorer((1,) * len(LEARNED)).fit(flat, [0, 1])
    return CapabilityModel(
        encoder,
        CodeReader(meaning.load_concepts(weights / "concepts.npz"), cpv_prediction.load_classifier(weights / "cpv.npz")),
        lexical.load_label_words(weights / "words.npz"),
        scorer_training.background_of(whole),
        offer,
        scorer,
        "untrained",
    )


def train_scorer(encoder: Encoder, shared: Path, out: Path, settings: Settings, report: Report) -> None:
    """Writes ``capability.npz`` into ``out``, which holds the other weights, from the judgements and registers."""
    with threadpool_limits(1):
        model = untrained(encoder, out, shared)
        measured = measure(shared / "benchmark", model)
        report(f"scorer: {len(measured.lots)} lots in {len(scorer_training.clusters(measured))} clusters")
        scorer = scorer_training.fit(measured, range(len(measured.lots)), settings)
        write_arrays(out / "capability.npz", scorer_training.packed(model.background, model.offer, scorer))
        report("capability.npz written")


def train_cpv(material: Material, encoder: Encoder, out: Path, report: Report) -> None:
    """Writes ``cpv.npz`` into ``out``: learned from labels, awards and lots, its sharpness from a fifth of the notices."""
    with threadpool_limits(1):
        codes = sorted(material.labels)
        labels = [CodedText(material.labels[code]["en"], "en", code, 1.0, "") for code in codes]
        texts = [*labels, *material.awards, *material.titles, *material.descriptions]
        vectors = encoder.encode([each.text for each in texts])
        report(f"CPV: {len(texts)} texts")
        weights = np.array([each.weight for each in texts], np.float32)
        written = np.array([each.code for each in texts])
        aside = np.array([bool(each.notice) and sum(each.notice.encode()) % 5 == 0 and each.weight == 1 for each in texts])
        part = cpv_prediction.fit(vectors[~aside], written[~aside].tolist(), weights[~aside])
        sharpness = cpv_prediction.calibrated(part, vectors[aside], written[aside].tolist()).sharpness
        whole = cpv_prediction.fit(vectors, written.tolist(), weights)
        write_arrays(out / "cpv.npz", cpv_prediction.packed(replace(whole, sharpness=sharpness)))
        report(f"cpv.npz written, sharpness {sharpness:.2f}")
