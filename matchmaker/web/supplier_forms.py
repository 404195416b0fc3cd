"""A supplier's two forms: what it can do and where, and what it wants to hear about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from matchmaker.domain.alert import AlertProfile
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Capability, Organisation, ServiceArea
from matchmaker.domain.values import CpvCode, NutsCode
from matchmaker.language.formats import number
from matchmaker.reference.bundle import find_region
from matchmaker.web.forms import Form
from matchmaker.web.names import Names

MOST_CAPABILITIES = 12
LONGEST_TEXT = 2000
MOST_REGIONS = 40
SPARE = 1
"""Empty places for further capabilities on a fresh form."""


def profile_values(organisation: Organisation, names: Names) -> dict[str, str]:
    """The form filled with what is stored."""
    values = {
        "regions": ", ".join(_region_words(organisation.area, names)),
        "radius": number(organisation.area.radius_km, names.language) if organisation.area.radius_km else "",
        "written_in": _own_language(organisation) or names.language,
        "places": str(min(MOST_CAPABILITIES, len(organisation.capabilities) + SPARE)),
    }
    for position, capability in enumerate(organisation.capabilities):
        values[f"text_{position}"] = capability.text
        values[f"cpv_{position}"] = ", ".join(code.code for code in capability.cpvs)
    return values


def places(form: Form) -> range:
    """Positions of the capabilities on the form."""
    typed = form.value("places")
    count = int(typed) if typed.isdecimal() and len(typed) < 4 else SPARE
    return range(max(1, min(MOST_CAPABILITIES, count)))


def read_profile(form: Form, organisation: Organisation, names: Names) -> tuple[tuple[Capability, ...], ServiceArea]:
    """Capabilities and area as typed; ``form.errors`` says what is wrong."""
    capabilities = read_capabilities(form, organisation, names)
    return capabilities, read_area(form, organisation, names)


def read_capabilities(form: Form, organisation: Organisation, names: Names) -> tuple[Capability, ...]:
    """Capabilities as typed; an emptied text takes one away. Where the form asks for no codes, those of the same words stay."""
    tongues = {code for code, _ in languages_offered(names)}
    language = form.choice("written_in", tongues, Message("Choose a language from the list."))
    capabilities = []
    for position in places(form):
        capability = _capability(form, position, organisation, language, names)
        if capability is not None:
            capabilities.append(capability)
    if not capabilities:
        form.refuse("text_0", Message("Say at least one thing your organisation can do."))
    return tuple(capabilities)


def read_area(form: Form, organisation: Organisation, names: Names) -> ServiceArea:
    """Where it works, as typed."""
    regions, countries = read_regions(form, "regions", names, organisation.base.country)
    return ServiceArea(regions, countries, _radius(form, names.language))


def _capability(form: Form, position: int, organisation: Organisation, language: str | None, names: Names) -> Capability | None:
    name = f"cpv_{position}"
    text = form.text(f"text_{position}", longest=LONGEST_TEXT)
    cpvs = form.cpvs(name)
    for code in cpvs:
        if not names.reference.cpv.known(code):
            form.refuse(name, Message("The CPV code %(code)s does not exist.", {"code": code.code}))
    by_key = {activity.key: activity for activity in names.reference.activities}
    key = form.choice(f"activity_{position}", set(by_key), Message("Choose an activity from the list."))
    if not text:
        if cpvs or key:
            form.refuse(f"text_{position}", Message("Say in your own words what this is."))
        return None
    if key is not None:
        cpvs = (*cpvs, *(CpvCode.parse(prefix) for prefix in by_key[key].cpv_prefixes))
    cpvs = tuple(dict.fromkeys(cpvs))
    # What the form does not ask for (contract sizes, kind of delivery) stays with a capability whose words stay.
    kept = next((each for each in organisation.capabilities if each.text == text), Capability(text))
    return replace(kept, language=language or kept.language, cpvs=cpvs if form.has(name) else kept.cpvs)


def _radius(form: Form, language: str) -> float | None:
    amount = form.amount("radius", language, largest=Decimal(3000))
    if "radius" in form.errors and form.value("radius"):
        form.errors["radius"] = Message("Give a distance between 1 and 3000 kilometres, or leave it empty.")
    return float(amount) if amount is not None else None


def read_regions(form: Form, name: str, names: Names, country: str) -> tuple[tuple[NutsCode, ...], tuple[str, ...]]:
    """Regions and whole countries (ISO-2) named in one field, separated by commas; towns are looked for in ``country``."""
    regions: dict[NutsCode, None] = {}
    countries: dict[str, None] = {}
    parts = [part.strip() for part in form.value(name).replace(";", ",").replace("\n", ",").split(",")]
    for part in list(filter(None, parts))[:MOST_REGIONS]:
        found = _region(part, names, country)
        if found is None:
            form.refuse(
                name,
                Message(
                    "We know no region called “%(region)s”. Write a country, a region or its NUTS code, separated by commas.",
                    {"region": part[:60]},
                ),
            )
        elif found.level == 0:
            countries[found.country] = None
        else:
            regions[found] = None
    return tuple(regions), tuple(countries)


def _region(text: str, names: Names, country: str) -> NutsCode | None:
    """A code or a whole name anywhere, else the best guess inside ``country``; a guess abroad would be too bold."""
    nuts = names.reference.nuts
    for code in nuts.find(text):
        if text.upper() == code.code or text.casefold() == names.region(code).casefold():
            return code
    try:
        typed = NutsCode.parse(text)
    except InvalidValue:
        typed = None
    # Tables may stop at NUTS 2; a town of five letters is no code of the country its first two letters name.
    if typed is not None and any(around.level and nuts.known(around) for around in typed.upwards()):
        return nuts.current(typed)
    return find_region(names.reference, text, country)


def _region_words(area: ServiceArea, names: Names) -> Iterable[str]:
    yield from (names.country(code) for code in area.countries)
    # A region's name may contain a comma, or belong to two regions; its code never does.
    for code in area.nuts:
        word = names.region(code)
        again = _region(word, names, code.country) if "," not in word else None
        yield word if again == code else code.code


def _own_language(organisation: Organisation) -> str | None:
    return next((each.language for each in organisation.capabilities if each.language), organisation.language)


def languages_offered(names: Names) -> list[tuple[str, str]]:
    """Languages people write in, by name in the reader's language."""
    return sorted(((code, names.tongue(code)) for code in LANGUAGES), key=lambda pair: pair[1])


