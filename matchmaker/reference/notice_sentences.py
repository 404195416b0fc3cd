"""The sentences that a notice may need, in every language it may be published in.

A row of ``law/notice_sentences.csv`` belongs to a part of the text (``integration``, ``social-clause``) or to one regime. A
regime's row names its provision in that language and may bring a sentence of its own, where the law admits other suppliers than
the directive does; without one it takes its family's. Quoted rows hold words of the law, as read in ``source``,
between quotation marks; all other sentences are ours and nobody has reviewed them.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from matchmaker.reference.law import Regime

_FILE = Path(__file__).parent / "law" / "notice_sentences.csv"

SOCIAL_CLAUSE = "social-clause"
MINIMUM_HOURS = "minimum-hours"
MINIMUM_PERCENT = "minimum-percent"
PROGRAMME = "programme"
PARTS = ("integration", PROGRAMME, "public-service-mission", SOCIAL_CLAUSE, MINIMUM_HOURS, MINIMUM_PERCENT)
"""Parts that every language has."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One sentence in one language. ``text`` has placeholders as in ``%(law)s``; ``law`` is the provision's name in it."""

    language: str
    text: str
    law: str = ""
    quoted: bool = False
    source: str = ""

    def filled(self, **values: str) -> str:
        """The sentence with its provision and other values put in."""
        return self.text % {"law": self.law, **values}


@dataclass(frozen=True, slots=True)
class NoticeSentences:
    """All sentences, by part or regime and language."""

    rows: Mapping[tuple[str, str], Wording]

    @property
    def languages(self) -> frozenset[str]:
        """Languages (two letters) that have sentences."""
        return frozenset(language for _, language in self.rows)

    def part(self, part: str, language: str) -> Wording | None:
        """The sentence of one of ``PARTS``; None in a language that has none."""
        return self.rows.get((part, language))

    def reservation(self, regime: Regime, language: str) -> Wording | None:
        """The sentence that reserves a lot under ``regime``; None in a language that has none, or for one that reserves nothing.

        In a language in which the provision has no name of its own the table's legal reference stands.
        """
        if not regime.reserves:
            return None
        family = self.part(family_of(regime), language)
        own = self.rows.get((regime.regime_id, language))
        if own is None:
            return family and Wording(language, family.text, regime.legal_reference)
        if own.text or family is None:
            return own if own.text else None
        return Wording(language, family.text, own.law)


def family_of(regime: Regime) -> str:
    """The part of the text that a regime's sentence belongs to: programmes reserve how the contract is performed."""
    return PROGRAMME if regime.eforms_bt736 == "yes" else regime.family


def notice_sentences_of(records: Iterable[Mapping[str, str]]) -> NoticeSentences:
    """Sentences from the rows of their table."""
    return NoticeSentences(
        MappingProxyType(
            {
                (row["subject"], row["language"]): Wording(
                    row["language"], row["text"], row["law"], row["quoted"] == "yes", row["source"]
                )
                for row in records
            }
        )
    )


@lru_cache(maxsize=1)
def notice_sentences() -> NoticeSentences:
    """Those of the package."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return notice_sentences_of(csv.DictReader(lines))
