"""What the social economy does, in plain words: about sixty activities, because people do not think in CPV codes."""

from dataclasses import dataclass

from matchmaker.domain.messages import Message
from matchmaker.domain.values import CpvCode
from matchmaker.reference.activity_rows import ROWS


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity people recognise. ``cpv_prefixes`` are leading digits (two to eight) of the CPV codes that belong to it.

    ``examples`` are words people search with, in English; ``group`` is the key of its product group.
    """

    key: str
    group: str
    label: Message
    cpv_prefixes: tuple[str, ...]
    examples: tuple[str, ...]

    def covers(self, code: CpvCode) -> bool:
        """Whether a CPV code belongs to this activity."""
        return code.code.startswith(self.cpv_prefixes)


@dataclass(frozen=True, slots=True)
class ActivityGroup:
    """One of the product groups public buyers name first."""

    key: str
    label: Message


GROUPS: tuple[ActivityGroup, ...] = (
    ActivityGroup("food", Message("Food and catering")),
    ActivityGroup("textiles", Message("Textiles and laundry")),
    ActivityGroup("transport", Message("Transport")),
    ActivityGroup("cleaning", Message("Cleaning")),
    ActivityGroup("green", Message("Green spaces and buildings")),
    ActivityGroup("furniture", Message("Furniture, crafts and assembly")),
    ActivityGroup("waste", Message("Waste, recycling and reuse")),
    ActivityGroup("printing", Message("Printing, mailing and packing")),
    ActivityGroup("care", Message("Care, training and work")),
    ActivityGroup("digital", Message("Digital and office services")),
)


ACTIVITIES: tuple[Activity, ...] = tuple(
    Activity(key, group, label, tuple(prefixes.split()), tuple(example.strip() for example in examples.split(",")))
    for group, rows in ROWS.items()
    for key, label, prefixes, examples in rows
)
