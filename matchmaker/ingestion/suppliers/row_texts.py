"""One row under its headers: texts by column, and the remarks collected while they are read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Certificate
from matchmaker.domain.values import CpvCode, Money, NutsCode
from matchmaker.ingestion.suppliers.headers import Column, Layout
from matchmaker.ingestion.tables.table import TableRow
from matchmaker.ingestion.tables.values import amount, day, parts
from matchmaker.reference.bundle import Reference

T = TypeVar("T")
MOST_CODES = 60


@dataclass
class RowTexts:
    """Reads values out of one row; whatever cannot be read is left out with a remark that says where and what."""

    row: TableRow
    layout: Layout
    reference: Reference
    remarks: list[Message] = field(default_factory=list)

    def text(self, column: Column) -> str:
        """The text of a column, empty where it says nothing."""
        return self.layout.of(self.row.texts, column)

    def leave_out(self, column: Column, value: str, sentence: str) -> None:
        """Notes that a value was not taken; ``sentence`` says why, with ``%(column)s`` and ``%(value)s``."""
        places = {"column": column.value, "value": value[:80]}
        self.remarks.append(Message(sentence, places))

    def read(self, column: Column, reader: Callable[[str], T | None], sentence: str) -> T | None:
        """What ``reader`` makes of the text; None with a remark when it makes nothing of it."""
        text = self.text(column)
        if not text:
            return None
        found = reader(text)
        if found is None:
            self.leave_out(column, text, sentence)
        return found

    def money(self, column: Column, currency: str) -> Money | None:
        """An amount with the currency written beside it, else in ``currency``."""
        text = self.text(column)
        if not text:
            return None
        found, written = amount(text)
        if found is None:
            self.leave_out(column, text, "%(column)s: “%(value)s” was left out: it is not a number.")
        elif found < 0:
            self.leave_out(column, text, "%(column)s: “%(value)s” was left out: it is negative.")
        else:
            return Money(found, written or currency)
        return None

    def whole_number(self, column: Column, reader: Callable[[str], object]) -> int | None:
        """A count, zero or more."""
        text = self.text(column)
        if not text:
            return None
        found = reader(text)
        if found is None:
            self.leave_out(column, text, "%(column)s: “%(value)s” was left out: it is not a number.")
        elif (count := int(str(found).split(".")[0])) < 0:
            self.leave_out(column, text, "%(column)s: “%(value)s” was left out: it is negative.")
        else:
            return count
        return None

    def cpv_codes(self) -> tuple[CpvCode, ...]:
        """The CPV codes that exist; others are remarked upon."""
        return tuple(
            self._codes(
                Column.CPV,
                CpvCode.parse,
                self.reference.cpv.known,
                "%(column)s: “%(value)s” was left out: CPV 2008 has no such code.",
            )
        )

    def nuts_codes(self, column: Column) -> tuple[NutsCode, ...]:
        """The NUTS codes that exist or existed; others are remarked upon."""
        return tuple(
            self._codes(
                column,
                NutsCode.parse,
                self.reference.nuts.known,
                "%(column)s: “%(value)s” was left out: NUTS has no such region.",
            )
        )

    def _codes(self, column: Column, parse: Callable[[str], T], known: Callable[[T], bool], sentence: str) -> Iterable[T]:
        found: dict[T, None] = {}
        for item in parts(self.text(column), r"[;|,\s]+")[:MOST_CODES]:
            try:
                code = parse(item)
            except InvalidValue as error:
                self.remarks.append(error.sentence)
                continue
            if known(code):
                found[code] = None
            else:
                self.leave_out(column, item, sentence)
        return found

    def countries(self, column: Column) -> tuple[str, ...]:
        """ISO-2 of the countries named."""
        found: dict[str, None] = {}
        for item in parts(self.text(column)):
            code = self.reference.countries.find(item)
            if code:
                found[code] = None
            else:
                self.leave_out(column, item, "%(column)s: “%(value)s” was left out: it is not a country.")
        return tuple(found)

    def certificates(self) -> tuple[Certificate, ...]:
        """Certificates, each with the date written behind it in brackets (``HACCP (2027-12-31)``)."""
        found = []
        for item in parts(self.text(Column.CERTIFICATES)):
            name, _, rest = item.partition("(")
            found.append(Certificate(name.strip(), day(rest.rstrip(") ").removeprefix("until ").strip())))
        return tuple(found)
