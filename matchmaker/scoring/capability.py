"""The capability criterion: would an assessor say that this supplier can deliver this?

A learned, calibrated, additive model over a few named features. It reads words, codes and meaning, never who the buyer is and
never how often a supplier has won.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
from scipy.special import expit

from matchmaker.domain.match import Evidence, Need
from matchmaker.domain.values import CpvCode
from matchmaker.scoring.additive import AdditiveScorer, Doubles
from matchmaker.scoring.code_reading import MOST_CODES, CodeReader
from matchmaker.scoring.concepts import Concepts, load_concepts, total
from matchmaker.scoring.cpv_prediction import load_classifier
from matchmaker.scoring.criteria.capability import SupplierText
from matchmaker.scoring.encoder import WEIGHTS, Encoder, default_encoder, fingerprint, unit
from matchmaker.scoring.lexical import LabelWords, load_label_words, overlap, words_of
from matchmaker.scoring.student import Floats
from matchmaker.scoring.texts import need_texts

LEARNED = (
    "capability.codes",
    "capability.codes_best_piece",
    "capability.text",
    "capability.text_as_codes",
    "capability.label_words",
    "capability.offer",
)
"""Features of the learned model, in its order. The first four are nearness of meaning in standard deviations above an average
supplier; then the share of a CPV label's words (rare ones counting most) found in the supplier's text; last, within -3 and 3, how
far the profile reads like an offer of goods or services rather than a statute of charitable purposes."""
DECLARED = "capability.declared_codes"
"""Share of the need's code that the supplier's own codes spell out, 0 to 1; unknown when it declares none or none is near."""
DECLARED_WORTH = ((0.0, 0.6, 1.0), (0.0, 1.8, 5.5))
"""Shares, and the log-odds that declaring so much of the code asked for adds, straight lines between. Published, not learned: no
judged supplier declares codes. Who names exactly the work asked for is believed; who names its division is asked for more."""
ELSEWHERE = 0.6
"""How much an additional code outside the main code's division counts when declared: who does that part alone does not do the
work asked for. Additional codes inside the division say what the main code means and count whole."""
CODE_RULES = 3
"""Counts up with every change of how codes are read from words or what declaring them is worth; part of the scorer's version."""


def dot(rows: Floats, direction: Floats) -> Doubles:
    """Each row's dot product, to the last bit the same however many rows there are; a matrix product is not."""
    found: Doubles = np.sum(rows.astype(np.float64) * direction.astype(np.float64), axis=1)
    return found


@dataclass(frozen=True)
class Background:
    """Mean and covariance of supplier vectors: what an average supplier looks like, so that nearness has a unit."""

    mean: Floats
    covariance: Floats

    def above_average(self, need: Floats, suppliers: Floats) -> Doubles:
        """How near each supplier vector is to the need's, in standard deviations above the mean supplier."""
        spread = max(float(need @ self.covariance @ need), 1e-12) ** 0.5
        return np.asarray((dot(suppliers, need) - float(need @ self.mean)) / spread, np.float64)


@dataclass(frozen=True)
class OfferReading:
    """A linear reading of a profile's vector: above zero it says what it sells, below what it is for."""

    direction: Floats
    shift: float

    def __call__(self, whole: Floats) -> Doubles:
        """One number within -3 and 3 for each profile vector."""
        return np.asarray(np.clip(dot(whole, self.direction) + self.shift, -3, 3), np.float64)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answer for one supplier. ``log_odds`` is the model's intercept plus the contributions."""

    features: Mapping[str, float | None]
    contributions: Mapping[str, float]
    log_odds: float
    probability: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class _Asked:
    """A need in the terms of the model; vectors are None where the need says nothing of the kind."""

    codes: Floats | None
    text: Floats | None
    text_as_codes: Floats | None
    cpvs: tuple[CpvCode, ...]
    """Those the need names; where it names none, those its text reads like."""
    sure: tuple[float, ...]
    """How sure each code is: 1 when named (``ELSEWHERE`` for a side code), else the share of the text's meaning its class has."""
    language: str


