"""National feeds: one short class each, over the one reader, saying only what differs from the standard."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from matchmaker.domain.notice import Identifier
from matchmaker.ingestion.ocds.fields import Json, each, text

NOTHING: Mapping[str, str] = MappingProxyType({})
METHODS = MappingProxyType({"open": "open", "selective": "restricted", "limited": "neg-wo-call", "direct": "neg-wo-call"})
"""``tender.procurementMethod`` to BT-105."""


class Feed:
    """A publisher that keeps to the standard; national feeds override what they do otherwise."""

    country: str | None = None
    """ISO-2 of parties whose address states no country."""
    currency: str | None = None
    """ISO 4217 of amounts without one."""
    languages: Mapping[str, str] = NOTHING
    """Language codes of its own, to ISO 639."""
    statuses: Mapping[str, str] = NOTHING
    """``tender.status`` in its own words, to the standard's codes."""
    methods: Mapping[str, str] = METHODS
    """``tender.procurementMethod`` in its own words, to the codes of BT-105."""
    schemes: Mapping[str, str] = NOTHING
    """Identifier schemes of its own, to those of org-id.guide."""
    accounts: frozenset[str] = frozenset()
    """Schemes of its own that number accounts of its platform, which persons have too; no register numbers."""

    prefixes: tuple[str, ...] = ("",)
    """What its ocids start with."""

    def knows(self, release: Json) -> bool:
        """Whether ``release`` comes from this feed."""
        return (text(release, "ocid") or "").startswith(self.prefixes)

    def notice_id(self, _release: Json, /) -> str | None:
        """A number the notice is known by elsewhere; None: made from ocid and release id."""
        return None

    def url(self, _notice_id: str, /) -> str | None:
        """Where the publisher shows the notice, for releases that name no such document."""
        return None

    def identifier(self, found: Identifier) -> Identifier | None:
        """A register number with its scheme as org-id.guide spells it; None where it is none."""
        if found.scheme in self.accounts:
            return None
        return Identifier(found.value, self.schemes.get(found.scheme or "", found.scheme))


class Moldova(Feed):
    """The Public Procurement Agency's eTenders (``ocds-ngfbwp``, to 2018) and MTender (``ocds-b3wdp1``) after it."""

    prefixes = ("ocds-ngfbwp-", "ocds-b3wdp1-")
    country = "MD"
    languages = MappingProxyType({"md": "ro", "mo": "ro"})
    statuses = MappingProxyType(
        {
            "primirea ofertelor": "active",
            "evaluarea ofertelor": "active",
            "executarea contractului": "complete",
            "procedura finalizată": "complete",
            "anulată": "cancelled",
        }
    )
    methods = MappingProxyType({**METHODS, "licitaţie publică": "open", "licitație publică": "open"})
    schemes = MappingProxyType({"State Registration Chambers": "MD-IDNO"})
    accounts = frozenset(("eTenders",))


class Doffin(Feed):
    """Norwegian eForms notices converted to OCDS with the converter's placeholders for prefix and register.

    Each conversion makes a new ocid, also for the parts of one planning notice, so the Doffin number and the part name the
    notice; every register number is a Norwegian one, whatever its scheme says.
    """

    prefixes = ("ocds-abcd1234-",)
    country = "NO"
    schemes = MappingProxyType({"GB-COH": "NO-BRC"})

    def knows(self, release: Json) -> bool:
        """By the placeholder prefix and a Norwegian party."""
        return super().knows(release) and any(text(party, "address.country") == "NO" for party in each(release, "parties"))

    def notice_id(self, release: Json, /) -> str | None:
        """``DOFFIN-2023-307227``, as eForms notices of Doffin are called, with the part where it is one."""
        number = text(release, "id") or ""
        part = text(release, "tender.id") or ""
        if not re.fullmatch(r"[0-9]{4}-[0-9]+", number):
            return None
        return f"DOFFIN-{number}-{part}" if re.fullmatch(r"PAR-[0-9]{4}", part) else f"DOFFIN-{number}"

    def url(self, notice_id: str, /) -> str | None:
        """The page of the notice, which shows all its parts."""
        found = re.match(r"DOFFIN-([0-9]{4}-[0-9]+)", notice_id)
        return f"https://doffin.no/notices/{found[1]}" if found else None


FEEDS: tuple[Feed, ...] = (Moldova(), Doffin(), Feed())


def feed_of(release: Json) -> Feed:
    """The feed ``release`` comes from."""
    return next(feed for feed in FEEDS if feed.knows(release))
