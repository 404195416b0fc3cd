"""Organisations of a release: buyers and economic operators. Contact points and beneficial owners are never read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from matchmaker.domain.notice import Buyer, Identifier, Winner
from matchmaker.ingestion.natural_persons import is_natural_person
from matchmaker.ingestion.ocds.context import Context
from matchmaker.ingestion.ocds.fields import Json, each, text, texts
from matchmaker.ingestion.readings import country_code, register_number

SIZES = frozenset(("large", "medium", "micro", "small", "sme"))
NATURAL_PERSON = "selfEmployed"
"""How the European profile states BT-633 in ``details.scale``."""

_BUYER_TYPES = ("eu-buyer-legal-type", "TED_CA_TYPE")
_REGISTER = re.compile(r"[A-Z]{2}-[A-Z0-9]+")
"""Schemes of org-id.guide start with the country of the register."""


@dataclass(frozen=True, slots=True)
class Parties:
    """The release's ``parties`` by id, and a reader for references to them."""

    by_id: Mapping[str, Json]
    context: Context

    def winner(self, reference: Json) -> Winner | None:
        """The supplier or tenderer referred to; a natural person's number is left out. None without a name."""
        party = self._whole(reference)
        name = text(party, "name", "identifier.legalName")
        if name is None:
            return None
        identifier, address = self._identifier(party), party.get("address")
        country = self._country(party, identifier)
        stated = text(party, "details.scale") == NATURAL_PERSON
        person = is_natural_person(name, country, stated=stated, numbered=identifier is not None)
        nuts = self.context.nuts(address) if isinstance(address, dict) else None
        town = text(address, "locality")
        return Winner(name, country, town, nuts, None if person else identifier, self._size(party), person)

    def buyers(self, release: Json) -> tuple[Buyer, ...]:
        """The buyer, further parties with that role, else the procuring entity (OCDS 1.0 and many publishers)."""
        found = [self._buyer(reference) for reference in each(release, "buyer")]
        roles = (party for party in self.by_id.values() if {"buyer", "leadBuyer"} & set(texts(party, "roles")))
        found += [self._buyer(party) for party in roles]
        if not any(found):
            found = [self._buyer(reference) for reference in each(release, "tender.procuringEntity")]
        return tuple(dict.fromkeys(buyer for buyer in found if buyer))

    def _buyer(self, reference: Json) -> Buyer | None:
        party = self._whole(reference)
        name = text(party, "name", "identifier.legalName")
        if name is None:
            return None
        identifier, address = self._identifier(party), party.get("address")
        types = (kind for kind in each(party, "details.classifications") if text(kind, "scheme") in _BUYER_TYPES)
        legal_type = next((code for kind in types if (code := text(kind, "id"))), None)
        nuts = self.context.nuts(address) if isinstance(address, dict) else None
        return Buyer(name, self._country(party, identifier), text(address, "locality"), nuts, identifier, legal_type)

    def _whole(self, reference: Json) -> Json:
        """The party referred to, with what the reference itself states where the party is silent."""
        party = self.by_id.get(text(reference, "id") or "", {})
        return {**reference, **{key: value for key, value in party.items() if value not in (None, "", [], {})}}

    def _identifier(self, party: Json) -> Identifier | None:
        for entry in _identifiers(party):
            number = register_number(text(entry, "id"), text(entry, "scheme"))
            if number and (identifier := self.context.feed.identifier(number)):
                return identifier
        return None

    def _country(self, party: Json, identifier: Identifier | None) -> str | None:
        if stated := self.context.country(party.get("address")):
            return stated
        if self.context.feed.country:
            return self.context.feed.country
        scheme = (identifier.scheme if identifier else None) or ""
        return country_code(scheme[:2]) if _REGISTER.fullmatch(scheme) and not scheme.startswith(("XI-", "XM-", "XR-")) else None

    def _size(self, party: Json) -> str | None:
        scale = text(party, "details.scale")
        if scale in (None, NATURAL_PERSON):
            return None
        return self.context.remarks.check_code("BT-165", scale or "", SIZES)


def parties(release: Json, context: Context) -> Parties:
    """The parties of ``release``; of two with one id the first counts."""
    by_id: dict[str, Json] = {}
    for party in each(release, "parties"):
        by_id.setdefault(text(party, "id") or "", party)
    by_id.pop("", None)
    return Parties(by_id, context)


def _identifiers(party: Json) -> Iterator[Json]:
    yield from each(party, "identifier")
    yield from each(party, "additionalIdentifiers")