@dataclass(frozen=True)
class CapabilityModel:
    """Encoder, reading of codes, label words and the fitted scorer."""

    encoder: Encoder
    reader: CodeReader
    words: LabelWords
    background: Background
    offer: OfferReading
    scorer: AdditiveScorer
    version: str

    @property
    def concepts(self) -> Concepts:
        """What each code means."""
        return self.reader.concepts

    @property
    def intercept(self) -> float:
        """Log-odds of an average supplier."""
        return float(self.scorer.intercept_)

    def assess(self, need: Need, suppliers: Sequence[SupplierText]) -> list[Assessment]:
        """One answer for each supplier, in the order given. A supplier's answer does not depend on the others'."""
        values, shared, pieces = self._measured(need, suppliers)
        asked = self._asked(need)
        declared = [declared_share(asked.cpvs, supplier.cpvs, asked.sure) for supplier in suppliers]
        parts = self.scorer.added(values) if len(suppliers) else values
        answers = []
        for row, part, code, words, piece, supplier in zip(values, parts, declared, shared, pieces, suppliers, strict=True):
            features: dict[str, float | None] = {
                name: float(value) if np.isfinite(value) else None for name, value in zip(LEARNED, row, strict=True)
            }
            added = dict(zip(LEARNED, (float(number) for number in part), strict=True))
            features[DECLARED] = code[0] if code else None
            added[DECLARED] = declared_worth(code[0]) if code else 0.0
            odds = self.intercept + sum(added.values())
            evidence = _evidence(words, code, supplier, piece, row)
            answers.append(Assessment(MappingProxyType(features), MappingProxyType(added), odds, float(expit(odds)), evidence))
        return answers

    def contributions(self, features: Mapping[str, float | None]) -> dict[str, float]:
        """What stored feature values add to the log-odds: the same numbers as when they were made."""
        row = np.array([[float("nan") if (value := features.get(name)) is None else value for name in LEARNED]])
        found = {name: float(part) for name, part in zip(LEARNED, self.scorer.added(row)[0], strict=True)}
        declared = features.get(DECLARED)
        return found | {DECLARED: 0.0 if declared is None else declared_worth(declared)}

    def features(self, need: Need, suppliers: Sequence[SupplierText]) -> Doubles:
        """The learned features as numbers, NaN where unknown, ``(suppliers, len(LEARNED))``."""
        return self._measured(need, suppliers)[0]

    def search_vector(self, need: Need) -> Floats | None:
        """One vector to look for suppliers with: what the need's codes mean and what its text means; None without either."""
        asked = self._asked(need)
        found = [vector for vector in (asked.codes, asked.codes, asked.text_as_codes, asked.text) if vector is not None]
        return total(found) if found else None

    def _asked(self, need: Need) -> _Asked:
        title, both = need_texts(need)
        return self._recent(title, both, tuple(dict.fromkeys(need.cpvs))[:MOST_CODES], need.language or "en")

    @cached_property
    def _recent(self) -> Callable[[str, str, tuple[CpvCode, ...], str], _Asked]:
        """The last needs read, a few KB each: hundreds are read together to search with, and each again to judge with."""
        return lru_cache(maxsize=1024)(self._read)

    def _read(self, title: str, both: str, cpvs: tuple[CpvCode, ...], language: str) -> _Asked:
        text, longer = self.encoder.encode([title, both])
        sure = tuple(1.0 if code.division == cpvs[0].division else ELSEWHERE for code in cpvs)
        if not cpvs and longer.any():
            cpvs, sure = self.reader.read(text, longer)
        return _Asked(
            codes=self.concepts.of_codes(code.code for code in cpvs),
            text=text if text.any() else None,
            text_as_codes=self.concepts.reading(longer) if longer.any() else None,
            cpvs=cpvs,
            sure=sure,
            language=language,
        )

    def _measured(self, need: Need, suppliers: Sequence[SupplierText]) -> tuple[Doubles, list[list[str]], list[int]]:
        asked = self._asked(need)
        values = np.full((len(suppliers), len(LEARNED)), np.nan)
        best_piece = [0] * len(suppliers)
        known = [place for place, supplier in enumerate(suppliers) if supplier.vectors is not None and supplier.vectors.any()]
        if known:
            rows = [np.asarray(suppliers[place].vectors, np.float32) for place in known]
            starts = np.cumsum([0, *(len(row) for row in rows[:-1])])
            pieces = np.vstack(rows)
            whole = whole_profiles(rows)
            for column, vector in ((0, asked.codes), (2, asked.text), (3, asked.text_as_codes)):
                if vector is not None:
                    values[known, column] = self.background.above_average(vector, whole)
            values[known, 5] = self.offer(whole)
            lead = asked.codes if asked.codes is not None else asked.text_as_codes
            if lead is not None:
                nearness = self.background.above_average(lead, pieces)
                parts = np.split(nearness, starts[1:])
                if asked.codes is not None:
                    values[known, 1] = [part.max() for part in parts]
                for place, part in zip(known, parts, strict=True):
                    best_piece[place] = int(part.argmax())
        shared = self._words(asked, suppliers, values)
        return values, shared, best_piece

    def _words(self, asked: _Asked, suppliers: Sequence[SupplierText], values: Doubles) -> list[list[str]]:
        codes = [code.code for code in asked.cpvs]
        labels = {lang: self.words.labels(codes, lang) for lang in {text.language or asked.language for text in suppliers}}
        shared: list[list[str]] = []
        for place, supplier in enumerate(suppliers):
            language = supplier.language or asked.language
            found: list[str] = []
            if labels[language] and supplier.texts:
                words = dict(words_of(supplier.texts[0], language))
                for text in supplier.texts[1:]:
                    if text not in supplier.texts[0]:
                        words.update(words_of(text, language))
                values[place, 4], found = overlap(labels[language], words)
            shared.append(found)
        return shared


