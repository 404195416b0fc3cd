"""The parts of a supplier's record as forms: what each is filled with, and the change that what was typed makes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from matchmaker.domain.access import normal_email
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Capability, Certificate, FreeCapacity, Organisation, SizeFigures, Visibility
from matchmaker.domain.values import CpvCode, Money
from matchmaker.language.formats import number
from matchmaker.reference.bundle import Reference
from matchmaker.web.forms import Form
from matchmaker.web.names import Names
from matchmaker.web.supplier import web_address
from matchmaker.web.supplier_forms import places
from matchmaker.workflows.complete_profile import Change
from matchmaker.workflows.register_supplier import Beginning, replace_answers

MOST_CERTIFICATES = 12
MOST_REFERENCES = 20
MOST_EMPLOYEES = 1_000_000
AUDIENCES: dict[Visibility, Message] = {
    Visibility.PUBLIC: Message("Everyone"),
    Visibility.BUYERS: Message("Buyers who are signed in"),
    Visibility.PRIVATE: Message("Nobody; it only decides whether a lot fits"),
}


def beginning_values(organisation: Organisation) -> dict[str, str]:
    """The first step filled with what is stored."""
    return {
        "name": organisation.name,
        "number": organisation.identifiers[0].value if organisation.identifiers else "",
        "country": organisation.base.country,
        "city": organisation.base.city or "",
        "postcode": organisation.base.postcode or "",
        "website": organisation.website or "",
        "email": organisation.email or "",
    }


def read_beginning(form: Form, names: Names) -> Beginning | None:
    """The first answers; None with ``form.errors`` filled."""
    countries = {code for code, _ in names.countries()}
    country = form.choice("country", countries, Message("Choose a country from the list."))
    if country is None:
        form.refuse("country", Message("Choose the country your organisation is registered in."))
    website = form.text("website", longest=300)
    if website and web_address(website) is None:
        form.refuse("website", Message("This is not the address of a website. Write it like www.example.org."))
    email = form.text("email", longest=254)
    try:
        email = normal_email(email) if email else ""
    except InvalidValue as refusal:
        form.refuse("email", refusal.sentence)
    beginning = Beginning(
        name=form.text("name", Message("Give the name of your organisation."), 200),
        country=country or "",
        city=form.text("city", longest=100),
        postcode=form.text("postcode", longest=20),
        number=form.text("number", longest=60),
        website=website,
        email=email,
        language=names.language,
    )
    return None if form.errors else beginning


def read_organisation(form: Form, names: Names) -> Change | None:
    """The first step changed later."""
    wanted = read_beginning(form, names)
    if wanted is None:
        return None
    reference: Reference = names.reference
    return lambda before: replace_answers(before, wanted, reference)


def read_codes(form: Form, ticked: Mapping[int, Sequence[str]], works: Sequence[Capability], names: Names) -> Change | None:
    """The codes ticked and typed for each piece of work; applied to the work whose words are still the same."""
    chosen: dict[str, tuple[CpvCode, ...]] = {}
    for position in range(len(works)):
        words = form.value(f"work_{position}")
        if not words:
            continue
        codes = [CpvCode.parse(code) for code in ticked.get(position, ()) if code.isdecimal() and len(code) == 8]
        field = f"more_{position}"
        codes += form.cpvs(field)
        for code in codes:
            if not names.reference.cpv.known(code):
                form.refuse(field, Message("The CPV code %(code)s does not exist.", {"code": code.code}))
        key = form.value(f"activity_{position}")
        activity = next((each for each in names.reference.activities if each.key == key), None)
        codes += [CpvCode.parse(prefix) for prefix in activity.cpv_prefixes] if activity else []
        chosen[words] = tuple(dict.fromkeys(codes))
    if form.errors:
        return None

    def change(before: Organisation) -> Organisation:
        works = tuple(replace(work, cpvs=chosen.get(_one_line(work.text), work.cpvs)) for work in before.capabilities)
        return replace(before, capabilities=works)

    return change


def _one_line(text: str) -> str:
    """A hidden field may not keep line breaks as they were."""
    return " ".join(text.split())


def code_fields(works: Sequence[Capability]) -> dict[str, str]:
    """The hidden fields that tell which words the ticks belong to."""
    return {f"work_{position}": _one_line(work.text) for position, work in enumerate(works)}


def size_values(organisation: Organisation, language: str) -> dict[str, str]:
    """The size step filled with what is stored; contract sizes are those of the work that takes the widest."""
    size, free = organisation.size, organisation.free_capacity
    smallest, largest = _widest(organisation.capabilities)
    amounts = [size.turnover, smallest, largest, free.amount if free else None]
    currency = next((money.currency for money in amounts if money), "EUR")
    return {
        "employees": str(size.employees) if size.employees is not None else "",
        "employees_shown": size.visibility.value,
        "turnover": _amount(size.turnover, language),
        "turnover_shown": size.turnover_shown_to.value,
        "smallest": _amount(smallest, language),
        "largest": _amount(largest, language),
        "sizes_shown": organisation.contract_sizes_shown_to.value,
        "free": _amount(free.amount if free else None, language),
        "hours": number(free.hours, language) if free and free.hours else "",
        "free_shown": free.visibility.value if free else Visibility.PUBLIC.value,
        "currency": currency,
    }


def _widest(works: Sequence[Capability]) -> tuple[Money | None, Money | None]:
    smallest = [work.smallest for work in works if work.smallest]
    largest = [work.largest for work in works if work.largest]
    return (
        min(smallest, key=lambda money: money.amount, default=None),
        max(largest, key=lambda money: money.amount, default=None),
    )


def _amount(money: Money | None, language: str) -> str:
    return number(money.amount, language) if money else ""


def read_size(form: Form, names: Names, today: date, stated_by: str) -> Change | None:
    """Headcount, turnover, contract sizes and free capacity, each with who sees it."""
    language = names.language
    currencies = set(names.reference.currencies.convertible())
    currency = form.choice("currency", currencies, Message("Choose a currency from the list.")) or "EUR"

    def money(field: str) -> Money | None:
        amount = form.amount(field, language)
        return Money(amount, currency) if amount is not None else None

    size = SizeFigures(_employees(form), money("turnover"), today, _audience(form, "employees"), _audience(form, "turnover"))
    smallest, largest = money("smallest"), money("largest")
    if smallest and largest and smallest.amount > largest.amount:
        form.refuse("smallest", Message("The smallest contract is larger than the largest."))
    amount, hours = money("free"), form.amount("hours", language, Decimal(10_000_000))
    free = FreeCapacity(amount, float(hours) if hours else None, today, stated_by, _audience(form, "free"))
    shown = _audience(form, "sizes")
    if form.errors:
        return None

    def change(before: Organisation) -> Organisation:
        works = before.capabilities
        # Only a changed answer is written to every work: what differs from work to work came from elsewhere and stays.
        if _widest(works) != (smallest, largest):
            works = tuple(replace(work, smallest=smallest, largest=largest) for work in works)
        kept = replace(before.size, as_of=today) == size
        return replace(
            before,
            size=before.size if kept else size,
            capabilities=works,
            free_capacity=free if amount or hours else None,
            contract_sizes_shown_to=shown,
        )

    return change


def _employees(form: Form) -> int | None:
    typed = form.value("employees").replace(" ", "").replace(".", "").replace(",", "")
    if not typed:
        return None
    if not typed.isdecimal() or int(typed) > MOST_EMPLOYEES:
        form.refuse("employees", Message("Give a whole number of people, 0 if you work alone."))
        return None
    return int(typed)


def _audience(form: Form, figure: str) -> Visibility:
    chosen = form.choice(f"{figure}_shown", {each.value for each in Visibility}, Message("Choose who sees this figure."))
    return Visibility(chosen) if chosen else Visibility.BUYERS


def proof_values(organisation: Organisation) -> dict[str, str]:
    """Certificates and references as stored."""
    values = {"references": "\n".join(organisation.references), "places": str(len(organisation.certificates) + 2)}
    for position, certificate in enumerate(organisation.certificates):
        values[f"certificate_{position}"] = certificate.name
        values[f"until_{position}"] = certificate.valid_until.isoformat() if certificate.valid_until else ""
    return values


def certificate_places(form: Form) -> range:
    """Positions of the certificates on the form."""
    return range(min(MOST_CERTIFICATES, len(places(form))))


def read_proof(form: Form) -> Change | None:
    """Certificates, each with its expiry, and references, one a line."""
    certificates = []
    for position in certificate_places(form):
        name, until = form.text(f"certificate_{position}", longest=120), form.day(f"until_{position}")
        if name:
            certificates.append(Certificate(name, until))
        elif until:
            form.refuse(f"certificate_{position}", Message("Say which certificate this day belongs to."))
    lines = [line.strip() for line in form.text("references", longest=6000).splitlines() if line.strip()]
    if len(lines) > MOST_REFERENCES:
        form.refuse("references", Message("Give no more than %(most)s references.", {"most": MOST_REFERENCES}))
    if form.errors:
        return None
    return lambda before: replace(before, certificates=tuple(certificates), references=tuple(lines))
