"""Up to four suppliers side by side, for one lot or one planned purchase."""

from collections.abc import Sequence
from typing import Any

from litestar.response import Template

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message
from matchmaker.web.matches import MatchView
from matchmaker.web.pages import page
from matchmaker.web.services import WebRequest
from matchmaker.web.sharing import figures_for, note_figures_shown

MOST = 4
"""More columns than this cannot be read on a screen."""


async def comparison_page(request: WebRequest, found: Sequence[MatchView], keys: Sequence[str], **context: Any) -> Template:
    """The chosen suppliers in the order of their rank.

    Raises:
        InvalidValue: none, or more than four, are chosen.
    """
    wanted = set(keys)
    chosen = [view for view in found if view.organisation.key in wanted]
    if len(chosen) > MOST:
        raise InvalidValue(
            Message("%(count)s suppliers are chosen; %(most)s can be compared.", {"count": len(chosen), "most": MOST}),
            Message("Go back and leave no more than four ticked."),
        )
    if not chosen:
        raise InvalidValue(
            Message("No supplier is chosen for comparison."), Message("Go back and tick two to four suppliers in the list.")
        )
    await note_figures_shown(request, [view.organisation for view in chosen])
    figures = {view.organisation.key: figures_for(request, view.organisation) for view in chosen}
    return page(request, "comparison.html", chosen=chosen, figures=figures, **context)
