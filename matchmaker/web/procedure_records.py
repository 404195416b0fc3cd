"""Records of procedures and contracts in the API."""

from dataclasses import dataclass
from datetime import date

from matchmaker.domain.values import Money
from matchmaker.storage.awards import Award
from matchmaker.storage.expiring import ExpiringPage
from matchmaker.storage.procedure_history import History, HistoryEntry
from matchmaker.web.api_models import Amount
from matchmaker.web.api_records import amount


@dataclass(frozen=True)
class ContractRecord:
    """A contract out of a result notice. ``ends_basis`` is ``stated`` or how the end was estimated; ``lot`` is the result's lot,
    ``call_lot`` the lot called for where it is known, whose reservation ``reserved`` gives (empty: not known).
    """

    lot: str
    call_lot: str | None
    title: dict[str, str]
    buyer: str | None
    country: str | None
    winners: list[str]
    natural_persons: int
    cpv: str | None
    nuts: list[str]
    value: Amount | None
    concluded: date | None
    ends: date | None
    ends_basis: str | None
    reserved: list[str]


@dataclass(frozen=True)
class ContractList:
    """A page of contracts."""

    total: int
    page: int
    pages: int
    contracts: list[ContractRecord]
    countries: dict[str, int]


@dataclass(frozen=True)
class ProcedureStep:
    """A notice of a procedure; ``guess`` is ``probable`` or ``possible`` where nothing but likeness joins it, else null."""

    notice: str
    stage: str
    published: date | None
    joined_by: str
    guess: str | None
    corrects_another: bool
    superseded: bool


@dataclass(frozen=True)
class ProcedureRecord:
    """A procedure over time."""

    keys: list[str]
    steps: list[ProcedureStep]


def contract_record(award: Award) -> ContractRecord:
    """One contract."""
    card = award.card
    stated = Money(award.value, award.currency) if award.value is not None and award.currency else None
    return ContractRecord(
        lot=card.full_id,
        call_lot=award.call_lot,
        title=dict(card.title),
        buyer=award.buyer_name,
        country=card.country,
        winners=list(award.winners),
        natural_persons=award.persons,
        cpv=card.main_cpv.code if card.main_cpv else None,
        nuts=[code.code for code in card.nuts],
        value=amount(stated),
        concluded=award.concluded,
        ends=award.ends,
        ends_basis=award.ends_basis.value if award.ends_basis else None,
        reserved=list(award.reserved),
    )


def contract_list(found: ExpiringPage) -> ContractList:
    """A page of contracts."""
    records = [contract_record(award) for award in found.rows]
    return ContractList(found.total, found.page, found.pages, records, dict(found.countries))


def procedure_record(history: History) -> ProcedureRecord:
    """A procedure over time."""
    return ProcedureRecord(list(history.keys), [_step(entry) for entry in history.entries])


def _step(entry: HistoryEntry) -> ProcedureStep:
    return ProcedureStep(
        entry.notice_id,
        entry.stage.value,
        entry.published,
        entry.basis.value,
        entry.guess.value if entry.guess else None,
        entry.corrects,
        entry.superseded,
    )
