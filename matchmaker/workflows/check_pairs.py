"""Compares our readings of one notice published in both schemas: title, CPV, NUTS and winners must agree."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from matchmaker.domain.errors import NotFound, UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Notice
from matchmaker.ingestion.notices import read_notice
from matchmaker.ingestion.readings import country_code
from matchmaker.workflows.check_parity import folded

PAIR_FIELDS = ("title", "cpv", "nuts", "winners")


@dataclass(frozen=True, slots=True)
class PairResult:
    """One file name in both schemas: a refusal, or the fields that differ with both values, and why where it is known."""

    name: str
    refusal: UnreadableDocument | None = None
    differences: tuple[tuple[str, object, object, Message | None], ...] = ()


def check_pairs(folder: Path) -> list[PairResult]:
    """Every notice that ``folder`` holds in ``legacy`` and in ``eforms`` under one file name.

    Raises:
        NotFound: the folder has no such pairs.
    """
    names = sorted(path.name for path in (folder / "legacy").glob("*.xml") if (folder / "eforms" / path.name).is_file())
    if not names:
        raise NotFound(
            Message("“%(path)s” holds no notices in both schemas.", {"path": str(folder)}),
            Message("Give the folder that has the folders legacy and eforms."),
        )
    return [_pair(folder, name) for name in names]


def _pair(folder: Path, name: str) -> PairResult:
    try:
        older, newer = (read_notice((folder / schema / name).read_bytes(), name) for schema in ("legacy", "eforms"))
    except UnreadableDocument as refusal:
        return PairResult(name, refusal)
    return PairResult(name, differences=tuple(_differences(older, newer)))


def _differences(older: Notice, newer: Notice) -> Iterator[tuple[str, object, object, Message | None]]:
    for name, read in (("title", _titles), ("cpv", _cpvs), ("nuts", _nuts), ("winners", _winners)):
        ours, theirs = read(older), read(newer)
        if ours != theirs:
            yield name, ours, theirs, _coarser_places(older, newer) if name == "nuts" else None


def _titles(notice: Notice) -> object:
    return {language: folded(text) for language, text in notice.title.items()}


def _cpvs(notice: Notice) -> object:
    lots = [code for lot in notice.lots for code in (lot.main_cpv, *lot.extra_cpvs)]
    return sorted({code.code for code in (notice.main_cpv, *notice.extra_cpvs, *lots) if code})


def _nuts(notice: Notice) -> object:
    return sorted({code for lot in notice.lots for code in lot.nuts})


def _winners(notice: Notice) -> object:
    results = [lot.result for lot in notice.lots if lot.result]
    return sorted({folded(winner.name) or "" for result in results for winner in result.winners})


def _coarser_places(older: Notice, newer: Notice) -> Message | None:
    """The rule behind every NUTS difference: eForms takes NUTS 3 codes only; a wider place is left to its country, if given."""
    wide = {code for lot in older.lots for code in lot.nuts if len(code) < 5}
    exact = {code for lot in older.lots for code in lot.nuts} - wide
    countries = {country for lot in newer.lots for country in lot.countries}
    named = {country_code(code[:2]) for code in wide if code[:2].isalpha()}
    if exact == {code for lot in newer.lots for code in lot.nuts} and (named <= countries or not countries):
        return Message("eForms holds NUTS 3 codes only, and those agree; wider regions are given as their country or left out.")
    return None
