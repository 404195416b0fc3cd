"""Amounts as buyers write them in a plan: any separators, a currency beside them, thousands and millions in words."""

import re
from dataclasses import dataclass
from decimal import Decimal

from matchmaker.ingestion.tables.values import number
from matchmaker.reference.folding import fold

THOUSAND, MILLION, MILLIARD = Decimal(1_000), Decimal(1_000_000), Decimal(1_000_000_000)

_UNITS: dict[Decimal, str] = {
    THOUSAND: (
        "k t tsd tausend thousand thousands millier milliers duizend tys tysiecy tysiac tis tisic mii migliaia mila tusen tkr"
        " tusind tuhatta tuhat te ezer хил хиляди χιλ χιλιαδες tisuca tisoc tukst tukstancių tuks tukstosi miles keur teur kdkk"
        " tdkk ksek tsek kpln kgbp kchf"
    ),
    MILLION: (
        "m mn mio mill million millions millionen milion milionow milioane milionu milionov milioni millon millones milhao"
        " milhoes miljoen mln miljoner miljoonaa milj milijun milijuna milijon milijonov млн милион милиона εκατ εκατομμυρια"
        " millio meur mnkr mkr"
    ),
    MILLIARD: "bn milliard milliarden mrd mld",
}
_UNIT_OF = {fold(word): unit for unit, words in _UNITS.items() for word in words.split()}
_CODES = frozenset(
    [
        "eur",
        "gbp",
        "pln",
        "czk",
        "huf",
        "ron",
        "bgn",
        "dkk",
        "sek",
        "nok",
        "chf",
        "usd",
        "isk",
        "mdl",
        "rsd",
        "mkd",
        "bam",
        "uah",
        "gel",
    ]
)
_DOUBTFUL = frozenset({"mil"})
"""A thousand in Spanish and Portuguese, a million in Czech and Slovak."""
_CZECH = frozenset({"CZK", "RON"})

_SIGNS = {"€": "EUR", "£": "GBP", "$": "USD"}
_WORDS = {
    **{"euro": "EUR", "euros": "EUR", "ευρω": "EUR", "zl": "PLN", "kc": "CZK", "ft": "HUF", "lei": "RON"},
    **{"лв": "BGN", "лева": "BGN"},
}
_ABOUT = re.compile(
    r"^(?:ca\.?|circa|approx\.?|about|around|env\.?|environ|etwa|rund|aprox\.?|ok\.?|około|cca\.?|~|≈|±|<|>|≤|≥|max\.?|bis)\s*",
    re.I,
)
_SAID_OF_TAX = frozenset(
    [
        "ht",
        "kr",
        "netto",
        "net",
        "exkl",
        "excl",
        "ex",
        "ohne",
        "bez",
        "sin",
        "vat",
        "mwst",
        "ust",
        "iva",
        "btw",
        "moms",
        "dph",
        "tva",
        "alv",
        "hors",
        "taxes",
    ]
)
_DASHES = re.compile(r",?\s*[-–]{1,2}$")
_RANGE = re.compile(r"^(.*?\d.*?)\s*(?:[-–—]|\bto\b|\bbis\b|\bà\b|\bet\b|\btot\b|\bdo\b)\s*(.*?\d.*)$", re.I)
_SPLIT = re.compile(r"^([^\d−-]*)([-−]?\d[\d.,'\s\u00a0\u202f]*)(\D*)$", re.S)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount; ``currency`` where it stands beside it. ``of_range`` tells that it is the upper end of a range."""

    amount: Decimal
    currency: str | None = None
    of_range: bool = False


def amount(text: str, column_unit: Decimal = Decimal(1)) -> Amount | None:
    """The amount in a cell; None when it is none, or when its unit is doubtful (“150 mil”).

    A unit in the cell counts before ``column_unit``. Of a range (“100 000 – 150 000”) the upper end is taken: thresholds are
    decided on what may be paid at most.
    """
    cleaned = _DASHES.sub("", _ABOUT.sub("", text.strip())).replace("’", "'")
    if (ends := _RANGE.match(cleaned)) and not cleaned.startswith(("-", "−")):
        upper = _single(ends[2], column_unit)
        return Amount(upper.amount, upper.currency or _beside(ends[1])[1], of_range=True) if upper else None
    return _single(cleaned, column_unit)


def _single(text: str, column_unit: Decimal) -> Amount | None:
    found = _SPLIT.match(text)
    if found is None or (digits := number(found[2].strip(" .,\u00a0\u202f"))) is None:
        return None
    unit, currency, left = Decimal(1), None, False
    for part in (found[1], found[3]):
        part_unit, part_currency, understood = _words(part, currency)
        left = left or not understood
        unit, currency = (part_unit or unit), (part_currency or currency)
    if left:
        return None
    return Amount(digits * (unit if unit != 1 else column_unit), currency)


def _beside(text: str) -> tuple[Decimal | None, str | None, bool]:
    return _words(re.sub(r"[\d.,'’\s]+", " ", text), None)


def _words(text: str, currency: str | None) -> tuple[Decimal | None, str | None, bool]:
    """The unit and currency in what stands beside the digits, and whether all of it was understood."""
    rest = text.lower()
    for sign, signed in _SIGNS.items():
        if sign in rest:
            currency, rest = signed, rest.replace(sign, " ")
    unit, understood = None, True
    words = fold(rest).split()
    for word in words:
        if code := _currency(word):
            currency = code
        elif word in _UNIT_OF:
            unit, currency = _UNIT_OF[word], _glued(word) or currency
        elif word in _DOUBTFUL and not _CZECH.isdisjoint({currency, *map(_currency, words)}):
            unit = MILLION
        elif word not in _SAID_OF_TAX:
            understood = False
    return unit, currency, understood


def _currency(word: str) -> str | None:
    return _WORDS.get(word) or (word.upper() if word in _CODES else None)


def _glued(word: str) -> str | None:
    """The currency in a unit such as TEUR."""
    return _currency(word[1:]) if len(word) == 4 else None


def unit_of_header(header: str) -> Decimal:
    """What the figures of a column count: 1, or a thousand for “in TEUR”, “k€”, “tys. zł”, “miles de euros”."""
    for word in fold(header.replace("€", " eur ").replace("k eur", "keur")).split():
        if word in _UNIT_OF and len(word) > 1:
            return _UNIT_OF[word]
    squeezed = header.lower().replace(" ", "")
    if any(mark in squeezed for mark in ("k€", "t€", "(k)")):
        return THOUSAND
    return MILLION if any(mark in squeezed for mark in ("m€", "mio€")) else Decimal(1)


def currency_of_header(header: str) -> str | None:
    """The currency a column is in, where its header says so."""
    words = fold(header.replace("€", " eur ").replace("£", " gbp ")).split()
    return next((code for word in words if (code := _currency(word) or _glued(word))), None)
