"""One need against suppliers: six criteria each, contributions that sum to the log-odds, and an order that never wavers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from heapq import heappush, heappushpop
from math import exp, fsum, inf, log
from types import MappingProxyType

from matchmaker.domain.errors import NotFound
from matchmaker.domain.match import Criterion, CriterionResult, Match, Need, Verdict, rank
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation
from matchmaker.domain.values import Money
from matchmaker.reference.bundle import Reference
from matchmaker.scoring.criteria.capability import Assessed, Matrix, Model, Repeatable, SupplierText, capability, supplier_text
from matchmaker.scoring.criteria.eligibility import eligible
from matchmaker.scoring.criteria.finding import Finding
from matchmaker.scoring.criteria.place import LotPlace, lot_place, place
from matchmaker.scoring.criteria.reach import Remembered
from matchmaker.scoring.criteria.readiness import language_share, readiness
from matchmaker.scoring.criteria.scale import Size, ToEuro, scale, size_of
from matchmaker.scoring.criteria.timing import timing
from matchmaker.scoring.rules import RULES_VERSION, WEIGHTS


@dataclass(frozen=True)
class _Setting:
    """What is the same for every supplier of one need."""

    need: Need
    today: date
    reference: Reference
    regions: Remembered
    place: LotPlace
    size: Size | None
    to_euro: ToEuro
    intercept: float
    version: str
    timings: dict[bool, Finding] = field(default_factory=dict)
    """By whether the supplier works in the notice's language."""
    verdicts: dict[tuple[object, ...], tuple[Verdict, Finding]] = field(default_factory=dict)
    """By what eligibility reads: many imported suppliers state the same."""
    ready: dict[tuple[object, ...], Finding] = field(default_factory=dict)
    """By what readiness reads, likewise."""

    def timing(self, same_language: bool) -> Finding:
        """The timing of the need."""
        if same_language not in self.timings:
            self.timings[same_language] = timing(self.need, same_language, self.size.euro if self.size else None, self.today)
        return self.timings[same_language]

    def eligible(self, organisation: Organisation) -> tuple[Verdict, Finding]:
        """The verdict and its finding."""
        stated = (organisation.statuses, organisation.public_service)
        if stated not in self.verdicts:
            self.verdicts[stated] = eligible(self.need, organisation, self.today, self.reference.art77_codes)
        return self.verdicts[stated]

    def readiness(self, organisation: Organisation, language: float | None) -> Finding:
        """The readiness of a supplier that works so surely in the notice's language."""
        certificates = organisation.certificates if self.need.certificates_asked else ()
        shown = (organisation.statuses, organisation.references, certificates, language)
        if shown not in self.ready:
            self.ready[shown] = readiness(self.need, organisation, language, self.today)
        return self.ready[shown]


def scorer_version(model: Model) -> str:
    """Names everything a score depends on: the capability model and the published rules."""
    return f"{model.version}+{RULES_VERSION}"


def match(
    need: Need,
    organisations: Sequence[Organisation],
    vectors: Mapping[str, Matrix],
    model: Model,
    reference: Reference,
    today: date,
    top: int | None = None,
    least: float = 0.0,
) -> list[Match]:
    """Scores every organisation and returns the ``top`` best, ranked; the order follows from the scores and the keys alone.

    ``vectors`` holds each supplier's capability vectors by key; a supplier without is compared by words and codes. Those that
    cannot reach the score ``least`` may be left out.
    """
    to_euro, regions = _to_euro(reference, today), Remembered(reference.nuts)
    setting = _Setting(
        need=need,
        today=today,
        reference=reference,
        regions=regions,
        place=lot_place(need, regions),
        size=size_of(need, to_euro),
        to_euro=to_euro,
        intercept=model.intercept,
        version=scorer_version(model),
    )
    texts = [supplier_text(organisation, vectors.get(organisation.key)) for organisation in organisations]
    assessed = model.assess(need, texts)
    judged = _best(setting, zip(organisations, texts, assessed, strict=True), len(texts) if top is None else top, least)
    return [_match(setting, each) for each in judged]


def _to_euro(reference: Reference, on: date) -> ToEuro:
    def amount(money: Money) -> Decimal | None:
        euro = reference.currencies.to_euro(money, on)
        return euro.amount if euro else None

    return amount


@dataclass(frozen=True, slots=True)
class _Judged:
    """One supplier's findings and what they add up to, before anybody wants to see them as a match."""

    key: str
    log_odds: float
    verdict: Verdict
    text: SupplierText
    assessed: Assessed
    findings: Mapping[Criterion, Finding]
    """All but capability, which is put into words for those shown alone."""
    contributions: Mapping[str, float]


