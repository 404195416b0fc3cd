"""Records: all releases of one procedure, told as the one notice they come to."""

import re
import warnings
from collections.abc import Mapping
from types import MappingProxyType

from ocdsmerge import Merger
from ocdsmerge.exceptions import OCDSMergeError, OCDSMergeWarning

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.ingestion.ocds.fields import Json, at, each, text

_ORGANISATIONS = ("parties", "buyer", "tender.procuringEntity", "tender.tenderers", "awards.suppliers")
_ITEM_HOLDERS = ("tender", "awards", "contracts")

MERGE_RULES: Mapping[tuple[str, ...], str] = MappingProxyType(
    {
        **{(field,): "omitWhenMerged" for field in ("id", "date", "tag")},
        **{(*holder.split("."), "additionalIdentifiers"): "wholeListMerge" for holder in _ORGANISATIONS},
        **{(holder, "items", "additionalClassifications"): "wholeListMerge" for holder in _ITEM_HOLDERS},
        ("tender", "lots", "sustainability"): "wholeListMerge",
        ("tender", "sustainability"): "wholeListMerge",
        ("tender", "deliveryAddresses"): "wholeListMerge",
        ("tender", "items", "deliveryAddresses"): "wholeListMerge",
    }
)
"""Where the release schema 1.1 departs from merging by id, for the fields that are read, and the extensions' lists without ids.

Given to the library as they are, so that it never fetches a schema
(https://standard.open-contracting.org/1.1/en/schema/merging/).
"""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}T.*")


def compiled_release(record: Json, name: str) -> Json:
    """The record's compiled release; where it has none, its releases merged in the order of their dates.

    Raises:
        UnreadableDocument: it holds neither, or only links to releases, or releases that cannot be merged.
    """
    compiled = at(record, "compiledRelease")
    if isinstance(compiled, Mapping) and compiled:
        return {"ocid": text(record, "ocid"), **compiled, "tag": ["compiled"]}
    releases = [dict(release) for release in each(record, "releases") if not _is_link(release)]
    if not releases:
        raise UnreadableDocument(
            Message("“%(name)s” is a record without a compiled release that holds at most links to releases.", {"name": name}),
            Message("Give the releases themselves: a release package, or records with their releases."),
        )
    return _merged(releases, name)


def _is_link(release: Json) -> bool:
    """A linked release states where it is, and neither its id nor its ocid."""
    return "url" in release and "ocid" not in release


def _merged(releases: list[dict[str, object]], name: str) -> Json:
    if (ocids := {text(release, "ocid") for release in releases}) and len(ocids) > 1:
        raise _unmergeable(name, "they have different ocids")
    if any(not _DATE.fullmatch(text(release, "date") or "") for release in releases):
        raise _unmergeable(name, "one of them has no date and time")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", OCDSMergeWarning)
            merged = Merger(merge_rules=dict(MERGE_RULES)).create_compiled_release(releases)
    except (OCDSMergeError, AttributeError, TypeError, ValueError, KeyError) as error:
        raise _unmergeable(name, type(error).__name__) from error
    return {**merged, "tag": ["compiled"]}


def _unmergeable(name: str, reason: str) -> UnreadableDocument:
    return UnreadableDocument(
        Message("The releases of the record “%(name)s” cannot be merged: %(reason)s.", {"name": name, "reason": reason}),
        Message("Ask the publisher for a record with a compiled release, or give the releases one by one."),
    )
