"""What matching works with, loaded once at the edge and handed down."""

from dataclasses import dataclass

from matchmaker.reference.bundle import Reference
from matchmaker.scoring.criteria.capability import Repeatable
from matchmaker.scoring.encoder import Encoder
from matchmaker.scoring.matching import scorer_version


@dataclass(frozen=True)
class MatchTools:
    """Tables, encoder and capability model. ``shown_sources``: whose imported, unclaimed supplier records may be shown."""

    reference: Reference
    encoder: Encoder
    capability: Repeatable
    shown_sources: frozenset[str]

    @property
    def version(self) -> str:
        """The scorer's version, stored with every match."""
        return scorer_version(self.capability)
