"""What an industry code of a register says its holder does, in words and CPV codes.

NACE Rev. 2 (Regulation (EC) 1893/2006) and the national versions that share its first four digits: NAF, UK SIC 2007, ATECO,
CNAE, WZ, SBI, PKD. Codes that say nothing of the work (94.99 membership organisations, 88.99 other social work) are left out.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from matchmaker.domain.values import CpvCode

_CODE = re.compile(r"(?:[A-Za-z][\w.-]*[: ]\s*)?[A-U]?\s*(\d{2})\.?(\d{1,2})\.?\d{0,2}\s*[A-Z]?")


@dataclass(frozen=True, slots=True)
class Industry:
    """A description in English and the CPV codes that come nearest, best first; none where an industry is too wide."""

    label: str
    cpvs: tuple[CpvCode, ...]


@lru_cache(maxsize=1)
def industries() -> Mapping[str, Industry]:
    """By the digits of the NACE division, group or class."""
    with (Path(__file__).parent / "industries.csv").open(encoding="utf-8", newline="") as lines:
        return {
            row["nace"].replace(".", ""): Industry(row["label"], tuple(CpvCode(code) for code in row["cpv"].split()))
            for row in csv.DictReader(lines)
        }


def industry_of(text: str) -> Industry | None:
    """The industry of a code as registers write it (``NAF:8130Z``, ``UKSIC07:81300``, ``81.30``); None when it says nothing."""
    found = _CODE.fullmatch(text.strip())
    if not found:
        return None
    digits = found.group(1) + found.group(2)
    return next((known for length in (4, 3, 2) if (known := industries().get(digits[:length]))), None)
