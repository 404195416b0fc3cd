"""From the rows of a register to suppliers of the domain."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Identifier
from matchmaker.domain.organisation import (
    Base,
    Capability,
    Delivery,
    FreeCapacity,
    Organisation,
    Provenance,
    ServiceArea,
    SizeFigures,
    SocialStatus,
    StatusKind,
)
from matchmaker.ingestion.suppliers.contacts import role_address, web_address, without_contacts
from matchmaker.ingestion.suppliers.headers import Column, Layout, layout_of
from matchmaker.ingestion.suppliers.industries import industry_of
from matchmaker.ingestion.suppliers.locating import Locator
from matchmaker.ingestion.suppliers.row_texts import RowTexts
from matchmaker.ingestion.suppliers.statuses import INTEGRATING, status_kind
from matchmaker.ingestion.tables.table import TextTable
from matchmaker.ingestion.tables.values import FRENCH_BANDS, coordinate, day, headcount, parts, share
from matchmaker.reference.folding import fold

LONGEST_NAME = 300
LONGEST_TEXT = 5000
CURRENCIES = {"GB": "GBP", "CH": "CHF", "PL": "PLN", "CZ": "CZK", "HU": "HUF", "RO": "RON", "SE": "SEK", "DK": "DKK", "NO": "NOK"}
"""Of countries outside the euro; amounts without a currency are in it."""

_KEY_SIGNS = re.compile(r"[^\w.:@+-]+")
_REGISTER_NUMBER = re.compile(r"^([A-Z]{2,10}(?:-[A-Z]{2,5})?)[:-]([0-9A-Z.]{4,})$")


@dataclass(frozen=True, slots=True)
class Origin:
    """What holds for the whole file: ``source`` and ``licence`` override the columns of the same name; where it was named."""

    source: str | None
    licence: str | None
    imported_on: date


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row as read: the supplier, or why there is none; remarks on what was left out."""

    number: int
    organisation: Organisation | None
    refusal: Message | None
    remarks: tuple[Message, ...]


class _Refused(Exception):
    def __init__(self, sentence: Message) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


def read_organisations(table: TextTable, origin: Origin, locator: Locator) -> Iterator[ReadRow]:
    """Every row of the table in order; a second row with the identifier of an earlier one is refused."""
    layout = layout_of(table.headers)
    banded = _banded_sources(table, layout)
    seen: dict[str, int] = {}
    for row in table.rows:
        texts = RowTexts(row, layout, locator.reference, list(row.remarks))
        try:
            organisation = _organisation(texts, origin, locator, banded)
            if (first := seen.setdefault(organisation.key, row.number)) != row.number:
                raise _Refused(_doubled(organisation, first, row.number))
        except _Refused as refused:
            yield ReadRow(row.number, None, refused.sentence, tuple(texts.remarks))
        else:
            yield ReadRow(row.number, organisation, None, tuple(texts.remarks))


def _doubled(organisation: Organisation, first: int, second: int) -> Message:
    return Message(
        "Rows %(first)s and %(second)s have the same identifier “%(id)s”.",
        {"id": organisation.provenance.source_id, "first": first, "second": second},
    )


def _banded_sources(table: TextTable, layout: Layout) -> frozenset[str]:
    """Sources whose headcounts are codes of French bands: told by codes that no count has (``NN``, ``03``)."""
    signs = {"NN", "00", "01", "02", "03"}
    return frozenset(layout.of(row.texts, Column.SOURCE) for row in table.rows if layout.of(row.texts, Column.EMPLOYEES) in signs)


