"""A sentence for people that is not yet in anybody's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

Parameter = str | int | float


@dataclass(frozen=True, slots=True)
class Message:
    """An English gettext message id with named parameters, translated only where it is shown.

    ``text`` uses ``%(name)s`` placeholders; the pair is what catalogues, records and e-mails share, so a stored reason can be
    read later in another language.

    The end of a parameter's name says how a language writes its value: ``_money`` an amount (``EUR 3350000``, see ``in_euro``),
    ``_date`` a day (``2026-12-03``), ``_number`` a number with its decimals. Values stay plain, so that records can hold them and
    programs can read them; every other parameter is shown as it is.
    """

    text: str
    parameters: Mapping[str, Parameter] = field(default_factory=lambda: MappingProxyType({}))

    def in_english(self) -> str:
        """The sentence in the source language, parameters filled in."""
        return (
            self.text % {name: _plain(name, value) for name, value in self.parameters.items()} if self.parameters else self.text
        )

    __str__ = in_english


MONEY, DATE, NUMBER = "_money", "_date", "_number"
"""Ends of the names of parameters that are written as the reader's language does."""


def in_euro(amount: Decimal | int) -> str:
    """The value of a ``_money`` parameter, in whole euro."""
    return f"EUR {amount:.0f}"


def _plain(name: str, value: Parameter) -> Parameter:
    """Thousands of an amount apart, as in English; everything else as it stands."""
    currency, _, amount = str(value).partition(" ")
    return f"{currency} {Decimal(amount):,f}" if name.endswith(MONEY) and amount else value
