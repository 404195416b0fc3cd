"""What a profile says for the conditions of the EU row: yes, no or unknown, a sentence, and the field that is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from matchmaker.domain.match import Verdict
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import PublicServiceMission, SocialStatus, StatusKind

MINIMUM_SHARE = 0.30
"""Art. 20(1) of Directive 2014/24/EU: at least 30 % of the employees are disabled or disadvantaged workers."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition. ``missing`` is the field of the profile that would decide, where the verdict is unknown."""

    verdict: Verdict
    sentence: Message
    missing: str = ""


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Every condition must hold: one no is no, else one unknown is unknown."""
    found = set(verdicts)
    for verdict in (Verdict.NOT_ELIGIBLE, Verdict.UNKNOWN):
        if verdict in found:
            return verdict
    return Verdict.ELIGIBLE


def each_once(sentences: Iterable[Message]) -> tuple[Message, ...]:
    """The sentences in their order, without those said before."""
    said: list[Message] = []
    for sentence in sentences:
        if sentence not in said:
            said.append(sentence)
    return tuple(said)


def kind_and_aim(statuses: Iterable[SocialStatus], today: date) -> Finding:
    """Whether it is a sheltered workshop, or integration is its main aim, by the statuses still valid on ``today``."""
    stated = tuple(statuses)
    valid = valid_statuses(stated, today)
    kinds = {status.kind for status in valid}
    aims = {status.main_aim_integration for status in valid}
    if StatusKind.SHELTERED_WORKSHOP in kinds:
        return Finding(Verdict.ELIGIBLE, Message("It is recorded as a sheltered workshop."))
    if StatusKind.WORK_INTEGRATION in kinds:
        return Finding(Verdict.ELIGIBLE, Message("It is recorded as a work-integration enterprise."))
    if True in aims:
        return Finding(Verdict.ELIGIBLE, Message("Its main aim is the integration of disabled or disadvantaged people."))
    if False in aims:
        return Finding(Verdict.NOT_ELIGIBLE, Message("Integrating disabled or disadvantaged people is not its main aim."))
    if not stated:
        return Finding(Verdict.UNKNOWN, Message("Missing in its profile: its social status."), "statuses")
    if not valid:
        sentence = Message("Its social status has expired; the profile does not say whether it was renewed.")
        return Finding(Verdict.UNKNOWN, sentence, "statuses.valid_until")
    sentence = Message("Missing in its profile: whether integrating disabled or disadvantaged people is its main aim.")
    return Finding(Verdict.UNKNOWN, sentence, "statuses.main_aim_integration")


def integration_share(statuses: Iterable[SocialStatus], today: date) -> Finding:
    """The largest share stated in a status still valid, against 30 %."""
    shares = [status.integration_share for status in valid_statuses(statuses, today) if status.integration_share is not None]
    if not shares:
        sentence = Message("Missing in its profile: the share of disabled or disadvantaged workers among its employees.")
        return Finding(Verdict.UNKNOWN, sentence, "statuses.integration_share")
    if max(shares) >= MINIMUM_SHARE:
        return Finding(Verdict.ELIGIBLE, Message("At least 30 % of its employees are disabled or disadvantaged workers."))
    return Finding(Verdict.NOT_ELIGIBLE, Message("Fewer than 30 % of its employees are disabled or disadvantaged workers."))


def sheltered_programme(statuses: Iterable[SocialStatus], today: date) -> Finding:
    """Whether it would perform within a sheltered employment programme: certain for a workshop with the share, else unknown."""
    valid = valid_statuses(statuses, today)
    workshop = any(status.kind is StatusKind.SHELTERED_WORKSHOP for status in valid)
    if workshop and integration_share(valid, today).verdict is Verdict.ELIGIBLE:
        sentence = Message(
            "It is a sheltered workshop, and at least 30 % of its employees are disabled or disadvantaged workers."
        )
        return Finding(Verdict.ELIGIBLE, sentence)
    sentence = Message("Not known: whether it would perform the contract within a sheltered employment programme.")
    return Finding(Verdict.UNKNOWN, sentence, "statuses.programme")


def public_service_conditions(stated: PublicServiceMission) -> tuple[Finding, ...]:
    """The four conditions of Art. 77(2). A recent award is only a no if it was this buyer's, so it is unknown."""
    recent = Verdict.ELIGIBLE if stated.recent_award is False else Verdict.UNKNOWN
    conditions = (
        ("has_mission", _stated(stated.has_mission), _MISSION),
        ("reinvests_profits", _stated(stated.reinvests_profits), _PROFITS),
        ("participatory", _stated(stated.participatory), _PARTICIPATION),
        ("recent_award", recent, _RECENT),
    )
    return tuple(
        Finding(verdict, sentences[verdict], f"public_service.{name}" if verdict is Verdict.UNKNOWN else "")
        for name, verdict, sentences in conditions
    )


_MISSION = {
    Verdict.ELIGIBLE: Message("It states a public service mission linked to the services."),
    Verdict.NOT_ELIGIBLE: Message("It states that it has no public service mission."),
    Verdict.UNKNOWN: Message("Not known: whether it has a public service mission linked to the services."),
}
_PROFITS = {
    Verdict.ELIGIBLE: Message("It states that it reinvests its profits."),
    Verdict.NOT_ELIGIBLE: Message("It states that it does not reinvest its profits."),
    Verdict.UNKNOWN: Message("Not known: whether it reinvests its profits."),
}
_PARTICIPATION = {
    Verdict.ELIGIBLE: Message("It states that employees, users or stakeholders own it or take part in running it."),
    Verdict.NOT_ELIGIBLE: Message(
        "It states that neither employees nor users nor stakeholders own it or take part in running it."
    ),
    Verdict.UNKNOWN: Message("Not known: whether employees, users or stakeholders own it or take part in running it."),
}
_RECENT = {
    Verdict.ELIGIBLE: Message("It states that it won no such contract under this rule in the past three years."),
    Verdict.UNKNOWN: Message(
        "Not known: whether this buyer awarded it such services under the same rule in the past three years."
    ),
}


def _stated(value: bool | None) -> Verdict:
    if value is None:
        return Verdict.UNKNOWN
    return Verdict.ELIGIBLE if value else Verdict.NOT_ELIGIBLE


def valid_statuses(statuses: Iterable[SocialStatus], today: date) -> tuple[SocialStatus, ...]:
    """Those that have not expired on ``today``; one without an end counts."""
    return tuple(status for status in statuses if status.valid_until is None or status.valid_until >= today)
