"""When a purchase is planned, as people write it: days, months in words, quarters, half years, years, lengths."""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from babel import Locale

from matchmaker.ingestion.tables.values import number
from matchmaker.reference.folding import fold

LANGUAGES = (
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr"),
    *("hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv"),
)
"""The official languages of the EU."""

_QUARTER = (
    "q qu qtr quarter quartal quartale kw kwartal kwartaal kwart kvartal kvartaal kvartaali trim trimestre trimester tri t"
    " ctvrtleti stvrtrok cetrtletje tromjesecje negyedev тримесечие трим τριμηνο ketvirtis ketv ceturksnis cet neljannes"
    " vuosineljannes kvart kv raithe trimestru kwartał"
)
_HALF = (
    "h half halbjahr semestre semester halfjaar polrocze pololeti halvar puolivuosi felev полугодие εξαμηνο pusmetis pusgads s hj"
)
_QUARTER_WORDS, _HALF_WORDS = ({fold(word) for word in words.split()} for words in (_QUARTER, _HALF))
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEAR_WORDS = (
    "year years yr yrs y an ans annee annees jahr jahre jahren j ano anos anno anni jaar jaren jar rok roku roky lata lat let"
    " let ev eve eves vuosi vuotta v aasta aastat metai metu metams gads gadi gadu leto leta leti god godina godine год години"
    " година ετος ετη ετων χρονια bliain bliana sena snin ar"
)
_MONTH_WORDS = (
    "month months mth mths mois monat monate monaten mon mes meses mese mesi maand maanden mnd miesiac miesiace miesiecy mies m"
    " luna luni mesic mesice mesicu manad manader man maned maneder kuukausi kuukautta kk honap honapos ho месец месеца месеци"
    " μηνας μηνες μηνων mjesec mjeseci mjeseca mesec mesecev meseca mesiac mesiace mesiacov menuo menesiai menesiu men menesis"
    " menesi kuu kuud mi miosa xahar xhur"
)
_WEEK_OR_DAY = {
    "week": 7,
    "weeks": 7,
    "semaine": 7,
    "semaines": 7,
    "woche": 7,
    "wochen": 7,
    "day": 1,
    "days": 1,
    "jours": 1,
    "tage": 1,
}
_YEARS, _MONTHS = ({fold(word) for word in words.split()} for words in (_YEAR_WORDS, _MONTH_WORDS))
_DAYS_A_MONTH = 30.4375


def first_day(text: str, language: str | None = None) -> date | None:
    """The first day of what the text names; None when it names no time. ``language`` settles months that two languages share.

    “Q2 2027” is 1 April, “2027-04” and “avril 2027” too, “2027” 1 January. Days are read day first.
    """
    found = _span(text, language)
    return found[0] if found else None


def last_day(text: str, language: str | None = None) -> date | None:
    """The last day of what the text names."""
    found = _span(text, language)
    return found[1] if found else None


def _span(text: str, language: str | None) -> tuple[date, date] | None:
    written = text.strip()
    return _numbers(written) or _in_words(written, language)


def _numbers(text: str) -> tuple[date, date] | None:
    """Dates of digits alone."""
    for pattern, order in (
        (r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:[T ].*)?\.?", "ymd"),
        (r"(\d{1,2})[-./ ]{1,2}(\d{1,2})[-./ ]{1,2}(\d{4}|\d{2})\.?", "dmy"),
        (r"(\d{4})[-./ ](\d{1,2})", "ym"),
        (r"(\d{1,2})[-./ ](\d{4})", "my"),
        (r"((?:19|20)\d{2})", "y"),
    ):
        if found := re.fullmatch(pattern, text):
            parts = dict(zip(order, map(int, found.groups()), strict=True))
            year = parts["y"] + 2000 if parts["y"] < 100 else parts["y"]
            return _of(year, parts.get("m"), parts.get("d"))
    return None


def _of(year: int, month: int | None = None, day: int | None = None) -> tuple[date, date] | None:
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except ValueError:
        return None


def _in_words(text: str, language: str | None) -> tuple[date, date] | None:
    words = fold(re.sub(r"(?<=\d)(?=[^\W\d])|(?<=[^\W\d])(?=\d)", " ", text)).split()
    years = [word for word in words if re.fullmatch(r"20\d{2}", word)] or [
        word for word in words[-1:] if re.fullmatch(r"[2-4]\d", word)
    ]
    if len(years) != 1:
        return None
    year = int(years[0]) % 2000 + 2000
    others = [word for word in words if word != years[0]]
    if part := _part_of_year(others, year):
        return part
    months = {month for word in others for month in _months_named(word, language)}
    if len(months) == 1:
        days = [int(word) for word in others if word.isdigit() and 1 <= int(word) <= 31]
        return _of(year, months.pop(), days[0] if days else None)
    return None


def _part_of_year(words: list[str], year: int) -> tuple[date, date] | None:
    counts = [int(word) for word in words if re.fullmatch(r"[1-4]", word)] + [_ROMAN[word] for word in words if word in _ROMAN]
    if not counts:
        return None
    length = 3 if _QUARTER_WORDS & set(words) else 6 if _HALF_WORDS & set(words) else 0
    if not length or counts[0] * length > 12:
        return None
    start, end = (counts[0] - 1) * length + 1, counts[0] * length
    return date(year, start, 1), date(year, end, monthrange(year, end)[1])


def _months_named(word: str, language: str | None) -> frozenset[int]:
    own = _month_names(language).get(word) if language in LANGUAGES else None
    if own:
        return frozenset({own})
    found = frozenset(month for each in LANGUAGES if (month := _month_names(each).get(word)))
    return found if len(found) == 1 else frozenset()


@lru_cache(maxsize=len(LANGUAGES))
def _month_names(language: str) -> Mapping[str, int]:
    """The names of months and their abbreviations of three letters and more, as CLDR has them."""
    months = Locale.parse(language).months
    return {
        folded: number
        for form in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in months[form][width].items()
        if len(folded := fold(name)) >= 3 and not folded.isdigit()
    }


def months_long(text: str, header: str = "") -> float | None:
    """A length in months: “24 months”, “2 ans”, “2+1 Jahre”, or a bare number in the unit its header names (else months)."""
    words = fold(re.sub(r"(?<=\d)(?=[^\W\d])", " ", text.replace("+", " plus "))).split()
    counts = [float(found) for each in re.findall(r"\d+(?:[.,]\d+)?", text) if (found := number(each)) is not None]
    if not counts or any(count > 600 for count in counts):
        return None
    unit = _unit(words) or _unit(fold(header).split()) or 1.0
    if "plus" not in words and len(counts) > 1:
        return _mixed(text)
    length = round(sum(counts) * unit, 2)
    return length if 0 < length <= 600 else None


def _unit(words: list[str]) -> float | None:
    for word in words:
        if word in _YEARS:
            return 12.0
        if word in _MONTHS:
            return 1.0
        if word in _WEEK_OR_DAY:
            return _WEEK_OR_DAY[word] / _DAYS_A_MONTH
    return None


def _mixed(text: str) -> float | None:
    """“1 year 6 months”."""
    parts = [
        (float(count.replace(",", ".")), _unit(fold(word).split()))
        for count, word in re.findall(r"(\d+(?:[.,]\d+)?)\s*([^\W\d]+)", text)
    ]
    if not parts or any(unit is None for _, unit in parts):
        return None
    return round(sum(count * (unit or 0.0) for count, unit in parts), 2)
