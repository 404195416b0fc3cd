"""Small helpers to write eForms XML: namespaces, elements by prefixed name, codes, texts in several languages."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lxml import etree

NAMESPACES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "ext": "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2",
    "efac": "http://data.europa.eu/p27/eforms-ubl-extension-aggregate-components/1",
    "efbc": "http://data.europa.eu/p27/eforms-ubl-extension-basic-components/1",
    "efext": "http://data.europa.eu/p27/eforms-ubl-extensions/1",
}
ROOT_NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:{root}-2"

LANGUAGES: Mapping[str, str] = {
    **{"bg": "BUL", "ca": "CAT", "cs": "CES", "da": "DAN", "de": "DEU", "el": "ELL", "en": "ENG", "es": "SPA"},
    **{"et": "EST", "eu": "EUS", "fi": "FIN", "fr": "FRA", "ga": "GLE", "hr": "HRV", "hu": "HUN", "it": "ITA"},
    **{"lt": "LIT", "lv": "LAV", "mt": "MLT", "nl": "NLD", "no": "NOR", "pl": "POL", "pt": "POR", "ro": "RON"},
    **{"sk": "SLK", "sl": "SLV", "sv": "SWE"},
}
"""Two letters to the code of the EU's language authority table, which eForms uses (BT-702)."""

COUNTRIES: Mapping[str, str] = {
    **{"AT": "AUT", "BE": "BEL", "BG": "BGR", "CZ": "CZE", "DE": "DEU", "DK": "DNK", "EE": "EST", "ES": "ESP"},
    **{"FI": "FIN", "FR": "FRA", "GB": "GBR", "GR": "GRC", "HR": "HRV", "HU": "HUN", "IE": "IRL", "IT": "ITA"},
    **{"LT": "LTU", "LV": "LVA", "NL": "NLD", "NO": "NOR", "PL": "POL", "PT": "PRT", "RO": "ROU", "SE": "SWE"},
    **{"SI": "SVN", "SK": "SVK"},
}
"""ISO 3166-1 alpha-2 to alpha-3, which eForms uses (BT-514, BT-5141)."""

Element = etree._Element
Texts = str | Mapping[str, str]
"""A text in the notice's language, or in several by two-letter code."""


def root_element(name: str) -> Element:
    """An empty document element of one of the three UBL notices."""
    own = ROOT_NAMESPACE.format(root=name)
    spaces = "".join(f' xmlns:{prefix}="{space}"' for prefix, space in NAMESPACES.items())
    return etree.fromstring(f'<{name} xmlns="{own}"{spaces}/>')


def add(parent: Element, path: str, text: object = None, **attributes: str) -> Element:
    """Appends the elements of ``path`` (``cac:Party/cbc:ID``) one inside the other; text and attributes go to the last."""
    for step in path.split("/"):
        prefix, name = step.split(":")
        parent = etree.SubElement(parent, f"{{{NAMESPACES[prefix]}}}{name}")
    if text is not None:
        parent.text = str(text)
    for key, value in attributes.items():
        parent.set(key, value)
    return parent


def add_texts(parent: Element, name: str, texts: Texts | None, language: str) -> None:
    """One element a language, the notice's own language first."""
    by_language = {language: texts} if isinstance(texts, str) else dict(texts or {})
    for code in sorted(by_language, key=lambda code: (code != language, code)):
        add(parent, name, " ".join(by_language[code].split()), languageID=LANGUAGES[code])


def extension_of(parent: Element) -> Element:
    """The eForms extension inside ``parent``."""
    return add(parent, "ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent/efext:EformsExtension")


def day_with_offset(day: date, zone: str) -> str:
    """A date as eForms writes it, with the zone's offset on that day."""
    return day.isoformat() + _offset(datetime.combine(day, time(12), ZoneInfo(zone)))


def time_with_offset(day: date, at: str, zone: str) -> str:
    """``HH:MM`` on ``day`` as eForms writes it."""
    moment = datetime.combine(day, time.fromisoformat(at), ZoneInfo(zone))
    return moment.time().isoformat() + _offset(moment)


def working_day(day: date) -> date:
    """``day``, or the Monday after when it falls on a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def _offset(moment: datetime) -> str:
    return moment.isoformat()[-6:]
