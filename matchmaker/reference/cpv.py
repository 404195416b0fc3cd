"""The Common Procurement Vocabulary as a look-up: names in many languages, and the tree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from matchmaker.domain.values import CpvCode


@dataclass(frozen=True)
class CpvTable:
    """Codes with their names. ``rows`` maps eight digits to names in the order of ``languages``; an empty name is a missing one.

    ``complete`` says whether the table holds the whole vocabulary; where it does not, absence of a code proves nothing.
    """

    languages: tuple[str, ...]
    rows: Mapping[str, tuple[str, ...]]
    complete: bool

    def label(self, code: CpvCode, language: str) -> str | None:
        """The name in ``language``; where there is none that of the nearest code above, then the same in English; else None."""
        for wanted in dict.fromkeys((language, "en")):
            for ancestor in self._upwards(code):
                if name := self._name(ancestor, wanted):
                    return name
        return None

    def labels(self, code: CpvCode) -> Mapping[str, str]:
        """Names of exactly this code by language; empty when the table does not have it."""
        names = self.rows.get(code.code, ())
        return MappingProxyType({language: name for language, name in zip(self.languages, names, strict=False) if name})

    def parent(self, code: CpvCode) -> CpvCode | None:
        """The nearest code above that the table has; None for a division and where there is none."""
        return next((CpvCode(above) for above in self._upwards(code) if above != code.code and above in self.rows), None)

    def children(self, code: CpvCode) -> tuple[CpvCode, ...]:
        """The codes whose parent this is, in order."""
        return self._children.get(code.code, ())

    def known(self, code: CpvCode) -> bool:
        """Whether the code exists as far as this table can tell: an incomplete one only judges the division."""
        return code.code in self.rows or (not self.complete and code.division + "000000" in self.rows)

    def codes(self) -> tuple[CpvCode, ...]:
        """All codes of the table, in order."""
        return self._codes

    def divisions(self) -> tuple[CpvCode, ...]:
        """The divisions (two digits), in order."""
        return tuple(code for code in self._codes if code.level == 2)

    @cached_property
    def _codes(self) -> tuple[CpvCode, ...]:
        return tuple(CpvCode(code) for code in sorted(self.rows))

    @cached_property
    def _children(self) -> Mapping[str, tuple[CpvCode, ...]]:
        found: dict[str, list[CpvCode]] = {}
        for code in self._codes:
            if parent := self.parent(code):
                found.setdefault(parent.code, []).append(code)
        return {parent: tuple(codes) for parent, codes in found.items()}

    def _name(self, code: str, language: str) -> str:
        names = self.rows.get(code)
        if names is None or language not in self._position:
            return ""
        return names[self._position[language]]

    @cached_property
    def _position(self) -> Mapping[str, int]:
        return {language: index for index, language in enumerate(self.languages)}

    @staticmethod
    def _upwards(code: CpvCode) -> Iterable[str]:
        """This code and each one above it down to the division, whether or not it exists."""
        yield code.code
        for length in range(len(code.stem) - 1, 1, -1):
            above = code.code[:length].ljust(8, "0")
            if above != code.code:
                yield above
