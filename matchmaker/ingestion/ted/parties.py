"""Buyers and economic operators of an older TED notice. Contact points and persons in attention are never read."""

from matchmaker.domain.notice import Buyer, Identifier, Winner
from matchmaker.ingestion.natural_persons import is_natural_person
from matchmaker.ingestion.readings import country_code, register_number
from matchmaker.ingestion.safe_xml import Element, all_text, each, first, folded, value


def identifier(address: Element) -> Identifier | None:
    """The national registration number, as given."""
    return register_number(value(address, "NATIONALID") or value(address, "ORGANISATION/NATIONALID"))


def country(address: Element) -> str | None:
    """ISO-2 of the address."""
    element = address.find("COUNTRY")
    return None if element is None else country_code(element.get("VALUE"))


def name(address: Element) -> str:
    """The official name, folded; empty when there is none."""
    element = first(address, "OFFICIALNAME", "ORGANISATION/OFFICIALNAME", "ORGANISATION")
    return (folded(all_text(element)) or "") if element is not None else ""


def nuts(address: Element) -> str | None:
    """The NUTS code, as given."""
    element = address.find("NUTS")
    return None if element is None else folded(element.get("CODE"))


def buyers(form: Element, fallback_country: str | None, fallback_nuts: str | None) -> tuple[Buyer, ...]:
    """Buyers in order: the contracting body, those buying with it, or the authority of an R2.0.8 form."""
    body = form.find("CONTRACTING_BODY")
    addresses = [address for address in body if _is_buyer(str(address.tag))] if body is not None else []
    if body is None:
        profile = next(form.iter("CA_CE_CONCESSIONAIRE_PROFILE"), None)
        addresses = [profile] if profile is not None else []
    legal_type = _legal_type(body)
    found = []
    for position, address in enumerate(addresses):
        own = position == 0
        found.append(
            Buyer(
                name(address),
                country(address) or (fallback_country if own else None),
                value(address, "TOWN"),
                nuts(address) or (fallback_nuts if own else None),
                identifier(address),
                legal_type if own else None,
            )
        )
    return tuple(dict.fromkeys(buyer for buyer in found if buyer.name))


def _is_buyer(tag: str) -> bool:
    return tag in ("ADDRESS_CONTRACTING_BODY", "ADDRESS_CONTRACTING_BODY_ADDITIONAL")


def _legal_type(body: Element | None) -> str | None:
    element = first(body, "CA_TYPE")
    return None if element is None else folded(element.get("VALUE"))


def winner(address: Element, size: str | None) -> Winner | None:
    """An economic operator, a person without its number; None when it has no name."""
    official = name(address)
    if not official:
        return None
    at = country(address)
    number = identifier(address)
    person = is_natural_person(official, at, stated=False, numbered=number is not None)
    return Winner(official, at, value(address, "TOWN"), nuts(address), None if person else number, size, person)


def _size(party: Element) -> str | None:
    """BT-165 of ``SME`` and ``NO_SME``; a company that is not small or medium-sized is large."""
    return next((size for tag, size in (("SME", "sme"), ("NO_SME", "large")) if party.find(tag) is not None), None)


def winners(award: Element) -> tuple[Winner, ...]:
    """Contractors (forms with ``AWARDED_CONTRACT``) or prize winners (design contests), each once."""
    parties = (*award.iter("CONTRACTOR"), *award.iter("WINNER"))
    found = [
        winner(address, _size(party))
        for party in parties
        for address in (*each(party, "ADDRESS_CONTRACTOR"), *each(party, "ADDRESS_WINNER"))
    ]
    return tuple(dict.fromkeys(one for one in found if one))
