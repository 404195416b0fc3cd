"""From a supplier to the columns of its rows: pure functions, no database."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from matchmaker.domain.organisation import Organisation
from matchmaker.domain.special_category import only_verdict
from matchmaker.domain.values import CpvCode
from matchmaker.reference.folding import fold
from matchmaker.storage.codec import Document, fingerprint, to_document
from matchmaker.storage.lot_columns import Conversions, search_words
from matchmaker.storage.places import code_words, supplier_places

FORBIDDING_WORDS = ("all rights reserved", "no reuse", "no re use", "not for publication", "confidential", "internal use")
"""A licence that says one of these, folded, keeps an imported record out of public view whatever the settings say."""


def reusable(licence: str | None) -> bool:
    """Whether the licence leaves the decision to the settings; one that is not stated does."""
    return not any(words in fold(licence or "") for words in FORBIDDING_WORDS)


def organisation_fingerprint(document: Document) -> str:
    """Of a supplier's document without the day of import."""
    provenance = {name: value for name, value in document["provenance"].items() if name != "imported_on"}
    return fingerprint({**document, "provenance": provenance})


def all_cpvs(organisation: Organisation) -> list[CpvCode]:
    """The codes of all its capabilities, each once."""
    return list(dict.fromkeys(code for capability in organisation.capabilities for code in capability.cpvs))


def organisation_columns(organisation: Organisation, conversions: Conversions) -> dict[str, Any]:
    """Its row, as column name to value, without the columns that say when and in which version it was written."""
    doc = to_document(organisation)
    base, area, provenance = organisation.base, organisation.area, organisation.provenance
    texts = [organisation.description, *(capability.text for capability in organisation.capabilities)]
    return {
        "key": organisation.key,
        "name": organisation.name,
        "sort_key": fold(organisation.name)[:200],
        "country": base.country,
        "nuts": conversions.current_nuts(base.nuts).code if base.nuts else None,
        "latitude": base.latitude,
        "longitude": base.longitude,
        "area_nuts": sorted({conversions.current_nuts(code).code for code in area.nuts}),
        "area_countries": sorted(set(area.countries)),
        "area_radius_km": area.radius_km,
        "statuses": [] if only_verdict(organisation) else sorted({status.kind.value for status in organisation.statuses}),
        "cpvs": [code.code for code in all_cpvs(organisation)],
        "source": provenance.source,
        "source_id": provenance.source_id,
        "licence": provenance.licence,
        "imported_on": provenance.imported_on,
        "reusable": reusable(provenance.licence),
        "claimed": provenance.claimed,
        "words": search_words(
            organisation.name, organisation.legal_name or "", base.city or "", organisation.description, *texts
        ),
        "doc": doc,
        "fingerprint": organisation_fingerprint(doc),
    }


def capability_columns(organisation: Organisation, vectors: Sequence[Any] | None, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of its capabilities; ``vectors`` in the same order: one vector each, or an array with a row for each piece.

    ``row`` is its own row, which says where it is and works.
    """
    places = supplier_places(row)
    return [
        {
            "organisation_key": organisation.key,
            "position": position,
            "text": capability.text,
            "language": capability.language,
            "cpvs": [code.code for code in capability.cpvs],
            "code_words": code_words(code.code for code in capability.cpvs),
            "places": places,
            **vector_columns(vectors[position] if vectors is not None else None),
        }
        for position, capability in enumerate(organisation.capabilities)
    ]


def vector_columns(given: Any) -> dict[str, Any]:
    """Columns of one vector, or of an array with a row for each piece.

    The whole is the direction of their sum, which is what the capability model compares.
    """
    if given is None:
        return {"vector": None, "pieces": None}
    rows = np.atleast_2d(np.asarray(given, dtype=np.float32))
    whole = rows.sum(axis=0) if len(rows) > 1 else rows[0]
    length = float(np.linalg.norm(whole)) if len(rows) > 1 else 0.0
    return {"vector": whole / length if length else whole, "pieces": rows.astype("<f2").tobytes() if len(rows) > 1 else None}
