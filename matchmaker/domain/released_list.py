"""One list of suppliers ready to be subcontractors of a published lot, frozen and the same for every bidder.

Nobody stands on it who did not agree; it is not exhaustive, and a bidder may name anyone else who does the same work.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from matchmaker.domain.hash_chain import canonical_json, digest_of
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Lot

LOWEST_SCORE = 0.5
"""Match score in (0, 1) from which a supplier that agreed is listed: more likely than not to suit. The rule says so."""

NO_CODES = frozenset({"none", "n/a", ""})


class Audience(StrEnum):
    """Who sees a list."""

    PUBLIC = "public"
    MAIN_CONTRACTORS = "main-contractors"
    """Main contractors signed in; everybody else finds it in the procurement documents."""


@dataclass(frozen=True, slots=True)
class NamingConsent:
    """A supplier's word that it may be named to main contractors: for one lot, or for all where ``lot_id`` is empty.

    ``contact`` is where their messages go: a role address, or the address of the member who agreed.
    """

    organisation_key: str
    lot_id: str
    contact: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class ListedSupplier:
    """One supplier as it stands on a list; ``work`` is in its own words, ``country`` ISO-2."""

    key: str
    name: str
    country: str
    town: str | None
    work: tuple[str, ...]
    language: str | None = None
    website: str | None = None


@dataclass(frozen=True, slots=True)
class ReleasedList:
    """A released list. Never changed; withdrawn as a whole, with the reason, or not at all.

    ``digest`` is the SHA-256 of ``sealed_text``. The team answers for the buyer: it stated that it acts for it.
    """

    list_id: str
    lot_id: str
    lot_title: str
    lot_language: str
    team_key: str
    team_name: str
    audience: Audience
    clause_in_notice: bool
    lowest_score: float
    released_at: datetime
    suppliers: tuple[ListedSupplier, ...]
    digest: str = ""
    withdrawn_at: datetime | None = None
    withdrawn_because: str | None = None

    @property
    def sealed_text(self) -> str:
        """What is frozen, as canonical JSON: the lot, the moment, the rule and every supplier in order."""
        content: dict[str, Any] = {
            "list": self.list_id,
            "lot": self.lot_id,
            "released_at": self.released_at.isoformat(),
            "lowest_score": self.lowest_score,
            "suppliers": [
                {
                    "key": each.key,
                    "name": each.name,
                    "country": each.country,
                    "town": each.town,
                    "work": list(each.work),
                    "website": each.website,
                }
                for each in self.suppliers
            ],
        }
        return canonical_json(content)

    @property
    def intact(self) -> bool:
        """Whether it still has the hash it was released with."""
        return digest_of(self.sealed_text) == self.digest


@dataclass(frozen=True, slots=True)
class ContractorMessage:
    """What a main contractor wrote to a supplier on a list. ``answer_to`` is an address the contractor named for that."""

    lot_id: str
    lot_title: str
    contractor: str
    answer_to: str
    text: str
    supplier: str = ""


def social_clause(lot: Lot) -> Message | None:
    """What in the notice asks for a social part of the work; None where it says nothing of the kind (BT-06, BT-775, BT-64)."""
    codes = [code for code in lot.social if code.strip().lower() not in NO_CODES]
    if codes:
        return Message("The notice names social objectives (BT-775): %(codes)s.", {"codes": ", ".join(codes)})
    if any("soc" in code.lower() for code in lot.strategic):
        return Message("The notice says that the lot serves a social purpose (BT-06).")
    if lot.subcontracting.minimum_percent:
        share = {"share": f"{lot.subcontracting.minimum_percent:g}"}
        return Message("The notice asks that at least %(share)s %% be subcontracted (BT-64).", share)
    return None
