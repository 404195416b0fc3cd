"""What a notice has to say so that a lot is reserved, or so that a social clause binds: sentences and eForms values.

One text for every regime that reserves, and one for a social clause, which needs no regime (``regime_id`` None). Sentences
come in the notice's language, in the buyer's official ones, and in English last; all but those marked as quoted are unreviewed
translations. Values are those of Implementing Regulation (EU) 2019/1780. Where a value is a text, its code is ``text``: the
sentences go there.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from matchmaker.domain.match import Need
from matchmaker.domain.notice import Lot, Notice
from matchmaker.domain.values import CpvCode
from matchmaker.planning.notice_values import clause_values, reservation_values
from matchmaker.planning.notice_warnings import clause_warnings, forbidden, reservation_warnings
from matchmaker.planning.plan import NoticeSentence, NoticeText, Target
from matchmaker.reference.law import Regime
from matchmaker.reference.notice_sentences import (
    MINIMUM_HOURS,
    MINIMUM_PERCENT,
    SOCIAL_CLAUSE,
    NoticeSentences,
    Wording,
    notice_sentences,
)
from matchmaker.reference.official_languages import official_languages

ENGLISH = "en"
NORWEGIAN = frozenset({"nb", "nn"})
"""Both written forms stand under ``no``, as in the notices of TED."""


def notice_texts(
    need: Need,
    notice: Notice | None,
    lot: Lot | None,
    regimes: Sequence[Regime],
    regime_choice: str | None,
    today: date,
    art77_codes: frozenset[CpvCode],
    target: Target | None = None,
) -> tuple[NoticeText, ...]:
    """The text for each of ``regimes`` that reserves, the chosen one first, and last the text of a social clause.

    ``notice`` and ``lot`` are what is published already, if anything: its kind decides which values it may carry, the lot's green
    aims are kept beside the social ones. ``target`` gives the clause its figure: hours where known, else the likely share.
    ``art77_codes`` are the main CPV codes that eForms lets through with BT-71 = res-pub-ser.
    """
    known = notice_sentences()
    languages = text_languages(need, known)
    ordered = sorted((regime for regime in regimes if regime.reserves), key=lambda regime: regime.regime_id != regime_choice)
    texts = [_reservation(need, notice, lot, regime, today, art77_codes, languages, known) for regime in ordered]
    return (*texts, _clause(need, notice, lot, target, languages, known))


def text_languages(need: Need, known: NoticeSentences) -> tuple[str, ...]:
    """The languages to write in: the notice's own, the buyer's official ones by the alphabet, and English last.

    A language without sentences here is left out (Luxembourgish, Turkish: no language of TED).
    """
    official = sorted(official_languages(need.country)) if need.country else []
    wanted = dict.fromkeys("no" if language in NORWEGIAN else language for language in (need.language, *official) if language)
    return (*(language for language in wanted if language in known.languages and language != ENGLISH), ENGLISH)


def _reservation(
    need: Need,
    notice: Notice | None,
    lot: Lot | None,
    regime: Regime,
    today: date,
    art77_codes: frozenset[CpvCode],
    languages: Iterable[str],
    known: NoticeSentences,
) -> NoticeText:
    forbids = forbidden(need, regime, today, art77_codes)
    found = (known.reservation(regime, language) for language in languages)
    return NoticeText(
        regime_id=regime.regime_id,
        values=reservation_values(regime, lot),
        sentences=tuple(_sentence(wording, wording.filled()) for wording in found if wording),
        warnings=(*forbids, *reservation_warnings(need, notice, regime, today)),
        allowed=not forbids,
    )


def _clause(
    need: Need,
    notice: Notice | None,
    lot: Lot | None,
    target: Target | None,
    languages: Iterable[str],
    known: NoticeSentences,
) -> NoticeText:
    sentences = []
    for language in languages:
        wording = known.part(SOCIAL_CLAUSE, language)
        if wording:
            text = " ".join(part for part in (wording.filled(), _minimum(target, language, known)) if part)
            sentences.append(_sentence(wording, text))
    values = clause_values(need.country, lot)
    return NoticeText(None, values, tuple(sentences), clause_warnings(need.country, notice, target), allowed=True)


def _minimum(target: Target | None, language: str, known: NoticeSentences) -> str:
    """The figure of the clause: hours where they are known, else a share of the value; empty without a target above zero."""
    if target is None or target.likely <= 0:
        return ""
    part = MINIMUM_PERCENT if target.hours is None else MINIMUM_HOURS
    wording = known.part(part, language)
    figures = {"hours": f"{target.hours or 0:.0f}", "percent": percent_of(target.likely)}
    return wording.filled(**figures) if wording else ""


def percent_of(share: float) -> str:
    """A share (0-1) in percent, with one digit only where it is below one percent: never rounded up to more than it is."""
    percent = share * 100
    return f"{int(percent + 1e-9)}" if percent >= 1 else f"{int(percent * 10 + 1e-9) / 10:.1f}"


def _sentence(wording: Wording, text: str) -> NoticeSentence:
    return NoticeSentence(wording.language, text, wording.quoted)
