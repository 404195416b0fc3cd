"""Capability: does it do this work? Judged by the learned model; here its answer is put into a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from matchmaker.domain.match import Evidence, Need
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation
from matchmaker.domain.values import CpvCode
from matchmaker.scoring.criteria.finding import Finding
from matchmaker.scoring.texts import profile_pieces

Matrix = np.ndarray[tuple[int, int], np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class SupplierText:
    """What the capability model reads of a supplier. ``vectors`` has one row a text, or is None when not computed."""

    key: str
    texts: list[str]
    cpvs: tuple[CpvCode, ...]
    vectors: Matrix | None
    language: str | None


class Assessed(Protocol):
    """The model's answer for one supplier."""

    @property
    def features(self) -> Mapping[str, float | None]:
        """Named features; None where unknown."""
        ...

    @property
    def contributions(self) -> Mapping[str, float]:
        """What each feature adds to the log-odds."""
        ...

    @property
    def probability(self) -> float:
        """That an assessor would say it can deliver this."""
        ...

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The words and codes that counted."""
        ...


class Model(Protocol):
    """A learned capability model."""

    @property
    def version(self) -> str:
        """Names weights, vocabulary and calibration."""
        ...

    @property
    def intercept(self) -> float:
        """The log-odds before any feature."""
        ...

    def assess(self, need: Need, suppliers: Sequence[SupplierText]) -> Sequence[Assessed]:
        """One answer for each supplier, in the order given."""
        ...


class Repeatable(Model, Protocol):
    """A model that can score stored feature values again."""

    def contributions(self, features: Mapping[str, float | None]) -> Mapping[str, float]:
        """What stored feature values add to the log-odds: the same numbers as when they were made."""
        ...


def supplier_text(organisation: Organisation, vectors: Matrix | None) -> SupplierText:
    """The supplier's capabilities as the model reads them; its description where it lists none.

    Texts are cut into the pieces that ``vectors`` has rows for; where it has one row a capability, or none, they stay whole.
    """
    texts = [capability.text for capability in organisation.capabilities]
    if not texts and organisation.description:
        texts = [organisation.description]
    pieces = [piece for text in texts for piece in profile_pieces(text) or [text]]
    if vectors is not None and len(vectors) == len(pieces):
        texts = pieces
    cpvs = dict.fromkeys(code for capability in organisation.capabilities for code in capability.cpvs)
    languages = dict.fromkeys(work.language for work in organisation.capabilities if work.language)
    language = next(iter(languages)) if len(languages) == 1 else organisation.language or next(iter(languages), None)
    return SupplierText(organisation.key, texts, tuple(cpvs), vectors, language)


LIKELY = 0.5
"""Probability from which the sentence says that it does this work."""
POSSIBLE = 0.1
"""Probability from which it may."""


def capability(text: SupplierText, assessed: Assessed) -> Finding:
    """The model's probability with the words and codes that counted; unknown when the supplier says nothing about its work."""
    features = dict(assessed.features)
    if not text.texts and not text.cpvs:
        return Finding(None, Message("It does not say what work it does."), (), features)
    return Finding(assessed.probability, _sentence(assessed), assessed.evidence, features)


def _sentence(assessed: Assessed) -> Message:
    """What the model makes of it, quoting up to three pieces of evidence."""
    quotes = {"quotes": ", ".join(f"“{piece.quote}”" for piece in assessed.evidence[:3])}
    if assessed.probability < POSSIBLE:
        if assessed.evidence:
            return Message("What it says about its work hardly fits what is asked for: %(quotes)s.", quotes)
        return Message("Nothing it says about its work fits what is asked for.")
    if assessed.probability < LIKELY:
        if assessed.evidence:
            return Message("It may do this kind of work: %(quotes)s.", quotes)
        return Message("It may do this kind of work, by the general sense of what it says.")
    if assessed.evidence:
        return Message("It does this kind of work: %(quotes)s.", quotes)
    return Message("It does this kind of work, by the general sense of what it says.")