MOST_ADDED = fsum(curve(1.0) for curve in WEIGHTS.values())
"""Log-odds that the published weights add at most."""

ROUNDING = 1e-6
"""More than sums of log-odds can differ by the order in which they are added."""


def _best(
    setting: _Setting, suppliers: Iterable[tuple[Organisation, SupplierText, Assessed]], top: int, least: float
) -> list[_Judged]:
    """The ``top`` best, ranked. Those of less capability are judged only as long as all else at its best could lift them in."""
    by_capability = sorted(((fsum(each[2].contributions.values()), each) for each in suppliers), key=lambda pair: -pair[0])
    judged, bar, floor = list[_Judged](), list[float](), log_odds_of(least)
    for learned, (organisation, text, assessed) in by_capability:
        if not top or setting.intercept + learned + MOST_ADDED + ROUNDING < (bar[0] if len(bar) == top else floor):
            break
        judged.append(_judged(setting, organisation, text, assessed))
        heappush(bar, judged[-1].log_odds) if len(bar) < top else heappushpop(bar, judged[-1].log_odds)
    judged.sort(key=lambda each: (-each.log_odds, each.key))
    return judged[:top]


def _judged(setting: _Setting, organisation: Organisation, text: SupplierText, assessed: Assessed) -> _Judged:
    verdict, eligibility = setting.eligible(organisation)
    language = language_share(organisation, setting.need.language)
    findings = {
        Criterion.PLACE: place(setting.place, organisation, setting.regions),
        Criterion.SCALE: scale(setting.size, organisation, setting.to_euro, setting.today),
        Criterion.ELIGIBILITY: eligibility,
        Criterion.READINESS: setting.readiness(organisation, language),
        Criterion.TIMING: setting.timing(language != 0),
    }
    contributions = dict(assessed.contributions)
    for finding in findings.values():
        for name, value in finding.features.items():
            if name in WEIGHTS:
                contributions[name] = WEIGHTS[name](value)
    log_odds = total(setting.intercept, contributions)
    return _Judged(organisation.key, log_odds, verdict, text, assessed, findings, contributions)


def _match(setting: _Setting, judged: _Judged) -> Match:
    findings = {Criterion.CAPABILITY: capability(judged.text, judged.assessed), **judged.findings}
    features = {name: value for finding in findings.values() for name, value in finding.features.items()}
    return Match(
        need_id=setting.need.need_id,
        supplier_key=judged.key,
        score=logistic(judged.log_odds),
        log_odds=judged.log_odds,
        intercept=setting.intercept,
        criteria=tuple(_result(criterion, finding, judged.contributions) for criterion, finding in findings.items()),
        features=MappingProxyType(features),
        contributions=MappingProxyType(judged.contributions),
        scorer_version=setting.version,
        verdict=judged.verdict,
    )


def _result(criterion: Criterion, finding: Finding, contributions: Mapping[str, float]) -> CriterionResult:
    added = sum([contributions[name] for name in finding.features])
    return CriterionResult(criterion, finding.value, finding.sentence, added, finding.evidence)


def total(intercept: float, contributions: Mapping[str, float]) -> float:
    """The log-odds: intercept plus contributions, exactly rounded, so that their order does not matter."""
    return fsum((intercept, *contributions.values()))


def logistic(log_odds: float) -> float:
    """The score in (0, 1) of log-odds."""
    if log_odds >= 0:
        return 1.0 / (1.0 + exp(-log_odds))
    odds = exp(log_odds)
    return odds / (1.0 + odds)


def log_odds_of(score: float) -> float:
    """The log-odds of a score in [0, 1]."""
    return log(score / (1 - score)) if 0 < score < 1 else inf if score else -inf


def replay(matches: Iterable[Match], model: Repeatable) -> list[Match]:
    """The ranking computed again from stored feature values alone: no supplier, no text, no database.

    Raises:
        NotFound: a match was scored by another version; its contributions are kept, but only that version can repeat them.
    """
    return rank(_replayed(stored, model) for stored in matches)


def _replayed(stored: Match, model: Repeatable) -> Match:
    if stored.scorer_version != scorer_version(model):
        raise NotFound(
            Message("This was scored by %(version)s, which is not loaded.", {"version": stored.scorer_version}),
            Message("Install the release that has it; the stored scores and reasons stay readable without it."),
        )
    learned = {name: value for name, value in stored.features.items() if name not in WEIGHTS}
    contributions = dict(model.contributions(learned)) | {
        name: WEIGHTS[name](value) for name, value in stored.features.items() if name in WEIGHTS
    }
    log_odds = total(model.intercept, contributions)
    return replace(
        stored,
        score=logistic(log_odds),
        log_odds=log_odds,
        intercept=model.intercept,
        contributions=MappingProxyType(contributions),
    )
