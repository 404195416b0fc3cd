"""Reads a form field by field and collects what is wrong, so that a page can say it all at once."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message
from matchmaker.domain.values import CpvCode
from matchmaker.language.formats import read_number


class Form:
    """The values as they were typed and, per field, the first thing wrong with it.

    ``templates/forms.html`` draws fields from it; a page with ``errors`` is answered with status 422.
    """

    def __init__(self, values: Mapping[str, object] | None = None) -> None:
        self._values = {name: value.strip() for name, value in (values or {}).items() if isinstance(value, str)}
        self.errors: dict[str, Message] = {}

    def value(self, name: str) -> str:
        """What was typed, or an empty text."""
        return self._values.get(name, "")

    def has(self, name: str) -> bool:
        """Whether the form had this field at all."""
        return name in self._values

    def names(self, prefix: str) -> list[str]:
        """The fields the form had whose names begin so, sorted."""
        return sorted(name for name in self._values if name.startswith(prefix))

    def refuse(self, name: str, message: Message) -> None:
        """Marks a field as wrong, unless it is already."""
        self.errors.setdefault(name, message)

    def text(self, name: str, missing: Message | None = None, longest: int = 200) -> str:
        """Plain text; ``missing`` is the error when it is empty (None: it may be)."""
        found = self.value(name).replace("\x00", "")
        if not found and missing is not None:
            self.refuse(name, missing)
        if len(found) > longest:
            self.refuse(
                name,
                Message(
                    "This text has %(length)s characters. Shorten it to %(longest)s.", {"length": len(found), "longest": longest}
                ),
            )
        return found

    def choice(self, name: str, allowed: Mapping[str, object] | frozenset[str] | set[str], wrong: Message) -> str | None:
        """One of ``allowed``, or None when empty."""
        found = self.value(name)
        if found and found not in allowed:
            self.refuse(name, wrong)
            return None
        return found or None

    def amount(self, name: str, language: str, largest: Decimal = Decimal(10) ** 12) -> Decimal | None:
        """An amount as people in ``language`` write it, above zero; None when empty or wrong."""
        typed = self.value(name)
        if not typed:
            return None
        found = read_number(typed, language)
        if found is None:
            self.refuse(name, Message("“%(typed)s” is not an amount. Write digits, for example 250000.", {"typed": typed[:40]}))
            return None
        if found <= 0 or found > largest:
            self.refuse(name, Message("The amount must be more than zero and below a million million."))
            return None
        return found

    def day(self, name: str) -> date | None:
        """A date; None when empty or wrong."""
        typed = self.value(name)
        if not typed:
            return None
        try:
            return date.fromisoformat(typed)
        except ValueError:
            example = {"typed": typed[:40]}
            self.refuse(name, Message("“%(typed)s” is not a date. Write year-month-day, for example 2027-03-01.", example))
            return None

    def cpvs(self, name: str, most: int = 10) -> tuple[CpvCode, ...]:
        """CPV codes separated by commas, semicolons or spaces."""
        found: dict[CpvCode, None] = {}
        for part in self.value(name).replace(",", " ").replace(";", " ").split()[: most + 1]:
            try:
                found[CpvCode.parse(part)] = None
            except InvalidValue:
                typed = {"code": part[:40]}
                self.refuse(name, Message("“%(code)s” is not a CPV code. Give its digits, for example 90910000.", typed))
        return tuple(found)[:most]
