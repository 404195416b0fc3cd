"""A sentence for people that is not yet in anybody's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Parameter = str | int | float


@dataclass(frozen=True, slots=True)
class Message:
    """An English gettext message id with named parameters, translated only where it is shown.

    ``text`` uses ``%(name)s`` placeholders; the pair is what catalogues, records and e-mails share, so a stored reason can be
    read later in another language.
    """

    text: str
    parameters: Mapping[str, Parameter] = field(default_factory=lambda: MappingProxyType({}))

    def in_english(self) -> str:
        """The sentence in the source language, parameters filled in."""
        return self.text % self.parameters if self.parameters else self.text

    __str__ = in_english
