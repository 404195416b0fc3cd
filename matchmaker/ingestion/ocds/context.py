"""What the OCDS readers share: the release's language, remarks, the feed it comes from, and its single values."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from babel import Locale, UnknownLocaleError

from matchmaker.domain.messages import Message
from matchmaker.domain.values import Deadline, LocalText, Money
from matchmaker.ingestion import readings
from matchmaker.ingestion.ocds.feeds import Feed
from matchmaker.ingestion.ocds.fields import Json, at, lines, text
from matchmaker.ingestion.readings import Remarks, country_code, in_languages, language_code

_NUTS = re.compile(r"[A-Z]{2}(?:[A-Z]|[0-9A-Z]{0,2}[0-9][0-9A-Z]{0,2})")
_COUNTRY = re.compile(r"[A-Za-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Context:
    """The release being read."""

    language: str
    feed: Feed
    remarks: Remarks = field(default_factory=Remarks)

    def texts(self, found: object, name: str) -> LocalText:
        """The text ``name`` in the release's language, and its translations (``title_fr``)."""
        if not isinstance(found, dict):
            return {}
        pairs = [(self.language, said)] if (said := lines(found.get(name))) else []
        for key, value in found.items():
            if key.startswith(f"{name}_") and (translation := lines(value)):
                language = language_code(key[len(name) + 1 :].split("_")[0].split("-")[0])
                pairs.append((language or self.language, translation))
        return in_languages(pairs)

    def day(self, found: object, *paths: str) -> date | None:
        """The day of the date-time at the first of ``paths`` that has one."""
        return readings.day(text(found, *paths), self.remarks)

    def deadline(self, found: object, path: str) -> Deadline | None:
        """The date-time at ``path`` with its time and offset where stated."""
        stated = text(found, path)
        if stated is None:
            return None
        day, _, time = stated.replace(" ", "T", 1).partition("T")
        return readings.deadline(day, time or None, self.remarks)

    def money(self, found: object, path: str) -> Money | None:
        """The Value object at ``path``; one without amount is not stated."""
        amount = text(found, f"{path}.amount")
        return readings.money(amount, text(found, f"{path}.currency") or self.feed.currency, self.remarks) if amount else None

    def share(self, found: object, path: str) -> float | None:
        """A share of 0 to 1 as a percentage."""
        share = readings.number(text(found, path), self.remarks)
        return readings.percent(str(share * Decimal(100)), self.remarks) if share is not None else None

    def country(self, address: object) -> str | None:
        """ISO 3166-1 alpha-2 of an address: its code (EU profile), else its name, English or in the release's language."""
        code = text(address, "country")
        if code and _COUNTRY.fullmatch(code):
            return country_code(code)
        named = code or text(address, "countryName")
        if not named:
            return None
        return _by_name(named, self.language) or (country_code(named) if _COUNTRY.fullmatch(named) else None)

    def nuts(self, address: Json) -> str | None:
        """The NUTS code of an address; a region in words is remarked."""
        region = text(address, "region")
        if region is None or _NUTS.fullmatch(region.upper()):
            return region.upper() if region else None
        self.remarks.say(Message("The region “%(text)s” is not a NUTS code; left out.", {"text": region[:60]}))
        return None


def language_of(release: Json, feed: Feed) -> str | None:
    """The language of a release, two letters; None when it states none."""
    stated = text(release, "language")
    return language_code(feed.languages.get(stated.lower(), stated).split("-")[0].split("_")[0]) if stated else None


def _by_name(named: str, language: str) -> str | None:
    wanted = named.casefold()
    for locale in (language, "en"):
        try:
            territories = Locale(locale).territories
        except (UnknownLocaleError, ValueError):
            continue
        for code, name in territories.items():
            if name.casefold() == wanted and len(code) == 2:
                return country_code(code)
    return None


def is_stated(found: object, path: str) -> bool:
    """Whether there is anything but emptiness at ``path``."""
    return at(found, path) not in (None, "", [], {})
