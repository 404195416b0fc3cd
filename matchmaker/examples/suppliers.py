"""The example suppliers as organisations of the domain."""

from datetime import date, timedelta
from decimal import Decimal

from matchmaker.domain.notice import Identifier
from matchmaker.domain.organisation import (
    Base,
    Capability,
    Certificate,
    Delivery,
    FreeCapacity,
    Organisation,
    Provenance,
    ServiceArea,
    SizeFigures,
    SocialStatus,
    StatusKind,
    Visibility,
)
from matchmaker.domain.values import CpvCode, Money, NutsCode
from matchmaker.examples.data_files import SOURCE, WRITTEN_ON, Table, country_files


def example_organisations(today: date = WRITTEN_ON) -> list[Organisation]:
    """All example suppliers; certificates, capacity and evidence are dated relative to ``today``."""
    return [_organisation(entry, file, today) for file in country_files("suppliers") for entry in file["supplier"]]


def _organisation(entry: Table, file: Table, today: date) -> Organisation:
    language = str(entry.get("language", file["language"]))
    currency = file["currency"]
    return Organisation(
        key=f"{SOURCE}:{entry['id']}",
        name=entry["name"],
        base=_base(entry, file["country"]),
        provenance=Provenance(SOURCE, entry["id"], "EUPL-1.2", today, claimed=entry.get("claimed", True)),
        legal_form=entry.get("form"),
        description=" ".join(entry["text"].split()),
        language=language,
        identifiers=(Identifier(entry["id"].upper(), SOURCE),),
        statuses=(_status(entry, today),),
        size=_size(entry, currency, today),
        free_capacity=_free_capacity(entry, currency, today),
        area=_area(entry),
        languages=tuple(entry.get("languages", [language])),
        capabilities=tuple(_capability(can, language, currency) for can in entry["can"]),
        certificates=tuple(_certificate(words, today) for words in entry.get("certificates", [])),
        references=tuple(entry.get("references", [])),
        website=f"https://{entry['id']}.example",
        email=f"office@{entry['id']}.example",
    )


def _base(entry: Table, country: str) -> Base:
    latitude, longitude = entry["point"]
    return Base(country, entry["city"], entry["postcode"], latitude, longitude, NutsCode.parse(entry["nuts"]))


def _status(entry: Table, today: date) -> SocialStatus:
    share = entry.get("share")
    kind = StatusKind(entry["kind"])
    integrates = kind in {StatusKind.SHELTERED_WORKSHOP, StatusKind.WORK_INTEGRATION}
    return SocialStatus(
        kind=kind,
        name=entry.get("status"),
        integration_share=share,
        main_aim_integration=True if integrates else entry.get("main_aim"),
        evidence=entry.get("evidence"),
        evidence_date=today - timedelta(days=200) if "evidence" in entry else None,
        valid_until=today + timedelta(days=entry["valid_days"]) if "valid_days" in entry else None,
    )


def _size(entry: Table, currency: str, today: date) -> SizeFigures:
    return SizeFigures(
        employees=entry.get("employees"),
        turnover=_money(entry.get("turnover"), currency),
        as_of=date(today.year - 1, 12, 31),
        visibility=Visibility(entry.get("visibility", "public")),
    )


def _free_capacity(entry: Table, currency: str, today: date) -> FreeCapacity | None:
    if "free" not in entry and "free_hours" not in entry:
        return None
    return FreeCapacity(
        amount=_money(entry.get("free"), currency),
        hours=entry.get("free_hours"),
        as_of=today - timedelta(days=40),
        stated_by=entry["name"],
    )


def _area(entry: Table) -> ServiceArea:
    return ServiceArea(
        nuts=tuple(NutsCode.parse(code) for code in entry.get("area", [])),
        countries=tuple(entry.get("countries", [])),
        radius_km=entry.get("radius"),
    )


def _capability(can: Table, language: str, currency: str) -> Capability:
    return Capability(
        text=" ".join(can["text"].split()),
        language=language,
        cpvs=tuple(CpvCode.parse(code) for code in can["cpv"]),
        delivery=tuple(Delivery(word) for word in can.get("delivery", ["services"])),
        smallest=_money(can.get("smallest"), currency),
        largest=_money(can.get("largest"), currency),
    )


def _certificate(words: list[str | int], today: date) -> Certificate:
    name, *days = words
    return Certificate(str(name), today + timedelta(days=int(days[0])) if days else None)


def _money(amount: int | None, currency: str) -> Money | None:
    return None if amount is None else Money(Decimal(amount), currency)
