"""Words two texts share inside one language: CPV labels' words in a supplier's text, the rare ones counting most.

Vocabulary and frequencies are frozen in the weights (as hashes), so a match scores the same whatever tables are loaded later.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from matchmaker.scoring.student import fold

BUCKETS = 2**18
LABELS_OF = {"no": "da", "nb": "da", "nn": "da", "ga": "en"}
"""Languages without CPV labels of their own, and whose labels are read instead."""


WORTH_SAYING = 1.5
"""Rarity from which a shared word is named as a reason: fewer than about two in nine texts of its language have it."""


def stem(word: str) -> str:
    """The first six letters: enough to join inflected forms in the languages of Europe, too few to join much else."""
    return word[:6]


@lru_cache(maxsize=100_000)
def _number(language: str, start: str) -> int:
    return crc32(f"{language}:{start}".encode()) % BUCKETS


def bucket(language: str, word: str) -> int:
    """The number a folded word of a language has everywhere."""
    return _number(language, stem(word))


@lru_cache(maxsize=20_000)
def words_of(text: str, language: str) -> Mapping[int, str]:
    """Bucket to folded word for the words of three letters and more."""
    return {bucket(language, word): word for word in fold(text).split() if len(word) > 2}


@dataclass(frozen=True)
class LabelWords:
    """For each language the buckets of each code's label, and how rare each bucket is.

    ``starts[language][i] : starts[language][i + 1]`` bounds code ``i`` in ``members[language]``.
    """

    position: Mapping[str, int]
    starts: Mapping[str, NDArray[np.int64]]
    members: Mapping[str, NDArray[np.int64]]
    rarity: NDArray[np.float32]

    def labels(self, codes: Iterable[str], language: str) -> list[dict[int, float]]:
        """Each known code's label words with their rarity; empty when the language has no labels."""
        known = LABELS_OF.get(language, language)
        if known not in self.starts:
            return []
        found = []
        for code in codes:
            if (place := self.position.get(code)) is not None:
                start, end = self.starts[known][place : place + 2]
                found.append({int(word): float(self.rarity[word]) for word in self.members[known][start:end]})
        return [label for label in found if label]


def overlap(labels: Sequence[Mapping[int, float]], words: Mapping[int, str]) -> tuple[float, list[str]]:
    """The best label's share of rarity found among ``words``, in [0, 1), and the words found that are worth naming, rarest first.

    Two are added below the line, so that a label of one common word cannot be found whole. Words that most texts have are
    counted but not named.
    """
    best, shared, rarity = 0.0, list[int](), dict[int, float]()
    for label in labels:
        found = [word for word in label if word in words]
        share = sum(label[word] for word in found) / (sum(label.values()) + 2)
        if share > best:
            best, shared = share, sorted(found, key=lambda word: (-label[word], words[word]))
            rarity = {word: label[word] for word in found}
    return best, [words[word] for word in shared if rarity[word] >= WORTH_SAYING]


def load_label_words(path: Path) -> LabelWords:
    """Reads what :func:`pack` gave."""
    with np.load(path, allow_pickle=False) as stored:
        languages = [str(language) for language in stored["languages"]]
        return LabelWords(
            position={str(code): place for place, code in enumerate(stored["codes"])},
            starts={lang: np.concatenate([[0], np.cumsum(stored[f"sizes_{lang}"], dtype=np.int64)]) for lang in languages},
            members={lang: stored[f"words_{lang}"].astype(np.int64) for lang in languages},
            rarity=stored["rarity"].astype(np.float32),
        )


def pack(
    labels: Mapping[str, Mapping[str, str]], profiles: Iterable[tuple[str, str]], notices: Iterable[tuple[str, str]]
) -> dict[str, NDArray[np.generic]]:
    """Label vocabulary and word rarity as arrays for npz.

    ``labels`` maps codes to labels by language; ``profiles`` and ``notices`` are pairs of language and text. A word's rarity is
    the log of how many texts of its language there are for each that has it, profiles and other texts taken as one measure.
    """
    codes = sorted(labels)
    languages = sorted({language for code in codes for language in labels[code]})
    packed: dict[str, NDArray[np.generic]] = {"codes": np.array(codes), "languages": np.array(languages)}
    rows = {language: [sorted(_buckets(labels[code].get(language, ""), language)) for code in codes] for language in languages}
    for language in languages:
        packed[f"sizes_{language}"] = np.array([len(row) for row in rows[language]], np.uint8)
        packed[f"words_{language}"] = np.array([word for row in rows[language] for word in row], np.uint32)
    official = [(language, labels[code][language]) for code in codes for language in labels[code]]
    packed["rarity"] = _rarity(list(profiles), [*notices, *official])
    return packed


def _buckets(text: str, language: str) -> set[int]:
    return {bucket(language, word) for word in fold(text).split() if len(word) > 2}


def _rarity(profiles: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]]) -> NDArray[np.float16]:
    owner = np.full(BUCKETS, -1, np.int64)
    order: dict[str, int] = {}
    counted, totals = [], []
    for texts in (profiles, others):
        found = np.zeros(BUCKETS)
        total = np.zeros(1000)
        for language, text in texts:
            number = order.setdefault(language, len(order))
            total[number] += 1
            for place in _buckets(text, language):
                found[place] += 1
                owner[place] = number
        counted.append(found)
        totals.append(total)
    here = [total[owner] for total in totals]
    share = counted[1] / np.maximum(here[1], 1)
    rare = np.log((here[0] + 30) / (counted[0] + 1 + 30 * share))
    rare[owner < 0] = np.log(31)
    return np.maximum(rare, 0).astype(np.float16)
