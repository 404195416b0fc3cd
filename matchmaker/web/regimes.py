"""The reservation law at hand: every regime in force, with its source, its date and what is still to be verified."""

from dataclasses import dataclass
from datetime import date

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from matchmaker.domain.errors import NotFound
from matchmaker.domain.messages import Message
from matchmaker.domain.values import iso_country
from matchmaker.language.translate import translate
from matchmaker.planning.notice_warnings import CAUTIONS
from matchmaker.reference.clauses import ClauseKind, ClauseState
from matchmaker.reference.folding import fold
from matchmaker.reference.law import Regime
from matchmaker.reference.notice_sentences import Wording, notice_sentences
from matchmaker.reference.official_languages import official_languages
from matchmaker.reference.provisions import provisions
from matchmaker.web.forms import Form
from matchmaker.web.guards import everyone
from matchmaker.web.i18n import language_of
from matchmaker.web.names import Names
from matchmaker.web.pages import page
from matchmaker.web.services import Services, WebRequest

FAMILIES: dict[str, Message] = {
    "integration": Message("Reserved for integration enterprises and sheltered work"),
    "public-service-mission": Message("Reserved for organisations with a public service mission"),
    "clause/quota/preference": Message("Duty, target or preference; not a reservation"),
    "other": Message("Other rule; not a social reservation"),
}

CLAUSES: dict[ClauseKind, Message] = {
    ClauseKind.ELIGIBLE: Message("Who may bid"),
    ClauseKind.SHARE: Message("Share of workers"),
    ClauseKind.DISADVANTAGE: Message("Which workers count"),
    ClauseKind.SCOPE: Message("What may be reserved"),
    ClauseKind.CONDITIONS: Message("Four conditions on the organisation"),
    ClauseKind.THRESHOLD: Message("From which value"),
    ClauseKind.DURATION: Message("Longest duration"),
    ClauseKind.LOOK_BACK: Message("Earlier awards by the same buyer"),
    ClauseKind.JOINT_BIDS: Message("Joint bids"),
    ClauseKind.RELIANCE: Message("Relying on others"),
    ClauseKind.SUBCONTRACTING: Message("Subcontracting"),
    ClauseKind.QUOTA: Message("Quota or duty"),
    ClauseKind.NOTICE: Message("What the notice must say"),
}

STATES: dict[ClauseState, Message] = {
    ClauseState.VERIFIED: Message("verified"),
    ClauseState.STALE: Message("review due"),
    ClauseState.MISSING: Message("to be verified"),
}

JURISDICTIONS: dict[str, Message] = {"EU": Message("European Union"), "UK-SCT": Message("Scotland")}
"""Jurisdictions that are no countries."""


@dataclass(frozen=True)
class RegimeRow:
    """A regime as it is shown on one day."""

    regime: Regime
    day: date

    @property
    def verified(self) -> int:
        """How many of its clauses are verified."""
        return self.regime.states(self.day)[ClauseState.VERIFIED]

    @property
    def whole(self) -> bool:
        """Whether every one of its clauses is verified."""
        return bool(self.regime.clauses) and self.verified == len(self.regime.clauses)

    @property
    def summary(self) -> Message:
        """What its clauses rest on, in words."""
        total, stale = len(self.regime.clauses), self.regime.states(self.day)[ClauseState.STALE]
        if self.whole:
            return Message("all verified")
        if self.verified:
            return Message("%(verified)s of %(total)s parts verified", {"verified": self.verified, "total": total})
        return Message("review due") if stale else Message("to be verified")

    @property
    def review_by(self) -> date | None:
        """The first day a review of a clause that was seen is due; None where none is dated."""
        return min((clause.review_by for clause in self.regime.clauses if clause.text_version and clause.review_by), default=None)

    @property
    def cautions(self) -> tuple[Message, ...]:
        """What a buyer has to mind in the notice and the documents."""
        return tuple(CAUTIONS[code] for code in self.regime.cautions if code in CAUTIONS)

    @property
    def wordings(self) -> tuple[Wording, ...]:
        """The sentence that reserves a lot, in the official languages of the jurisdiction, English last; none for other rules."""
        known = notice_sentences()
        official = sorted(official_languages(iso_country(self.regime.country[:2])) - {"en"})
        found = (known.reservation(self.regime, language) for language in (*official, "en"))
        return tuple(wording for wording in found if wording)

    @property
    def share(self) -> Message | None:
        """The share of workers asked, in words; None where none is asked."""
        share = self.regime.minimum_share
        if self.regime.status_decides:
            return Message("The legal status decides.")
        if share is None:
            return None
        percent = {"percent": round(share * 100)}
        if self.regime.share_operator == ">":
            return Message("More than %(percent)s %%", percent)
        return Message("At least %(percent)s %%", percent)

    @property
    def source(self) -> str:
        """Where its clauses were read, the first one's; empty where all is general knowledge."""
        return next((clause.source for clause in self.regime.clauses if clause.source), "")

    @property
    def text_version(self) -> date | None:
        """The date of the oldest text that its clauses were read in; None where none is dated."""
        return min((clause.text_version for clause in self.regime.clauses if clause.text_version), default=None)


def jurisdiction(code: str, names: Names) -> str:
    """The name of a jurisdiction of the table: a country, the Union, or a part of a country with its own law."""
    if code in JURISDICTIONS:
        return translate(JURISDICTIONS[code], names.language)
    return names.country(iso_country(code))


@get("/regimes", guards=[everyone], include_in_schema=False)
async def regimes_page(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """Every regime in force today, by jurisdiction; the Union's first."""
    names = Names(services.tools.reference, language_of(request))
    regimes = services.tools.reference.regimes.on(services.today)
    codes = dict.fromkeys(regime.country for regime in regimes)
    form = Form(dict(request.query_params))
    country = form.choice("country", set(codes), Message("Choose a country from the list."))
    named = sorted(((code, jurisdiction(code, names)) for code in codes), key=lambda pair: (pair[0] != "EU", fold(pair[1])))
    groups = [
        (name, [RegimeRow(regime, services.today) for regime in regimes if regime.country == code])
        for code, name in named
        if country in (None, code)
    ]
    return page(
        request,
        "regimes.html",
        status=422 if form.errors else 200,
        form=form,
        countries=named,
        groups=groups,
        count=sum(len(rows) for _, rows in groups),
        parts=sum(len(row.regime.clauses) for _, rows in groups for row in rows),
        verified=sum(row.verified for _, rows in groups for row in rows),
        provisions=provisions() if country in (None, "EU") else (),
        states=STATES,
        families=FAMILIES,
    )


@get("/regimes/{regime_id:str}", guards=[everyone], include_in_schema=False)
async def regime_page(request: WebRequest, services: NamedDependency[Services], regime_id: FromPath[str]) -> Template:
    """One regime: its rules, and what each of its clauses rests on."""
    regime = next((row for row in services.tools.reference.regimes.on(services.today) if row.regime_id == regime_id), None)
    if regime is None:
        raise NotFound(
            Message("No regime “%(regime)s” is in force.", {"regime": regime_id}),
            Message("Look for it in the list of reservation law at /regimes."),
        )
    names = Names(services.tools.reference, language_of(request))
    return page(
        request,
        "regime.html",
        row=RegimeRow(regime, services.today),
        jurisdiction=jurisdiction(regime.country, names),
        names=names,
        families=FAMILIES,
        clauses=CLAUSES,
        states=STATES,
    )
