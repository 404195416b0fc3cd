"""Who is who: buyers, winners and suppliers by register number, else by name and place."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from matchmaker.domain.notice import Buyer, Winner
from matchmaker.domain.organisation import Organisation
from matchmaker.domain.register_numbers import register_key
from matchmaker.domain.values import iso_country
from matchmaker.reference.folding import fold

_LEGAL_FORM = re.compile(
    r"(?:ab|ag|aps|as|asbl|bv|bvba|cic|cvba|doo|ead|eood|eurl|e v|gmbh|ggmbh|kft|lda|limited|llc|ltd|ltda|nv|ood|ou|oy|oyj|plc|sa"
    r"|sarl|sas|sasu|scarl|scop|scic|scs|sia|sl|slu|sme|snc|soc|soc coop|onlus|spa|sprl|srl|srls|sro|uab|vzw|zrt|sp z o o|d o o"
    r"|s a|s r l|s p a|s l|s l u|s a s|b v|n v|a s|s r o|s c s|s c|coop|societa cooperativa|societa cooperativa sociale"
    r"|cooperativa sociale|association|asociacion)"
)
LONGEST_NAME = 200
"""Of a name in a key; what is longer is the list of a consortium."""

_AT_END = re.compile(rf"(?: {_LEGAL_FORM.pattern})+$")
_AT_START = re.compile(r"^(?:association|asociacion|fundacion|stowarzyszenie|societa cooperativa sociale|cooperativa sociale) ")


def plain_name(name: str) -> str:
    """Folded, without the legal form at either end."""
    folded = fold(name)
    return _AT_START.sub("", _AT_END.sub("", folded)) or folded


def buyer_name_key(buyer: Buyer) -> str:
    """``FR~ville-de-lyon~lyon``: country, name and town; the register number is another key."""
    parts = (buyer.country or "", fold(buyer.name), fold(buyer.town or ""))
    return "~".join(part.replace(" ", "-")[:120] for part in parts)


def buyer_keys(buyer: Buyer) -> tuple[str, ...]:
    """The register number where one names it, and name with town."""
    number = register_key(buyer.identifier, buyer.country)
    return (number, buyer_name_key(buyer)) if number else (buyer_name_key(buyer),)


def party_name_key(name: str, country: str | None) -> str:
    """``FR~ateliers du lac``: country and plain name of a winner or supplier."""
    return f"{iso_country(country) if country else ''}~{plain_name(name)[:LONGEST_NAME]}"


def winner_keys(winner: Winner) -> tuple[str, ...]:
    """The register number where one names it, and the name."""
    number = register_key(winner.identifier, winner.country)
    named = party_name_key(winner.name, winner.country)
    return (number, named) if number else (named,)


@dataclass(frozen=True, slots=True)
class KnownBy:
    """One key of a supplier."""

    key: str
    is_number: bool


def supplier_keys(organisation: Organisation) -> tuple[KnownBy, ...]:
    """Every key by which a winner may be this supplier."""
    country = organisation.base.country
    numbers = (register_key(identifier, country) for identifier in organisation.identifiers)
    names: Iterable[str] = filter(None, (organisation.name, organisation.legal_name))
    keys = {number: True for number in numbers if number} | {party_name_key(name, country): False for name in names}
    return tuple(KnownBy(key, is_number) for key, is_number in keys.items())
