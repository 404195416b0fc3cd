"""Read a planned purchase: where it names no CPV code, say which ones its words mean."""

from dataclasses import dataclass, replace

from matchmaker.domain.match import Need
from matchmaker.scoring.capability import CapabilityModel
from matchmaker.scoring.understanding import LikelyCode, likely_codes
from matchmaker.workflows.tools import MatchTools


@dataclass(frozen=True)
class Understood:
    """The need to match with, and the codes that were read into it; empty when it named its own or its words are not clear."""

    need: Need
    read_as: tuple[LikelyCode, ...] = ()


def understand(need: Need, tools: MatchTools) -> Understood:
    """The need with the codes its title means. Another model than the package's own may not know what codes mean."""
    title = next(iter(need.title.values()), "")
    if need.cpvs or not title or not isinstance(tools.capability, CapabilityModel):
        return Understood(need)
    found = likely_codes(tools.encoder.encode([title])[0], tools.capability.reader)
    return Understood(replace(need, cpvs=tuple(each.code for each in found)), found)
