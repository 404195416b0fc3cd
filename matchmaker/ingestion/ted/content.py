"""What a form says about the purchase itself, whichever release it was written in."""

from dataclasses import dataclass, field

from matchmaker.domain.notice import Lot
from matchmaker.domain.values import CpvCode, LocalText, Money
from matchmaker.ingestion.readings import Remarks, with_whole_value
from matchmaker.ingestion.safe_xml import first, values
from matchmaker.ingestion.ted.forms import Versions, notice_number
from matchmaker.ingestion.ted.lots import lots, main_cpv, nature
from matchmaker.ingestion.ted.results import amount, with_results


@dataclass(frozen=True, slots=True)
class Content:
    """Title, description, codes, value and lots of one form."""

    title: LocalText
    description: LocalText
    lots: tuple[Lot, ...]
    main_cpv: CpvCode | None
    nature: str | None
    value: Money | None
    extra_cpvs: tuple[CpvCode, ...] = ()
    previous: tuple[str, ...] = ()
    extra: dict[str, str] = field(default_factory=dict)


def content(form: Versions, remarks: Remarks) -> Content:
    """The content of an R2.0.9 form; a corrigendum (F14) describes no lots."""
    item = first(form.original, "OBJECT_CONTRACT")
    title = form.texts("OBJECT_CONTRACT/TITLE") if item is None else form.all("OBJECT_CONTRACT")[0].texts("TITLE")
    estimated = amount(item, remarks, "VAL_ESTIMATED_TOTAL")
    numbers = values(form.original, "PROCEDURE/NOTICE_NUMBER_OJ")
    return Content(
        title=title,
        description=form.texts("OBJECT_CONTRACT/SHORT_DESCR"),
        lots=with_whole_value(with_results(list(lots(form, remarks)), form, title, remarks), estimated),
        main_cpv=None if item is None else main_cpv(item, remarks),
        nature=None if item is None else nature(item),
        value=estimated or amount(item, remarks, "VAL_TOTAL"),
        previous=tuple(number for text in numbers if (number := notice_number(text))),
    )
