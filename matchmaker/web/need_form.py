"""The form in which a buyer describes one planned purchase, and the need it expresses."""

from decimal import Decimal

from matchmaker.domain.match import Need
from matchmaker.domain.messages import Message
from matchmaker.domain.values import CpvCode, Money, NutsCode, Period
from matchmaker.reference.bundle import Reference, find_region
from matchmaker.web.forms import Form
from matchmaker.web.names import Names

LONGEST_TEXT = 5000
LONGEST_TITLE = 300
SHORTEST_TEXT = 3
UNDETERMINED = "und"
"""BCP 47 tag of a text whose language nobody stated."""


def read_need(form: Form, names: Names) -> Need | None:
    """The need, or None with ``form.errors`` filled."""
    reference = names.reference
    text = form.text("text", Message("Say what you plan to buy."), LONGEST_TEXT)
    if 0 < len(text) < SHORTEST_TEXT:
        form.refuse("text", Message("Say in a few words what you plan to buy."))
    country = form.choice("country", set(reference.countries.codes()), Message("Choose a country from the list."))
    if country is None:
        form.refuse(
            "country", Message("Choose the country of the buyer: its law applies, and suppliers are looked for from there.")
        )
    regions = _regions(form, names, country)
    value = _value(form, names)
    start = form.day("start")
    cpvs = _codes(form, reference)
    if form.errors or country is None:
        return None
    title, description = split_text(text)
    return Need(
        need_id="draft",
        title={UNDETERMINED: title},
        description={UNDETERMINED: description} if description else {},
        cpvs=cpvs,
        nuts=regions,
        country=country,
        yearly_value=value,
        period=Period(start=start),
    )


def split_text(text: str) -> tuple[str, str]:
    """A title and the rest: the first line or, where that is long, its first sentence; a long title is also kept whole below."""
    first, _, rest = text.strip().partition("\n")
    first = first.strip()
    if len(first) > LONGEST_TITLE:
        sentence, stop, more = first.partition(". ")
        if stop and len(sentence) <= LONGEST_TITLE:
            return sentence + ".", f"{more}\n{rest}".strip()
        return first[:LONGEST_TITLE].rsplit(" ", 1)[0], text.strip()
    return first, rest.strip()


def _regions(form: Form, names: Names, country: str | None) -> tuple[NutsCode, ...]:
    place = form.text("place", longest=100)
    if country is None:
        return ()
    if not place:
        return (NutsCode.parse(country),)
    found = find_region(names.reference, place, country)
    if found is None:
        where: dict[str, str | int | float] = {"place": place[:60], "country": names.country(country)}
        form.refuse(
            "place",
            Message(
                "We know no place called “%(place)s” in %(country)s. "
                "Try the name of the region, or leave it empty for the whole country.",
                where,
            ),
        )
        return ()
    return (found,)


def _value(form: Form, names: Names) -> Money | None:
    currencies = set(names.reference.currencies.convertible())
    currency = form.choice("currency", currencies, Message("Choose a currency from the list.")) or "EUR"
    amount: Decimal | None = form.amount("value", names.language)
    return Money(amount, currency) if amount is not None else None


def _codes(form: Form, reference: Reference) -> tuple[CpvCode, ...]:
    """The codes typed, else those the chosen activity stands for."""
    typed = form.cpvs("cpv")
    for code in typed:
        if not reference.cpv.known(code):
            form.refuse("cpv", Message("The CPV code %(code)s does not exist.", {"code": code.code}))
    by_key = {activity.key: activity for activity in reference.activities}
    key = form.choice("activity", set(by_key), Message("Choose an activity from the list."))
    if typed or key is None:
        return typed
    return tuple(dict.fromkeys(CpvCode.parse(prefix) for prefix in by_key[key].cpv_prefixes))