LANGUAGES = (
    "bg",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fi",
    "fr",
    "ga",
    "hr",
    "hu",
    "is",
    "it",
    "lt",
    "lv",
    "mk",
    "mt",
    "nb",
    "nl",
    "pl",
    "pt",
    "ro",
    "sk",
    "sl",
    "sq",
    "sr",
    "sv",
    "tr",
    "uk",
)
"""The official languages of the EU, of EEA states and of candidate countries."""


def region_label(code: NutsCode, names: Names) -> str:
    """The region's own name; where the tables at hand stop above it, the name around it with the code."""
    return names.region(code) if names.reference.nuts.region(code) else f"{names.region(code)} ({code})"


def alert_values(profile: AlertProfile | None, names: Names) -> dict[str, str]:
    """The alert form filled with what is stored, or with a sensible beginning."""
    if profile is None:
        return {"minimum": "50"}
    countries = tuple(code.country for code in profile.regions if not code.level)
    area = ServiceArea(nuts=tuple(code for code in profile.regions if code.level), countries=countries)
    return {
        "regions": ", ".join(_region_words(area, names)),
        "minimum": str(round(profile.minimum_score * 100)),
        "only_reserved": "1" if profile.only_reserved else "",
    }


def read_alert(
    form: Form, chosen: Sequence[str], person_id: int, organisation: Organisation, names: Names
) -> AlertProfile | None:
    """The profile as typed, or None with ``form.errors`` filled; ``chosen`` are the keys of ticked activities."""
    regions, countries = read_regions(form, "regions", names, organisation.base.country)
    known: Mapping[str, object] = {activity.key: activity for activity in names.reference.activities}
    typed = form.value("minimum") or "0"
    minimum = int(typed) if typed.isdecimal() and len(typed) <= 3 else -1
    if not 0 <= minimum <= 100:
        form.refuse("minimum", Message("Give a whole number from 0 to 100."))
    if form.errors:
        return None
    return AlertProfile(
        person_id=person_id,
        organisation_key=organisation.key,
        regions=(*(NutsCode.parse(code) for code in countries), *regions),
        activities=tuple(key for key in dict.fromkeys(chosen) if key in known),
        minimum_score=minimum / 100,
        only_reserved=bool(form.value("only_reserved")),
    )
