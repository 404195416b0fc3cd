"""Organisations of an eForms notice: buyers and economic operators. Contact persons and beneficial owners are never read."""

from collections.abc import Mapping
from dataclasses import dataclass

from matchmaker.domain.notice import Buyer, Identifier, Winner
from matchmaker.ingestion.eforms.context import Context
from matchmaker.ingestion.natural_persons import is_natural_person
from matchmaker.ingestion.readings import country_code, register_number
from matchmaker.ingestion.safe_xml import Element, each, value

SIZES = frozenset(("large", "medium", "micro", "small", "sme"))


@dataclass(frozen=True, slots=True)
class Party:
    """One ``efac:Organization``: name, place, register number, size (BT-165), whether a natural person (BT-633)."""

    name: str
    country: str | None
    town: str | None
    nuts: str | None
    identifier: Identifier | None
    size: str | None
    natural_person: bool

    def as_winner(self) -> Winner:
        """This organisation as a winner; a natural person's number is left out."""
        numbered = self.identifier is not None
        person = is_natural_person(self.name, self.country, stated=self.natural_person, numbered=numbered)
        identifier = None if person else self.identifier
        return Winner(self.name, self.country, self.town, self.nuts, identifier, self.size, person)


def parties(extension: Element | None, context: Context) -> Mapping[str, Party]:
    """Organisations by technical id (``ORG-0001``); the ids of their touch points (``TPO-0001``) lead to them too."""
    found: dict[str, Party] = {}
    for organisation in each(extension, "Organizations/Organization"):
        company = organisation.find("Company")
        key = value(company, "PartyIdentification/ID")
        if company is None or key is None:
            continue
        natural = value(organisation, "NaturalPersonIndicator") == "true"
        found[key] = party = _party(company, natural, context)
        for touch_point in each(organisation, "TouchPoint/PartyIdentification/ID"):
            found.setdefault((touch_point.text or "").strip(), party)
    return found


def _party(company: Element, natural_person: bool, context: Context) -> Party:
    size = value(company, "CompanySizeCode")
    if size:
        context.remarks.check_code("BT-165", size, SIZES)
    return Party(
        name=context.text(company, "PartyName/Name") or "",
        country=country_code(value(company, "PostalAddress/Country/IdentificationCode")),
        town=value(company, "PostalAddress/CityName"),
        nuts=value(company, "PostalAddress/CountrySubentityCode"),
        identifier=_identifier(company),
        size=size,
        natural_person=natural_person,
    )


def _identifier(company: Element) -> Identifier | None:
    for found in each(company, "PartyLegalEntity/CompanyID"):
        number = (found.text or "").strip()
        if identifier := register_number(number, found.get("schemeName")):
            return identifier
    return None


def buyers(root: Element, known: Mapping[str, Party]) -> tuple[Buyer, ...]:
    """The contracting parties in order; one that names no known organisation is left out."""
    found: dict[str, Buyer] = {}
    for contracting in root.iterfind("ContractingParty"):
        key = value(contracting, "Party/PartyIdentification/ID")
        party = known.get(key) if key else None
        if key is None or party is None:
            continue
        legal_type = next(
            (
                (code.text or "").strip() or None
                for code in contracting.iterfind("ContractingPartyType/PartyTypeCode")
                if code.get("listName") != "buyer-contracting-type"
            ),
            None,
        )
        found[key] = Buyer(party.name, party.country, party.town, party.nuts, party.identifier, legal_type)
    return tuple(found.values())
