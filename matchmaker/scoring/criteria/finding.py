"""What one criterion found for one need and one supplier, before weights."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from matchmaker.domain.match import Evidence
from matchmaker.domain.messages import Message


@dataclass(frozen=True, slots=True)
class Finding:
    """A value in [0, 1] or None (unknown), one sentence, the evidence, and the named features that carry weights."""

    value: float | None
    sentence: Message
    evidence: tuple[Evidence, ...] = ()
    features: Mapping[str, float | None] = field(default_factory=lambda: MappingProxyType({}))
