"""An invitation list as rows of a file: the log for equal treatment, in the reader's language."""

from collections.abc import Iterator

from litestar import Response

from matchmaker.domain.engagement import InvitationList
from matchmaker.domain.match import points
from matchmaker.domain.messages import Message
from matchmaker.language.translate import translate
from matchmaker.web.names import Names
from matchmaker.web.spreadsheets import Cell, download

COLUMNS = (
    Message("Invited"),
    Message("Supplier"),
    Message("Key"),
    Message("Country"),
    Message("Best score of 100"),
    Message("Fewer than 50 staff"),
    Message("Not invited before"),
    Message("Lots"),
    Message("Because"),
)
YES, NO = Message("yes"), Message("no")


def invitation_file(kind: str, made: InvitationList, names: Names) -> Response[bytes]:
    """Everyone considered, invited ones first, as ``csv`` or ``xlsx``."""
    header: list[Cell] = [translate(column, names.language) for column in COLUMNS]
    return download(kind, made.title, header, _rows(made, names))


def _rows(made: InvitationList, names: Names) -> Iterator[list[Cell]]:
    def say(message: Message) -> str:
        return translate(message, names.language)

    for invitee in made.selection.invited:
        yield [
            say(YES),
            invitee.name,
            invitee.key,
            names.country(invitee.country),
            points(invitee.score),
            say(YES if invitee.small else NO),
            say(YES if invitee.newcomer else NO),
            " ".join(invitee.lots),
            " ".join(say(reason) for reason in invitee.because),
        ]
    for left_out in made.selection.left_out:
        score = None if left_out.score is None else points(left_out.score)
        country = names.country(left_out.country)
        yield [say(NO), left_out.name, left_out.key, country, score, None, None, None, say(left_out.why)]
