"""What the figures of a plan rest on: awards behind the chance of bids, what is known of the suppliers, and the law's texts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from matchmaker.domain.messages import Message, Parameter, in_euro
from matchmaker.planning.bids import FEW_RESERVED, BidModel
from matchmaker.planning.plan import Assumptions
from matchmaker.planning.planner_inputs import EURO_PER_PERSON, PlanInputs, Supplier
from matchmaker.planning.planner_regimes import Judged

PROFILES_OF = Message("Their profiles were stated or imported on %(seen_date)s.")
PROFILES_BETWEEN = Message("Their profiles were stated or imported between %(oldest_date)s and %(newest_date)s.")
IN_BANDS = Message(
    "Sizes that suppliers do not show to you count as one of few bands: every turnover from 100,000 to 400,000 as 200,000, and so"
    " on. Suppliers of which this is so: %(count)s."
)
TEXTS_OF = Message("Its texts were seen in the version of %(seen_date)s.")
TEXTS_BETWEEN = Message("Its texts were seen in versions of %(oldest_date)s to %(newest_date)s.")


def basis_of(inputs: PlanInputs, judged: Sequence[Judged]) -> tuple[Message, ...]:
    """The sources of the plan, the weakest of them named as such."""
    return (
        *_of_suppliers(inputs),
        _of_assumptions(inputs.assumptions),
        *_of_bids(inputs.model, inputs.assumptions.wanted),
        *_of_law(inputs, judged),
        Message("Amounts in other currencies are turned into euro by a yearly average: good for sizes, not for thresholds."),
    )


def _of_suppliers(inputs: PlanInputs) -> list[Message]:
    assumed: dict[str, Parameter] = {
        "looked_at": inputs.looked_at,
        "able": len(inputs.suppliers),
        "percent": round(inputs.assumptions.capable_from * 100),
    }
    found = [
        Message(
            "Compared with the lot in detail: the %(looked_at)s suppliers nearest to it in meaning, place and codes; %(able)s of"
            " them are in reach and do this work with a chance of at least %(percent)s %%.",
            assumed,
        )
    ]
    if inputs.suppliers:
        found.append(_of_sizes(inputs.suppliers))
        if inputs.banded:
            found.append(replace(IN_BANDS, parameters={"count": inputs.banded}))
        dates = [
            day for each in inputs.suppliers if (day := each.organisation.size.as_of or each.organisation.provenance.imported_on)
        ]
        if dates:
            found.append(_between(dates, PROFILES_OF, PROFILES_BETWEEN))
    return found


def _of_sizes(suppliers: Sequence[Supplier]) -> Message:
    known = sum(each.capacity.turnover is not None and not each.estimated for each in suppliers)
    estimated = sum(each.estimated for each in suppliers)
    counts: dict[str, Parameter] = {
        "known": known,
        "estimated": estimated,
        "unknown": len(suppliers) - known - estimated,
        "person_money": in_euro(EURO_PER_PERSON),
    }
    return Message(
        "Turnover stated by %(known)s of them, reckoned from the headcount for %(estimated)s (%(person_money)s a person),"
        " not known of %(unknown)s.",
        counts,
    )


def _of_assumptions(assumed: Assumptions) -> Message:
    figures: dict[str, Parameter] = {
        "dependency": round(float(assumed.dependency) * 100),
        "members": assumed.members,
        "low": round(assumed.bid_low * 100),
        "likely": round(assumed.bid_likely * 100),
        "high": round(assumed.bid_high * 100),
        "unknown_money": in_euro(assumed.unknown_up_to),
    }
    return Message(
        "Assumed, and yours to move: a contract is at most %(dependency)s %% of a supplier's turnover, a group has at most"
        " %(members)s members, and %(likely)s %% (%(low)s to %(high)s %%) of those able bid. Of suppliers of"
        " unknown size no more than %(unknown_money)s a year is thought possible.",
        figures,
    )


def _of_bids(model: BidModel, wanted: int) -> list[Message]:
    counts: dict[str, Parameter] = {"awards": model.awards, "reserved": model.reserved_awards}
    found = [
        Message(
            "How far bids scatter was learned from %(awards)s published awards, %(reserved)s of them of reserved lots.", counts
        )
    ]
    nearest = min(model.calibration, key=lambda each: abs(each.wanted - wanted), default=None)
    if nearest is not None:
        figures: dict[str, Parameter] = {
            "wanted": nearest.wanted,
            "predicted": round(nearest.predicted * 100),
            "observed": round(nearest.observed * 100),
            "count": nearest.count,
        }
        found.append(
            Message(
                "On %(count)s other awards at least %(wanted)s bids were predicted for %(predicted)s %% and came for"
                " %(observed)s %%.",
                figures,
            )
        )
    if model.reserved_awards < FEW_RESERVED:
        reserved = next((each.count for each in model.calibration_reserved), 0)
        few: dict[str, Parameter] = {"count": model.reserved_awards + reserved, "least": FEW_RESERVED}
        found.append(
            Message(
                "Awards of reserved lots that state their bids: %(count)s, fewer than %(least)s. Nothing is claimed of them"
                " apart, and the interval is widened.",
                few,
            )
        )
    return found


def _of_law(inputs: PlanInputs, judged: Sequence[Judged]) -> list[Message]:
    if not judged:
        return []
    laws = ", ".join(dict.fromkeys(each.regime.legal_reference for each in judged))
    found = [
        Message("Law applied as in force on %(seen_date)s: %(laws)s.", {"seen_date": inputs.today.isoformat(), "laws": laws})
    ]
    texts = [clause.text_version for each in judged for clause in each.regime.clauses if clause.text_version]
    if texts:
        found.append(_between(texts, TEXTS_OF, TEXTS_BETWEEN))
    if any(each.regime.exclusion_years for each in judged):
        told = sum(value is not None for answers in inputs.won.values() for value in answers.values())
        found.append(
            Message(
                "The award history at hand tells of %(count)s suppliers whether this buyer awarded them such services.",
                {"count": told},
            )
        )
    return found


def _between(days: Sequence[date], on_one: Message, on_several: Message) -> Message:
    """The one day, or the first and the last."""
    oldest, newest = min(days).isoformat(), max(days).isoformat()
    if oldest == newest:
        return replace(on_one, parameters={"seen_date": oldest})
    return replace(on_several, parameters={"oldest_date": oldest, "newest_date": newest})