def _organisation(texts: RowTexts, origin: Origin, locator: Locator, banded: frozenset[str]) -> Organisation:
    if texts.row.refusal:
        raise _Refused(texts.row.refusal)
    name = " ".join((texts.text(Column.NAME) or texts.text(Column.LEGAL_NAME)).split())[:LONGEST_NAME]
    if not name:
        raise _Refused(Message("The row has no name."))
    base = _base(texts, locator)
    provenance = _provenance(texts, origin, name, base)
    written = parts(texts.text(Column.LANGUAGE).lower(), r"[;|,\s]+")
    language = written[0][:2] if written and re.match(r"[a-z]{2}", written[0]) else None
    description = " ".join(without_contacts(texts.text(Column.DESCRIPTION)).split())[:LONGEST_TEXT]
    currency = texts.text(Column.CURRENCY).upper() if re.fullmatch(r"[A-Za-z]{3}", texts.text(Column.CURRENCY)) else ""
    currency = currency or CURRENCIES.get(base.country, "EUR")
    legal_name = " ".join(texts.text(Column.LEGAL_NAME).split())[:LONGEST_NAME]
    return Organisation(
        key=f"{provenance.source}:{_KEY_SIGNS.sub('-', provenance.source_id)}",
        name=name,
        base=base,
        provenance=provenance,
        legal_name=legal_name if legal_name and legal_name != name else None,
        legal_form=texts.text(Column.LEGAL_FORM).removesuffix(".0") or None,
        description=description,
        language=language,
        identifiers=_identifiers(texts),
        statuses=_statuses(texts, provenance),
        size=_size(texts, currency, banded),
        free_capacity=_free_capacity(texts, currency, origin.imported_on, provenance.source),
        area=_area(texts),
        languages=tuple(parts(texts.text(Column.LANGUAGES).lower())) or tuple(code[:2] for code in written),
        capabilities=_capabilities(texts, description, language, currency),
        certificates=texts.certificates(),
        references=tuple(parts(texts.text(Column.REFERENCES), r"[;|\n]")),
        website=texts.read(Column.WEBSITE, web_address, "%(column)s: “%(value)s” was left out: it is not a web address."),
        email=texts.read(
            Column.EMAIL,
            role_address,
            "%(column)s: “%(value)s” was left out: only addresses of a function (info@, office@) are kept, never a person’s.",
        ),
    )


def _area(texts: RowTexts) -> ServiceArea:
    return ServiceArea(
        nuts=texts.nuts_codes(Column.AREA_NUTS),
        countries=texts.countries(Column.AREA_COUNTRIES),
        radius_km=texts.read(Column.RADIUS, _radius, "%(column)s: “%(value)s” was left out: it is no distance."),
    )


def _radius(text: str) -> float | None:
    found = headcount(text.lower().removesuffix("km").strip())
    return float(found) if found is not None and 0 < found <= 5000 else None


def _base(texts: RowTexts, locator: Locator) -> Base:
    written = texts.text(Column.COUNTRY)
    country = locator.reference.countries.find(written) if written else None
    if written and country is None:
        raise _Refused(Message("“%(country)s” is not a country.", {"country": written[:80]}))
    latitude = texts.read(
        Column.LATITUDE,
        lambda text: coordinate(text, 90),
        "%(column)s: “%(value)s” was left out: it is no latitude between -90 and 90.",
    )
    longitude = texts.read(
        Column.LONGITUDE,
        lambda text: coordinate(text, 180),
        "%(column)s: “%(value)s” was left out: it is no longitude between -180 and 180.",
    )
    point = (latitude, longitude) if latitude is not None and longitude is not None and (latitude or longitude) else None
    postcode, city = texts.text(Column.POSTCODE), texts.text(Column.CITY)
    given = next(iter(texts.nuts_codes(Column.NUTS)), None)
    found = locator.locate(country or (given.country if given else None), postcode, city, point)
    if found.country is None:
        raise _Refused(Message("The row names no country, and the place does not tell."))
    return Base(
        country=found.country,
        city=city or None,
        postcode=postcode or None,
        latitude=round(found.point[0], 5) if found.point else None,
        longitude=round(found.point[1], 5) if found.point else None,
        nuts=given or found.nuts,
    )


