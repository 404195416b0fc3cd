"""A buyer's search kept for the file: what was asked, on which day, by which scorer, and what came of it."""

from dataclasses import dataclass
from datetime import date, datetime

from matchmaker.domain.match import Match, Need


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Seen by the team that made it and by nobody else. Never changed: another search makes another shortlist.

    ``looked_at`` is the day the deadlines and expiries were judged on; ``matches`` are ranked and carry features,
    contributions, reasons and the scorer's version.
    """

    shortlist_id: str
    team_key: str
    title: str
    made_by: str
    made_at: datetime
    looked_at: date
    need: Need
    scope: str
    scorer_version: str
    matches: tuple[Match, ...] = ()
