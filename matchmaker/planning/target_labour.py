"""How much of a contract's value is pay for work: a starting value by kind of work, for turning money into hours.

The table is ours and rough. Three rows were seen in French practice (mefsud77.fr: 70 % of painting, 50 % of masonry, 20 % of
steel frames); all others are estimates of ours, to be replaced by what the buyer knows. It is always shown as an assumption.
"""

from dataclasses import dataclass

from matchmaker.domain.values import CpvCode


@dataclass(frozen=True, slots=True)
class LabourShare:
    """``share`` (0-1) of the value; ``seen`` where practice at hand says so, else our estimate."""

    share: float
    seen: bool = False


BY_STEM = {
    "4544": LabourShare(0.70, seen=True),
    "45262": LabourShare(0.50, seen=True),
    "45223": LabourShare(0.20, seen=True),
    "45": LabourShare(0.40),
    "50": LabourShare(0.50),
    "51": LabourShare(0.50),
    "553": LabourShare(0.45),
    "555": LabourShare(0.45),
    "55": LabourShare(0.40),
    "60": LabourShare(0.50),
    "63": LabourShare(0.50),
    "64": LabourShare(0.60),
    "65": LabourShare(0.15),
    "66": LabourShare(0.30),
    "70": LabourShare(0.40),
    "71": LabourShare(0.75),
    "72": LabourShare(0.70),
    "73": LabourShare(0.70),
    "75": LabourShare(0.75),
    "76": LabourShare(0.40),
    "77": LabourShare(0.65),
    "798": LabourShare(0.40),
    "79": LabourShare(0.70),
    "80": LabourShare(0.75),
    "85": LabourShare(0.75),
    "905": LabourShare(0.45),
    "909": LabourShare(0.75),
    "90": LabourShare(0.55),
    "92": LabourShare(0.60),
    "98": LabourShare(0.65),
    "15": LabourShare(0.20),
    "18": LabourShare(0.30),
    "22": LabourShare(0.35),
    "39": LabourShare(0.30),
    "09": LabourShare(0.05),
}
"""By how a CPV code begins; the longest beginning counts."""

GOODS = LabourShare(0.15)
OTHER = LabourShare(0.50)


def labour_share(code: CpvCode | None) -> LabourShare:
    """The starting value for a main CPV code: its own row, else that of goods (divisions below 45 and 48), else one half."""
    if code is None:
        return OTHER
    for length in range(8, 1, -1):
        if found := BY_STEM.get(code.code[:length]):
            return found
    return GOODS if code.division < "45" or code.division == "48" else OTHER
