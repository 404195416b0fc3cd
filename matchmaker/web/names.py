"""Codes as words in the reader's language, for templates."""

import re
from dataclasses import dataclass

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.match import Criterion
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import NoticeKind, ReservedParticipation
from matchmaker.domain.organisation import Base, Delivery, StatusKind
from matchmaker.domain.values import CpvCode, NutsCode
from matchmaker.reference.activities import GROUPS, Activity
from matchmaker.reference.bundle import Reference
from matchmaker.reference.folding import fold
from matchmaker.reference.quoted_codes import codes_named

CRITERIA: dict[Criterion, Message] = {
    Criterion.CAPABILITY: Message("Capability"),
    Criterion.PLACE: Message("Place"),
    Criterion.SCALE: Message("Scale"),
    Criterion.ELIGIBILITY: Message("Eligibility"),
    Criterion.READINESS: Message("Readiness"),
    Criterion.TIMING: Message("Timing"),
}
QUESTIONS: dict[Criterion, Message] = {
    Criterion.CAPABILITY: Message("Does it do this kind of work?"),
    Criterion.PLACE: Message("Does it work where the work is needed?"),
    Criterion.SCALE: Message("Is the contract a size it can carry?"),
    Criterion.ELIGIBILITY: Message("May it take part if the contract is reserved?"),
    Criterion.READINESS: Message("Are status, certificates and references shown?"),
    Criterion.TIMING: Message("Is there enough time to prepare a bid?"),
}
STATUSES: dict[StatusKind, Message] = {
    StatusKind.SHELTERED_WORKSHOP: Message("Sheltered or supported employment"),
    StatusKind.WORK_INTEGRATION: Message("Work integration enterprise"),
    StatusKind.SOCIAL_COOPERATIVE: Message("Social co-operative"),
    StatusKind.SOCIAL_ENTERPRISE: Message("Social enterprise"),
    StatusKind.NON_PROFIT: Message("Non-profit organisation"),
    StatusKind.OTHER: Message("Other social economy organisation"),
}
RESERVED: dict[ReservedParticipation, Message] = {
    ReservedParticipation.SHELTERED: Message(
        "Reserved for sheltered workshops and operators that integrate disabled or disadvantaged people"
    ),
    ReservedParticipation.SHELTERED_PROGRAMME: Message("To be performed within sheltered employment programmes"),
    ReservedParticipation.PUBLIC_SERVICE_MISSION: Message("Reserved for organisations with a public service mission"),
    ReservedParticipation.NONE: Message("Not reserved, says the notice"),
}
KINDS: dict[NoticeKind, Message] = {
    NoticeKind.PLANNING: Message("Planning notice"),
    NoticeKind.COMPETITION: Message("Call for competition"),
    NoticeKind.RESULT: Message("Award notice"),
    NoticeKind.CHANGE: Message("Change notice"),
}
DELIVERIES: dict[str, Message] = {
    Delivery.WORKS: Message("works"),
    Delivery.SUPPLIES: Message("supplies"),
    Delivery.SERVICES: Message("services"),
}
"""Also the values of BT-23, the nature of a contract."""

EVIDENCE: dict[str, Message] = {
    "cpv": Message("The supplier's CPV code"),
    "words": Message("Word in common"),
    "text": Message("Close in meaning"),
    "lot.title": Message("The lot's title"),
    "lot.description": Message("The lot's description"),
    "lot.cpv": Message("The lot's CPV code"),
    "lot.nuts": Message("The lot's place"),
    "lot.value": Message("The lot's value a year"),
    "lot.deadline": Message("The lot's deadline"),
    "lot.language": Message("The lot's language"),
    "lot.certificates": Message("Certificates the lot asks for"),
    "lot.reserved": Message("The lot's reservation"),
    "supplier.text": Message("The supplier's own words"),
    "supplier.cpv": Message("The supplier's CPV codes"),
    "supplier.area": Message("Where the supplier works"),
    "supplier.base": Message("Where the supplier is"),
    "supplier.certificates": Message("The supplier's certificates"),
    "supplier.contract_sizes": Message("Contract sizes the supplier takes"),
    "supplier.employees": Message("The supplier's employees"),
    "supplier.references": Message("The supplier's references"),
    "supplier.statuses": Message("The supplier's status"),
    "supplier.turnover": Message("The supplier's turnover"),
    "supplier.languages": Message("The supplier's languages"),
}
"""Fields that evidence names; a field that is not here is shown by its own name."""


@dataclass(frozen=True)
class Names:
    """Look-ups over one reference in one language. Every method falls back to the code itself."""

    reference: Reference
    language: str

    def cpv(self, code: CpvCode) -> str:
        """The name of a CPV code."""
        return self.reference.cpv.label(code, self.language) or code.code

    def quoted(self, text: str) -> str:
        """A piece of evidence: a CPV code with its name, anything else as it is."""
        return f"{self.cpv(CpvCode(text))} ({text})" if re.fullmatch("[0-9]{8}", text) else text

    def plain(self, message: Message) -> Message:
        """The message with CPV codes that are quoted in it (“98310000”) given by their names."""
        return codes_named(message, self.reference.cpv, self.language)

    def country(self, code: str) -> str:
        """The name of a country, ISO-2."""
        return self.reference.countries.name(code, self.language) or code

    def region(self, code: NutsCode | str) -> str:
        """The name of a region alone, or of the nearest named one around it; for a country the country's."""
        try:
            nuts = code if isinstance(code, NutsCode) else NutsCode.parse(code)
        except InvalidValue:
            return str(code)
        named = (self.reference.nuts.name(around, self.language) for around in nuts.upwards() if around.level or not nuts.level)
        return next((name for name in named if name), nuts.code)

    def place(self, code: NutsCode) -> str:
        """``Ille-et-Vilaine, France``; a country alone for a country's code."""
        country = self.country(code.country)
        return country if code.level == 0 else f"{self.region(code)}, {country}"

    def base(self, base: Base) -> str:
        """Town or region, and country."""
        town = base.city or (self.region(base.nuts) if base.nuts and base.nuts.level else None)
        return f"{town}, {self.country(base.country)}" if town else self.country(base.country)

    def tongue(self, code: str) -> str:
        """The name of a language."""
        return self.reference.languages.name(code, self.language) or code

    def activity_groups(self) -> list[tuple[Message, list[Activity]]]:
        """The plain-language activities by product group."""
        return [(group.label, [each for each in self.reference.activities if each.group == group.key]) for group in GROUPS]

    def countries(self) -> list[tuple[str, str]]:
        """Countries offered for choice, in the order of their names."""
        named = [(code, self.country(code)) for code in self.reference.countries.codes()]
        return sorted(named, key=lambda pair: fold(pair[1]))
