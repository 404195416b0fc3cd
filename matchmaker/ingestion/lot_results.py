"""What both schemas need for results: several of one lot as one, and ids that no two lots share."""

from collections.abc import Sequence

from matchmaker.domain.notice import LotResult
from matchmaker.ingestion.readings import merged, total


def together(results: Sequence[LotResult]) -> LotResult:
    """Results of one lot as one: all winners, values added, the earliest date, the first stated of all the rest.

    ``awarded`` is true when one of them is, false when one says no and none yes.
    """
    if len(results) == 1:
        return results[0]
    awarded = {result.awarded for result in results}
    return LotResult(
        winners=tuple(dict.fromkeys(winner for result in results for winner in result.winners)),
        value=total([result.value for result in results if result.value]),
        concluded=min((result.concluded for result in results if result.concluded), default=None),
        bids_received=next((result.bids_received for result in results if result.bids_received is not None), None),
        bids_from_smes=next((result.bids_from_smes for result in results if result.bids_from_smes is not None), None),
        awarded=True if True in awarded else False if False in awarded else None,
        subcontracted=next((result.subcontracted for result in results if result.subcontracted), None),
        subcontracted_value=next((result.subcontracted_value for result in results if result.subcontracted_value), None),
        subcontracted_percent=next(
            (result.subcontracted_percent for result in results if result.subcontracted_percent is not None), None
        ),
        subcontracting_description=merged([result.subcontracting_description for result in results]),
    )


class LotIds:
    """Gives every lot of a notice an id of its own: ``1``, and ``1.2`` to the next one that calls itself ``1``."""

    def __init__(self, taken: Sequence[str] = ()) -> None:
        self._uses = dict.fromkeys(taken, 1)

    def __contains__(self, lot_id: str) -> bool:
        return lot_id in self._uses

    def take(self, wanted: str) -> str:
        """``wanted`` where it is free, else with the next free number behind it."""
        free = wanted
        while free in self._uses:
            self._uses[wanted] += 1
            free = f"{wanted}.{self._uses[wanted]}"
        self._uses[free] = 1
        return free
