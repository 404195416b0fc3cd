"""A list of matches as rows of a file, in the reader's language."""

from collections.abc import Sequence

from litestar import Response

from matchmaker.domain.match import Criterion
from matchmaker.domain.messages import Message
from matchmaker.domain.special_category import shown_statuses
from matchmaker.language.translate import translate
from matchmaker.web.matches import MatchView
from matchmaker.web.names import CRITERIA, STATUSES, Names
from matchmaker.web.spreadsheets import Cell, download

COLUMNS = (
    Message("Rank"),
    Message("Supplier"),
    Message("Country"),
    Message("Town"),
    Message("Status"),
    Message("Confirmed by the organisation"),
    Message("Website"),
    Message("Score of 100"),
)
UNKNOWN = Message("unknown")


def match_file(kind: str, name: str, shown: Sequence[MatchView], names: Names) -> Response[bytes]:
    """The rows shown, as ``csv`` or ``xlsx``; each criterion has its value and its reason, unknown said as such."""
    language = names.language
    header: list[Cell] = [translate(column, language) for column in COLUMNS]
    for criterion in Criterion:
        label = translate(CRITERIA[criterion], language)
        header += [label, translate(Message("%(criterion)s: reason", {"criterion": label}), language)]
    return download(kind, name, header, [_row(view, names) for view in shown])


def _row(view: MatchView, names: Names) -> list[Cell]:
    organisation, language = view.organisation, names.language
    yes_or_no = Message("yes") if organisation.provenance.claimed else Message("no")
    row: list[Cell] = [
        view.rank,
        organisation.name,
        names.country(organisation.base.country),
        organisation.base.city,
        ", ".join(translate(STATUSES[status.kind], language) for status in shown_statuses(organisation)),
        translate(yes_or_no, language),
        organisation.website,
        view.score,
    ]
    for criterion in Criterion:
        result = view.match.criterion(criterion)
        value = translate(UNKNOWN, language) if result.value is None else round(result.value * 100)
        row += [value, translate(names.plain(result.sentence), language)]
    return row
