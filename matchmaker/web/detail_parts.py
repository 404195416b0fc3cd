"""The steps of a supplier's record in order: address, words, what fills the form, and the change its answers make."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from litestar.datastructures import FormMultiDict

from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation
from matchmaker.domain.special_category import FEWEST_STAFF, is_small
from matchmaker.scoring.cpv_prediction import default_suggester
from matchmaker.web.forms import Form
from matchmaker.web.names import Names
from matchmaker.web.profile_parts import (
    AUDIENCES,
    beginning_values,
    certificate_places,
    code_fields,
    proof_values,
    read_codes,
    read_organisation,
    read_proof,
    read_size,
    size_values,
)
from matchmaker.web.small_map import draw_area
from matchmaker.web.status_form import CONDITIONS, local_names, read_status, status_places, status_values
from matchmaker.web.supplier_desk import PART_LABELS
from matchmaker.web.supplier_forms import (
    MOST_CAPABILITIES,
    languages_offered,
    places,
    profile_values,
    read_area,
    read_capabilities,
    region_label,
)
from matchmaker.workflows.complete_profile import Change
from matchmaker.workflows.suggest_codes import suggest_codes


@dataclass(frozen=True)
class Asked:
    """One organisation's record as it is, the reader's words, and the day; ``member`` is the address of who answers."""

    organisation: Organisation
    names: Names
    today: date
    member: str


Context = dict[str, Any]


@dataclass(frozen=True)
class DetailPart:
    """One step. ``read`` gives None where the form is wrong; ``context`` is what its template shows besides the form."""

    slug: str
    label: Message
    title: Message
    lead: Message
    values: Callable[[Asked], Mapping[str, str]]
    read: Callable[[Form, FormMultiDict, Asked], Change | None]
    context: Callable[[Form, Asked], Context]


def _nothing(_form: Form, _asked: Asked) -> Context:
    return {}


def _read_work(form: Form, _typed: FormMultiDict, asked: Asked) -> Change | None:
    works = read_capabilities(form, asked.organisation, asked.names)
    return None if form.errors else lambda before: replace(before, capabilities=works)


def _work_context(form: Form, asked: Asked) -> Context:
    shown = places(form)
    return {
        "places": shown,
        "room_for_more": len(shown) < MOST_CAPABILITIES,
        "languages": languages_offered(asked.names),
    }


def _read_codes(form: Form, typed: FormMultiDict, asked: Asked) -> Change | None:
    ticked = {place: [str(code) for code in typed.getall(f"code_{place}", [])] for place in range(MOST_CAPABILITIES)}
    return read_codes(form, ticked, asked.organisation.capabilities, asked.names)


def _codes_context(_form: Form, asked: Asked) -> Context:
    works = asked.organisation.capabilities
    offered = suggest_codes(works, default_suggester(), asked.names.reference)
    return {"works": list(zip(works, offered, strict=True)), "activity_groups": asked.names.activity_groups()}


def _read_places(form: Form, _typed: FormMultiDict, asked: Asked) -> Change | None:
    area = read_area(form, asked.organisation, asked.names)
    if not form.errors and not area.known:
        form.refuse("regions", Message("Name at least one place or give a distance: without it nobody knows where you work."))
    if not form.errors and area.radius_km and asked.organisation.base.latitude is None and not (area.nuts or area.countries):
        form.refuse(
            "radius", Message("We do not know where your address is. Give its postcode in the first step, or name places.")
        )
    return None if form.errors else lambda before: replace(before, area=area)


def _places_context(_form: Form, asked: Asked) -> Context:
    base, area = asked.organisation.base, asked.organisation.area
    return {
        "map": draw_area(asked.names.reference.nuts, base, area) if area.known else None,
        "region": lambda code: region_label(code, asked.names),
    }


def _size_context(_form: Form, asked: Asked) -> Context:
    return {
        "audiences": AUDIENCES,
        "currencies": [(code, code) for code in asked.names.reference.currencies.convertible()],
        "few": FEWEST_STAFF,
    }


def _status_context(form: Form, asked: Asked) -> Context:
    country = asked.organisation.base.country
    return {
        "places": status_places(form),
        "law_names": local_names(asked.names.reference.regimes, country, asked.today),
        "conditions": CONDITIONS,
        "small": is_small(asked.organisation),
        "few": FEWEST_STAFF,
    }


def _read_status(form: Form, _typed: FormMultiDict, asked: Asked) -> Change | None:
    offered = local_names(asked.names.reference.regimes, asked.organisation.base.country, asked.today)
    return read_status(form, offered, asked.organisation, asked.names.language, asked.today)


PARTS: tuple[DetailPart, ...] = (
    DetailPart(
        "organisation",
        PART_LABELS["organisation"],
        Message("Your organisation"),
        Message("Its name and where it is."),
        lambda asked: beginning_values(asked.organisation),
        lambda form, _typed, asked: read_organisation(form, asked.names),
        _nothing,
    ),
    DetailPart(
        "work",
        PART_LABELS["work"],
        Message("What do you do?"),
        Message(
            "Write as you would explain it to a buyer, in your own language. Lots in other languages are found all the same."
        ),
        lambda asked: profile_values(asked.organisation, asked.names),
        _read_work,
        _work_context,
    ),
    DetailPart(
        "codes",
        PART_LABELS["codes"],
        Message("Is this what you mean?"),
        Message("Buyers mark what they buy with numbers, the CPV codes. We read yours from your words: tick what is right."),
        lambda asked: code_fields(asked.organisation.capabilities),
        _read_codes,
        _codes_context,
    ),
    DetailPart(
        "places",
        PART_LABELS["places"],
        Message("Where do you work?"),
        Message("Name the places, or say how far you go from your address. Both together are fine."),
        lambda asked: profile_values(asked.organisation, asked.names),
        _read_places,
        _places_context,
    ),
    DetailPart(
        "size",
        PART_LABELS["size"],
        Message("How large are you?"),
        Message("Say what you like. Each figure decides whether a lot is too large or too small, and you decide who sees it."),
        lambda asked: size_values(asked.organisation, asked.names.language),
        lambda form, _typed, asked: read_size(form, asked.names, asked.today, asked.member),
        _size_context,
    ),
    DetailPart(
        "status",
        PART_LABELS["status"],
        Message("Your status under the law"),
        Message("Some contracts are reserved for organisations like yours. The law of each country says for which."),
        lambda asked: status_values(asked.organisation, asked.names.language),
        _read_status,
        _status_context,
    ),
    DetailPart(
        "proof",
        PART_LABELS["proof"],
        Message("Certificates and references"),
        Message("What a buyer will ask for. Leave out what you do not have."),
        lambda asked: proof_values(asked.organisation),
        lambda form, _typed, _asked: read_proof(form),
        lambda form, _asked: {"places": certificate_places(form)},
    ),
)
"""In the order in which they are asked; the preview follows."""
