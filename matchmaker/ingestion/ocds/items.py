"""What is bought and where: items with CPV codes and places of delivery, by lot."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from matchmaker.domain.messages import Message
from matchmaker.domain.values import CpvCode
from matchmaker.ingestion.ocds.context import Context
from matchmaker.ingestion.ocds.fields import Json, each, lines, text, texts
from matchmaker.ingestion.readings import cpvs

MOST_DESCRIBED = 40
"""Items named in the description of a lot that has none of its own; some tenders list a thousand."""


@dataclass(frozen=True, slots=True)
class Places:
    """NUTS codes (BT-5071) and countries (BT-5141) of delivery."""

    nuts: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


def of_lot(items: Iterable[Json], lot_id: str | None, only: bool) -> list[Json]:
    """The items of a lot; the ``only`` lot has them all, and items that name no lot belong to every one."""
    return [item for item in items if only or lot_id in (related := _lots_of(item)) or not related]


def _lots_of(item: Json) -> tuple[str, ...]:
    return (*texts(item, "relatedLot"), *texts(item, "relatedLots"))


def classification(holders: Iterable[Json], items: list[Json], context: Context) -> tuple[CpvCode | None, tuple[CpvCode, ...]]:
    """Main and additional CPV codes: the lot's or tender's own, then those of its items in order.

    Codes of other schemes are not read; each scheme is remarked once.
    """
    found = [entry for holder in (*holders, *items) for entry in _classifications(holder)]
    for entry in found:
        scheme = text(entry, "scheme")
        if scheme != "CPV" and text(entry, "id"):
            context.remarks.say(
                Message("Codes of the scheme “%(scheme)s” are not CPV; left out.", {"scheme": (scheme or "?")[:60]})
            )
    codes = cpvs([text(entry, "id") for entry in found if text(entry, "scheme") == "CPV"], context.remarks)
    return (codes[0] if codes else None), codes[1:]


def _classifications(holder: Json) -> Iterator[Json]:
    yield from each(holder, "classification")
    yield from each(holder, "additionalClassifications")


def places(holders: Iterable[Json], items: list[Json], context: Context) -> Places:
    """Where the lot is delivered: its items' addresses with its own, else the tender's."""
    found = [address for item in items for name in ("deliveryAddresses", "deliveryAddress") for address in each(item, name)]
    for holder in holders:
        found = found or list(each(holder, "deliveryAddresses"))
    regions = (context.nuts(address) for address in found)
    countries = (context.country(address) for address in found)
    return Places(
        tuple(dict.fromkeys(code for code in regions if code)),
        tuple(dict.fromkeys(code for code in countries if code)),
    )


def described(items: list[Json]) -> str | None:
    """What the items are, a line each, for a lot without words of its own."""
    words = (lines(item.get("description")) or text(item, "classification.description") for item in items)
    return "\n".join(list(dict.fromkeys(said for said in words if said))[:MOST_DESCRIBED]) or None
