"""What the social economy does, in plain words: about sixty activities, because people do not think in CPV codes."""

from dataclasses import dataclass

from matchmaker.domain.messages import Message
from matchmaker.domain.values import CpvCode


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


def _activity(group: str, key: str, label: Message, prefixes: str, examples: str) -> Activity:
    return Activity(key, group, label, tuple(prefixes.split()), tuple(example.strip() for example in examples.split(",")))


ACTIVITIES: tuple[Activity, ...] = (
    _activity(
        "food", "meals", Message("Cooking and serving meals"), "55520 55523 55524 5551 5532", "school meals, canteen, lunch"
    ),
)
