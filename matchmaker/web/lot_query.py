"""The filters of the list of lots: from an address to a filter, and back to an address that can be shared."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from matchmaker.domain.lot_state import LotState
from matchmaker.domain.messages import Message
from matchmaker.domain.values import NutsCode
from matchmaker.reference.bundle import find_region
from matchmaker.storage.lots_search import LotFilter, Reserved
from matchmaker.web.forms import Form
from matchmaker.web.names import Names

FIELDS = ("q", "country", "region", "activity", "reserved", "state", "until", "from", "to")
RESERVED_CHOICES: Mapping[Reserved, Message] = {
    Reserved.ANY: Message("Reserved in any way"),
    Reserved.SHELTERED: Message("For sheltered workshops and integration of disadvantaged people"),
    Reserved.SHELTERED_PROGRAMME: Message("Within sheltered employment programmes"),
    Reserved.PUBLIC_SERVICE_MISSION: Message("For organisations with a public service mission"),
    Reserved.NONE: Message("Said not to be reserved"),
}
STATES: Mapping[LotState, Message] = {
    LotState.OPEN: Message("Open"),
    LotState.PLANNED: Message("Planned"),
    LotState.CLOSED: Message("Closed"),
}
ONLY_A_CODE = re.compile(r"[0-9]{2,8}(-[0-9])?")


@dataclass(frozen=True)
class LotQuery:
    """What was asked for: the values as they stand in the address, and the filter they make."""

    form: Form
    filter: LotFilter
    page: int

    def address(self, path: str = "/lots", **changes: str | int | None) -> str:
        """The address of this query with some values changed; None or an empty text leaves one out, page 1 too."""
        values = {name: self.form.value(name) for name in FIELDS} | {"page": str(self.page) if self.page > 1 else ""}
        values |= {name: "" if value is None else str(value) for name, value in changes.items()}
        if values["page"] == "1":
            values["page"] = ""
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{path}?{query}" if query else path

    def without(self, name: str) -> str:
        """The address with one filter taken away, from the first page."""
        changes: dict[str, str | int | None] = {name: None, "page": None}
        return self.address("/lots", **changes)

    @property
    def chosen(self) -> list[str]:
        """The filters that are set, apart from words and state."""
        return [name for name in FIELDS if name not in {"q", "state"} and self.form.value(name)]


def read_query(parameters: Mapping[str, str], names: Names) -> LotQuery:
    """The query of an address; what is wrong stands in ``form.errors`` and is left out of the filter."""
    form = Form(parameters)
    words = form.text("q", longest=200)
    prefixes = _activity(form, names)
    if ONLY_A_CODE.fullmatch(words):
        code = words.split("-")[0]
        prefixes, words = ((code[:2] + code[2:].rstrip("0"),), "")
    country = form.choice("country", set(names.reference.countries.codes()), Message("Choose a country from the list."))
    reserved = form.choice("reserved", set(Reserved), Message("Choose a kind of reservation from the list."))
    state = form.choice("state", set(LotState), Message("Choose open, planned or closed."))
    lot_filter = LotFilter(
        words=words,
        cpv_prefixes=prefixes,
        country=country,
        nuts=_region(form, names, country),
        reserved=Reserved(reserved) if reserved else None,
        open_until=form.day("until"),
        value_from=_euro(form, "from", names),
        value_to=_euro(form, "to", names),
        state=LotState(state) if state else None,
    )
    page = form.value("page")
    return LotQuery(form, lot_filter, max(1, min(int(page), 10_000)) if page.isdecimal() and len(page) < 6 else 1)


def _activity(form: Form, names: Names) -> tuple[str, ...]:
    by_key = {activity.key: activity for activity in names.reference.activities}
    key = form.choice("activity", set(by_key), Message("Choose an activity from the list."))
    return by_key[key].cpv_prefixes if key else ()


def _region(form: Form, names: Names, country: str | None) -> NutsCode | None:
    typed = form.text("region", longest=80)
    if not typed:
        return None
    found = find_region(names.reference, typed, country)
    if found is None:
        form.refuse("region", Message("We know no region called “%(region)s”.", {"region": typed[:60]}))
    return found


def _euro(form: Form, name: str, names: Names) -> Decimal | None:
    return form.amount(name, names.language)