def whole_profiles(suppliers: Sequence[Floats]) -> Floats:
    """One vector of length one for each supplier, the sum of its pieces' vectors."""
    starts = np.cumsum([0, *(len(rows) for rows in suppliers[:-1])])
    return unit(np.add.reduceat(np.vstack(suppliers), starts, axis=0))


def declared_worth(share: float) -> float:
    """What a declared share adds to the log-odds; never less for more."""
    return float(np.interp(share, *DECLARED_WORTH))


def declared_share(
    asked: Sequence[CpvCode], declared: Sequence[CpvCode], sure: Sequence[float] | None = None
) -> tuple[float, CpvCode] | None:
    """The best agreement of a declared code with an asked one, and that code; None when no division is shared.

    ``sure`` says how sure each asked code is (default: 1 each); an unsure one counts in proportion.

    Counted in digits shared beyond the division's first, of those the asked code has; a declared code above or below the asked
    one counts at least 0.6.
    """
    best: tuple[float, CpvCode] | None = None
    for code, certain in zip(asked, sure or (1.0,) * len(asked), strict=True):
        for own in declared:
            digits = own.shared_digits(code)
            share = (digits - 1) / (max(code.level, 3) - 1) if digits else 0.0
            if own.covers(code) or code.covers(own):
                share = max(share, 0.6)
            share *= certain
            if share > 0 and (best is None or share > best[0]):
                best = (min(share, 1.0), own)
    return best


def _evidence(
    words: Sequence[str], code: tuple[float, CpvCode] | None, supplier: SupplierText, piece: int, row: Doubles
) -> tuple[Evidence, ...]:
    found = [Evidence("cpv", code[1].code)] if code and code[0] >= 0.5 else []
    found += [Evidence("words", word) for word in words[:4]]
    near = max((value for value in row[:4].tolist() if value == value), default=0.0)
    if supplier.texts and near > 1.5:
        text = supplier.texts[min(piece, len(supplier.texts) - 1)].rstrip(" .;,")
        found.append(Evidence("text", text if len(text) <= 120 else text[:119].rsplit(" ", 1)[0] + "…"))
    return tuple(found)


def load_model(folder: Path, encoder: Encoder) -> CapabilityModel:
    """The model in a folder of weights, reading meaning with ``encoder``."""
    files = [folder / name for name in ("concepts.npz", "words.npz", "capability.npz", "cpv.npz")]
    with np.load(files[2], allow_pickle=False) as stored:
        background = Background(stored["mean"].astype(np.float32), stored["covariance"].astype(np.float32))
        offer = OfferReading(stored["offer"].astype(np.float32), float(stored["offer_shift"]))
        scorer = AdditiveScorer.from_plain(json.loads(str(stored["scorer"])))
    version = f"capability-{fingerprint(*files)}.{CODE_RULES}+{encoder.version}"
    reader, words = CodeReader(load_concepts(files[0]), load_classifier(files[3])), load_label_words(files[1])
    return CapabilityModel(encoder, reader, words, background, offer, scorer, version)


@lru_cache
def default_capability() -> CapabilityModel:
    """The model whose weights travel with the package."""
    return load_model(WEIGHTS, default_encoder())
