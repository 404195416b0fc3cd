"""A plan as JSON: every field by its own name, sentences in the reader's language with their source form."""

from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import msgspec

from matchmaker.domain.messages import Message
from matchmaker.language.translate import translate
from matchmaker.planning.plan import Plan
from matchmaker.web.plan_sharing import for_reader, joint_shown


def plan_record(plan: Plan, shown: Collection[str], language: str) -> dict[str, Any]:
    """The plan for a reader who sees the sizes of the suppliers in ``shown``; figures withheld are null.

    A sentence is an object as elsewhere in the API: ``sentence`` in ``language``, ``message`` and ``parameters`` its source.
    Amounts are texts with their decimals, shares and chances numbers from 0 to 1, dates ISO 8601.
    """
    record: dict[str, Any] = _plain(for_reader(plan, shown), language)
    for regime, written in zip(plan.regimes, record["regimes"], strict=True):
        if not joint_shown(regime, shown):
            written["joint_euro"] = None
    for consortium in record["consortia"]:
        for member in consortium["members"]:
            if member["key"] not in shown:
                member["euro"] = None
    return record


def _plain(value: object, language: str) -> Any:
    if isinstance(value, Message):
        return {
            "sentence": translate(value, language),
            "message": value.text,
            "parameters": dict(value.parameters),
        }
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name), language) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(held, language) for key, held in value.items()}
    if isinstance(value, frozenset):
        return sorted(_plain(held, language) for held in value)
    if isinstance(value, tuple):
        return [_plain(held, language) for held in value]
    return msgspec.to_builtins(value)