def _provenance(texts: RowTexts, origin: Origin, name: str, base: Base) -> Provenance:
    source = fold(origin.source or texts.text(Column.SOURCE)).replace(" ", "-")
    if not source:
        raise _Refused(Message("The row does not say which register it comes from; name it with --source."))
    by_column = None if origin.source else texts.text(Column.SOURCE_ID)
    stand_in = f"{fold(name)} {base.postcode or base.city or base.country}"
    return Provenance(
        source=source,
        source_id=(by_column or texts.text(Column.ID) or texts.text(Column.SOURCE_ID) or stand_in)[:200],
        licence=origin.licence or texts.text(Column.LICENCE) or None,
        imported_on=origin.imported_on,
    )


def _identifiers(texts: RowTexts) -> tuple[Identifier, ...]:
    found: dict[Identifier, None] = {}
    for written in (texts.text(Column.ID), texts.text(Column.SOURCE_ID)):
        if match := _REGISTER_NUMBER.match(written):
            found[Identifier(match.group(2), match.group(1))] = None
        elif written and texts.layout.id_scheme and written == texts.text(Column.ID):
            found[Identifier(written, texts.layout.id_scheme)] = None
    return tuple(found)


def _statuses(texts: RowTexts, provenance: Provenance) -> tuple[SocialStatus, ...]:
    words = (texts.text(Column.KIND), texts.text(Column.LEGAL_FORM))
    found = {kind: word for word in reversed(words) if (kind := status_kind(word)) is not None}
    named = {kind: word for kind, word in found.items() if kind is not StatusKind.OTHER or len(found) == 1}
    return tuple(
        SocialStatus(
            kind=kind,
            name=word,
            integration_share=texts.read(
                Column.INTEGRATION_SHARE, share, "%(column)s: “%(value)s” was left out: it is no share between 0 and 100 %%."
            ),
            main_aim_integration=True if kind in INTEGRATING else None,
            evidence=texts.text(Column.STATUS_EVIDENCE) or f"{provenance.source}: {provenance.source_id}",
            valid_until=texts.read(Column.STATUS_VALID_UNTIL, day, "%(column)s: “%(value)s” was left out: it is not a date."),
        )
        for kind, word in named.items()
    )


def _size(texts: RowTexts, currency: str, banded: frozenset[str]) -> SizeFigures:
    bands = texts.text(Column.SOURCE) in banded
    reader: Callable[[str], Decimal | int | None] = FRENCH_BANDS.get if bands else headcount
    unknown = bands and texts.text(Column.EMPLOYEES) == "NN"
    employees = None if unknown else texts.whole_number(Column.EMPLOYEES, reader)
    return SizeFigures(employees=employees, turnover=texts.money(Column.TURNOVER, currency))


def _free_capacity(texts: RowTexts, currency: str, as_of: date, stated_by: str) -> FreeCapacity | None:
    money = texts.money(Column.FREE_AMOUNT, currency)
    hours = texts.whole_number(Column.FREE_HOURS, headcount)
    if money is None and hours is None:
        return None
    return FreeCapacity(money, None if hours is None else float(hours), as_of, stated_by)


def _capabilities(texts: RowTexts, description: str, language: str | None, currency: str) -> tuple[Capability, ...]:
    """The description, then the sector where it says something else; an industry code speaks only without a description."""
    codes = texts.cpv_codes()
    common = Capability(
        text="",
        language=language,
        delivery=tuple(kind for kind in Delivery if kind.value in texts.text(Column.DELIVERY).lower()),
        smallest=texts.money(Column.SMALLEST, currency),
        largest=texts.money(Column.LARGEST, currency),
    )
    sector = texts.text(Column.SECTOR).replace("_", " ")
    spoken = [text for text in (description, sector if fold(sector) not in fold(description) else "") if text]
    found = [replace(common, text=text, cpvs=() if position else codes) for position, text in enumerate(spoken)]
    industry = industry_of(texts.text(Column.SECTOR_CODE))
    if industry and not description:
        found.append(replace(common, text=industry.label, language="en", cpvs=() if codes else industry.cpvs))
    if codes and not found:
        labels = [label for code in codes if (label := texts.reference.cpv.label(code, language or "en"))]
        found.append(replace(common, text="; ".join(labels) or codes[0].code, cpvs=codes))
    return tuple(found)
