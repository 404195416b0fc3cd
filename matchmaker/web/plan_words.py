"""The words in which a plan's codes are shown."""

from collections.abc import Mapping

from matchmaker.domain.match import Verdict
from matchmaker.domain.messages import Message
from matchmaker.planning.feasibility import Advice
from matchmaker.planning.plan import FlagKind, Lever, Role

ADVICE: Mapping[Advice, Message] = {
    Advice.RESERVE: Message("Yes: reserve it."),
    Advice.DIALOGUE: Message("Perhaps: talk to the market first, then decide to reserve."),
    Advice.SPLIT: Message("Not as it is: divide it first."),
    Advice.CLAUSE: Message("No. Ask for a social part of the work instead."),
    Advice.NOT_NOW: Message("Not now."),
}
"""The answer to “Can this lot be reserved?”, of a purchase as well."""

ADVICE_SHORT: Mapping[Advice, Message] = {
    Advice.RESERVE: Message("Reserve"),
    Advice.DIALOGUE: Message("Reserve after a market dialogue"),
    Advice.SPLIT: Message("Divide first"),
    Advice.CLAUSE: Message("Social clause with a target"),
    Advice.NOT_NOW: Message("Not now"),
}

VERDICTS: Mapping[Verdict, Message] = {
    Verdict.ELIGIBLE: Message("eligible"),
    Verdict.NOT_ELIGIBLE: Message("not eligible"),
    Verdict.UNKNOWN: Message("not known"),
}

ROLES: Mapping[Role, Message] = {
    Role.ALONE: Message("could carry it alone"),
    Role.IN_GROUP: Message("could carry it in a group"),
    Role.TOO_SMALL: Message("too small, even in a group"),
    Role.TURNOVER_UNKNOWN: Message("turnover not known"),
    Role.NOT_COUNTED: Message("not counted"),
}

LEVERS: Mapping[Lever, Message] = {
    Lever.SPLIT_BY_PLACE: Message("Divide by place"),
    Lever.SPLIT_BY_TASK: Message("Divide by task"),
    Lever.SPLIT_EQUALLY: Message("Divide into equal lots"),
    Lever.TURNOVER: Message("Ask for less turnover"),
    Lever.DEADLINE: Message("Give more time to bid"),
    Lever.AREA: Message("Look further away"),
    Lever.CONSORTIA: Message("Admit joint bids"),
    Lever.REGIME: Message("Use another rule"),
}

FLAGS: Mapping[FlagKind, Message] = {
    FlagKind.NOBODY_ELIGIBLE: Message("Reserved, and nobody is known who may bid"),
    FlagKind.PROBABLY_MISTAKEN: Message("Probably marked as reserved by mistake"),
    FlagKind.COULD_BE_RESERVED: Message("Could have been reserved"),
    FlagKind.BREAKS_RULE: Message("What the notice says breaks a rule"),
    FlagKind.LAW_REFUSES: Message("The law at hand knows no such reservation"),
}

FIELDS: Mapping[str, Message] = {
    "lot.main_cpv": Message("the lot's main CPV code"),
    "lot.period": Message("the lot's duration"),
    "statuses": Message("its social status"),
    "statuses.name": Message("a status that this law names"),
    "statuses.valid_until": Message("a status that has not expired"),
    "statuses.main_aim_integration": Message("whether integration is its main aim"),
    "statuses.integration_share": Message("the share of disabled or disadvantaged workers"),
    "statuses.unit_share": Message("the share of such workers in the unit that does the work"),
    "statuses.programme": Message("whether it works within a sheltered programme"),
    "statuses.equivalence": Message("proof that its status is equivalent"),
    "public_service.has_mission": Message("whether it has a public service mission"),
    "public_service.reinvests_profits": Message("what it does with profits"),
    "public_service.participatory": Message("whether employees or users take part in it"),
    "public_service.recent_award": Message("whether it won such services in the past three years"),
}
"""What a profile or a lot would have to state; a field that is not here is shown by its own name."""
