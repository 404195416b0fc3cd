"""What would raise a match: for the supplier what to show or add, for the buyer what in the need keeps able suppliers away.

Every gain is computed by scoring again with the changed feature values, by the model that made the score.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from matchmaker.domain.match import Criterion, Match, Need, Verdict
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import ReservedParticipation
from matchmaker.scoring.capability import DECLARED, LEARNED
from matchmaker.scoring.criteria.capability import Repeatable
from matchmaker.scoring.matching import logistic, scorer_version, total
from matchmaker.scoring.rules import WEIGHTS

GOOD = 0.5
"""Score from which a match is called good: more likely than not to suit."""
SHOWN = 3
LEAST = 0.005
"""Gains below half a point of a hundred are not worth a sentence."""
NEAR = 3.0
"""Nearness of meaning, in standard deviations above an average supplier, of a profile that says it does what is asked for."""
NEARNESS = LEARNED[:4]
MIDDLE = 0.5
"""Value of a criterion below which it speaks against a match."""


@dataclass(frozen=True, slots=True)
class Raise:
    """One thing a supplier could do. ``gain`` is what it adds to the score, at most, once the others named are done, in
    (0, 1); 0 where it settles a verdict.
    """

    criterion: Criterion
    sentence: Message
    gain: float


@dataclass(frozen=True, slots=True)
class Prospects:
    """What would raise one match, the most first; ``together`` is the score with all of it."""

    raises: tuple[Raise, ...]
    score: float
    together: float

    @property
    def near_miss(self) -> bool:
        """Not yet a good match, and one with what is named."""
        return self.score < GOOD <= self.together


@dataclass(frozen=True, slots=True)
class Block:
    """Something in the need; ``gained`` suppliers would be good matches without it."""

    criterion: Criterion
    sentence: Message
    gained: int


Change = tuple[Criterion, Mapping[str, float], Message]
"""Feature values that a sentence stands for."""


def scored_again(match: Match, changes: Mapping[str, float], model: Repeatable) -> Match:
    """The match as it would be with other feature values; the sentences of its criteria stay as they were."""
    features = {**match.features, **changes}
    contributions = dict(match.contributions) | {name: WEIGHTS[name](value) for name, value in changes.items() if name in WEIGHTS}
    if any(name not in WEIGHTS for name in changes):
        contributions |= model.contributions({name: value for name, value in features.items() if name not in WEIGHTS})
    log_odds = total(match.intercept, contributions)
    return replace(
        match,
        features=MappingProxyType(features),
        contributions=MappingProxyType(contributions),
        log_odds=log_odds,
        score=logistic(log_odds),
    )


@dataclass(frozen=True)
class _Again:
    """Scores of one match with changes; what the learned features add is asked of the model once for each of their values."""

    match: Match
    model: Repeatable
    learned: dict[tuple[tuple[str, float], ...], Match] = field(default_factory=dict)

    def score(self, changes: Iterable[Change]) -> float:
        values = {name: value for _, each, _ in changes for name, value in each.items()}
        key = tuple((name, value) for name, value in sorted(values.items()) if name not in WEIGHTS)
        if key not in self.learned:
            self.learned[key] = scored_again(self.match, dict(key), self.model)
        return scored_again(self.learned[key], {name: values[name] for name in values if name in WEIGHTS}, self.model).score

    def gains(self, changes: Sequence[Change]) -> list[float]:
        """What each adds to the score once all the others are done: alone, one of two lacks would seem to matter nothing."""
        together = self.score(changes)
        return [together - self.score(other for other in changes if other is not each) for each in changes]


def what_would_raise(need: Need, match: Match, model: Repeatable) -> Prospects:
    """The three things a supplier could show or add that would raise this match most; a verdict it could settle comes first.

    Nothing for a match of another version of the scorer, as it cannot be scored again.
    """
    if match.scorer_version != scorer_version(model):
        return Prospects((), match.score, match.score)
    again, verdict = _Again(match, model), _verdict(need, match)
    could = sorted(_supplier_could(need, match), key=lambda change: -again.score([change]))[: SHOWN - len(verdict)]
    telling = [change for change, gain in zip(could, again.gains(could), strict=True) if gain >= LEAST]
    raises = [
        Raise(criterion, sentence, gain) for (criterion, _, sentence), gain in zip(telling, again.gains(telling), strict=True)
    ]
    return Prospects((*verdict, *raises), match.score, again.score(telling))


def _verdict(need: Need, match: Match) -> tuple[Raise, ...]:
    if match.verdict is not Verdict.UNKNOWN or not need.reserved - {ReservedParticipation.NONE}:
        return ()
    return (
        Raise(Criterion.ELIGIBILITY, Message("State your status: nobody can tell whether you may bid for a reserved lot."), 0.0),
    )


def _supplier_could(need: Need, match: Match) -> Iterator[Change]:
    """Each single change a supplier could make, true or not: the sentences say “if”."""
    yield from _work(need, match)
    yield from _place_and_size(need, match)
    yield from _readiness(need, match)


def _lacks(match: Match, feature: str) -> bool:
    """Whether the feature is there and unknown or less than all."""
    return feature in match.features and ((value := match.features[feature]) is None or value < 1)


def _work(need: Need, match: Match) -> Iterator[Change]:
    codes, words = DECLARED, "capability.label_words"
    if match.criterion(Criterion.CAPABILITY).value is None:
        unknown = dict.fromkeys(NEARNESS, NEAR) | {words: 1.0}
        yield Criterion.CAPABILITY, unknown, Message("Say what work you do, in your own words.")
        return
    if need.cpvs and _lacks(match, codes):
        sentence = Message("If you do this work, add its CPV code %(code)s to your profile.", {"code": need.cpvs[0].code})
        yield Criterion.CAPABILITY, {codes: 1.0}, sentence
    if _lacks(match, words):
        yield Criterion.CAPABILITY, {words: 1.0}, Message("If you do this work, name it in your profile as the lot does.")


def _place_and_size(need: Need, match: Match) -> Iterator[Change]:
    place, size = match.features.get("place.reach"), match.features.get("scale.fit")
    if need.nuts and "place.reach" in match.features and (place is None or place < 1):
        sentence = (
            Message("Say where you work. It counts if you work where the lot is.")
            if place is None
            else Message("If you work where the lot is, add that region to those you work in.")
        )
        yield Criterion.PLACE, {"place.reach": 1.0}, sentence
    if need.yearly_value is None or "scale.fit" not in match.features:
        return
    if size is None:
        sentence = Message("Give your turnover, headcount or usual contract sizes. It counts if the contract suits them.")
        yield Criterion.SCALE, {"scale.fit": 1.0}, sentence
    elif size < MIDDLE:
        yield Criterion.SCALE, {"scale.fit": 1.0}, Message("Bid in a group: with partners the contract may suit your size.")


def _readiness(need: Need, match: Match) -> Iterator[Change]:
    status = match.features.get("readiness.status")
    sentences = {
        "readiness.status": Message("State your social-economy status and have it verified.")
        if status is None
        else Message("Renew your status, which has expired.")
        if status == 0
        else Message("Have your status verified."),
        "readiness.certificates": Message(
            "If you hold %(names)s, list it with its expiry.", {"names": ", ".join(need.certificates_asked)}
        ),
        "readiness.references": Message("Name references: buyers or customers you have worked for."),
        "readiness.languages": Message("If you can work in the language of the notice, list it."),
    }
    for feature, sentence in sentences.items():
        if _lacks(match, feature):
            yield Criterion.READINESS, {feature: 1.0}, sentence


def what_blocks(need: Need, matches: Iterable[Match], model: Repeatable) -> tuple[Block, ...]:
    """What in the need keeps suppliers from being good matches, by how many of ``matches`` would be good without it."""
    version = scorer_version(model)
    others = [match for match in matches if match.scorer_version == version and match.score < GOOD]
    found = []
    for criterion, feature, sentence in _buyer_could(need):
        held_back = [match for match in others if _against(need, match, feature)]
        gained = sum(scored_again(match, {feature: 1.0}, model).score >= GOOD for match in held_back)
        if gained:
            found.append(Block(criterion, sentence, gained))
    return tuple(sorted(found, key=lambda block: -block.gained))


def _against(need: Need, match: Match, feature: str) -> bool:
    value = match.features.get(feature)
    if value is None:
        return feature == "scale.fit" and need.yearly_value is None and feature in match.features
    return 0 < value < 1 if feature == "timing.days" else value < MIDDLE


def _buyer_could(need: Need) -> Sequence[tuple[Criterion, str, Message]]:
    size = (
        Message("The value is not stated, so nobody can say whom the contract suits. State it, or a range.")
        if need.yearly_value is None
        else Message("The contract is too large or too small for them. Divide it into lots, or invite groups of bidders.")
    )
    return (
        (Criterion.SCALE, "scale.fit", size),
        (Criterion.PLACE, "place.reach", Message("The place is too far for them. Say so if a part can be done elsewhere.")),
        (Criterion.TIMING, "timing.days", Message("The time until the deadline is short. Give more days, or a prior notice.")),
        (
            Criterion.READINESS,
            "readiness.languages",
            Message("They are not known to work in the language of the notice. Say so if other languages are accepted."),
        ),
    )
