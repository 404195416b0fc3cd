"""Readiness: status, certificates, references and languages that are shown. Never popularity: no win counts, no clicks."""

from dataclasses import dataclass
from datetime import date

from matchmaker.domain.match import Evidence, Need
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation, SocialStatus
from matchmaker.domain.special_category import only_verdict
from matchmaker.reference.official_languages import official_languages
from matchmaker.scoring.criteria.finding import Finding
from matchmaker.scoring.rules import WEIGHTS

NORWEGIAN = frozenset({"no", "nb", "nn"})
"""Notices say Norwegian where profiles say Bokmål or Nynorsk."""


@dataclass(frozen=True, slots=True)
class _Part:
    value: float | None
    sentence: Message
    evidence: tuple[Evidence, ...] = ()


OFFICIAL_THERE = 0.8
"""How sure it is that a supplier works in the official language of the country it is based in, which profiles seldom say."""


def language_share(organisation: Organisation, language: str | None) -> float | None:
    """How sure it is that it works in ``language``: 1 where it lists it or describes itself in it (of an unclaimed record only
    the description counts: other texts may be a register's).

    Else by the country of its base, else 0 where it names other languages; None when nothing tells.
    """
    if language is None:
        return None
    works = organisation.capabilities if organisation.provenance.claimed else ()
    stated = {*organisation.languages, organisation.language, *(work.language for work in works)} - {None}
    if language in stated or (language in NORWEGIAN and stated & NORWEGIAN):
        return 1.0
    if language in official_languages(organisation.base.country):
        return OFFICIAL_THERE
    return 0.0 if stated else None


def _status_value(status: SocialStatus, today: date) -> float:
    if status.valid_until is not None and status.valid_until < today:
        return 0.0
    if status.verified_by:
        return 1.0
    return 0.6 if status.evidence else 0.4


def _status(organisation: Organisation, today: date) -> _Part:
    if not organisation.statuses:
        return _Part(None, Message("It states no social-economy status."))
    best = max(organisation.statuses, key=lambda status: _status_value(status, today))
    value = _status_value(best, today)
    evidence = () if only_verdict(organisation) else (Evidence("supplier.statuses", best.name or best.kind.value),)
    if value == 0 and best.valid_until is not None:
        return _Part(0.0, Message("Its status expired on %(day)s.", {"day": best.valid_until.isoformat()}), evidence)
    if value == 1:
        return _Part(1.0, Message("Its status was verified by %(who)s.", {"who": best.verified_by or ""}), evidence)
    return _Part(value, Message("It states its status; nobody has verified it yet."), evidence)


def _certificates(need: Need, organisation: Organisation, today: date) -> _Part:
    asked = [name.casefold() for name in need.certificates_asked]
    held = [each for each in organisation.certificates if any(_same(wanted, each.name.casefold()) for wanted in asked)]
    valid = {certificate.name for certificate in held if certificate.valid_until is None or certificate.valid_until >= today}
    if not held:
        names = ", ".join(need.certificates_asked)
        return _Part(None, Message("The lot asks for %(names)s; the profile does not list it.", {"names": names}))
    if not valid:
        return _Part(0.0, Message("Its certificate %(name)s has expired.", {"name": held[0].name}))
    evidence = tuple(Evidence("supplier.certificates", name) for name in sorted(valid))
    sentence = Message("It holds what the lot asks for: %(names)s.", {"names": ", ".join(sorted(valid))})
    met = sum(any(_same(wanted, name.casefold()) for name in valid) for wanted in asked)
    return _Part(met / len(asked), sentence, evidence)


def _same(wanted: str, held: str) -> bool:
    """“ISO 14001” is met by “ISO 14001:2015”, and asked for as “ISO 14001 or equivalent”."""
    return wanted in held or held in wanted


def _references(organisation: Organisation) -> _Part:
    if not organisation.references:
        return _Part(None, Message("It lists no references."))
    first = organisation.references[0]
    return _Part(1.0, Message("It names references."), (Evidence("supplier.references", first),))


def _languages(need: Need, share: float | None) -> _Part:
    if share is None or need.language is None:
        return _Part(None, Message("It is not known in which languages it works."))
    evidence = (Evidence("lot.language", need.language),)
    if share == 1:
        return _Part(share, Message("It works in the language of the notice."), evidence)
    if share > 0:
        return _Part(share, Message("The language of the notice is official where it is based."), evidence)
    return _Part(share, Message("It is not known to work in the language of the notice."), evidence)


FULL = {name: curve(1.0) for name, curve in WEIGHTS.items() if name.startswith("readiness.")}
"""What each part adds when all of it is shown."""


def readiness(need: Need, organisation: Organisation, language: float | None, today: date) -> Finding:
    """How much of what a buyer will ask for is shown on ``today``; unknown when nothing is. ``language``: its language share.

    The value is the weight of what is shown over the weight of what could be (certificates count only where the lot asks for
    some), so that showing more never lowers it.
    """
    parts = {
        "readiness.status": _status(organisation, today),
        "readiness.references": _references(organisation),
        "readiness.languages": _languages(need, language),
    }
    if need.certificates_asked:
        parts["readiness.certificates"] = _certificates(need, organisation, today)
    features = {name: part.value for name, part in parts.items()}
    added = {name: WEIGHTS[name](part.value) for name, part in parts.items() if part.value is not None}
    if not added:
        return Finding(None, Message("Nothing is known about its status, references or languages."), (), features)
    evidence = tuple([piece for part in parts.values() for piece in part.evidence])
    value = sum(added.values()) / sum([FULL[name] for name in parts])
    return Finding(value, _telling(parts, added), evidence, features)


def _telling(parts: dict[str, _Part], added: dict[str, float]) -> Message:
    """The sentence that matters most: certificates asked for first, then an expired status, then what adds most."""
    asked = parts.get("readiness.certificates")
    if asked is not None:
        return asked.sentence
    if parts["readiness.status"].value == 0.0:
        return parts["readiness.status"].sentence
    return parts[max(added, key=lambda name: (added[name], FULL[name]))].sentence
