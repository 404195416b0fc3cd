"""What differs between two versions of a lot, in sentences for those who were told of the former."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from matchmaker.domain.messages import Message

Values = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field (named as in ``domain.notice.Lot``) with its former and its new value as plain JSON; None where unstated."""

    field: str
    before: Any
    after: Any


def sentences_of(changes: Iterable[FieldChange]) -> tuple[Message, ...]:
    """The changes that matter to a supplier, the deadline first; the same sentence once."""
    by_field = {change.field: change for change in changes}
    found: list[Message] = []
    for field, sentence_for in _SENTENCES.items():
        sentence = sentence_for(by_field[field]) if field in by_field else None
        if sentence is not None and sentence not in found:
            found.append(sentence)
    return tuple(found)


def _deadline(change: FieldChange) -> Message | None:
    before, after = _day(change.before), _day(change.after)
    if after is None:
        return Message("The deadline of %(before_date)s no longer stands.", {"before_date": before}) if before else None
    if before is None:
        return Message("There is a deadline now: %(after_date)s.", {"after_date": after})
    if before == after:
        return Message("The hour of the deadline on %(after_date)s has changed.", {"after_date": after})
    return Message("The deadline has moved from %(before_date)s to %(after_date)s.", {"before_date": before, "after_date": after})


def _value(change: FieldChange) -> Message | None:
    before, after = _amount(change.before), _amount(change.after)
    if after is None:
        return None
    if before is None:
        return Message("The estimated value is stated now: %(after_money)s.", {"after_money": after})
    return Message(
        "The estimated value has changed from %(before_money)s to %(after_money)s.",
        {"before_money": before, "after_money": after},
    )


def _reserved(change: FieldChange) -> Message | None:
    was, is_now = (set(value or ()) - {"none"} for value in (change.before, change.after))
    if was and not is_now:
        return Message("The lot is no longer reserved.")
    if is_now and not was:
        return Message("The lot is reserved now.")
    return Message("Who may take part has changed.") if was != is_now else None


_SENTENCES: Mapping[str, Callable[[FieldChange], Message | None]] = {
    "deadline": _deadline,
    "interest_deadline": _deadline,
    "reserved": _reserved,
    "value": _value,
    "period": lambda _: Message("The duration has changed."),
    "nuts": lambda _: Message("The place of performance has changed."),
    "main_cpv": lambda _: Message("The kind of work (CPV) has changed."),
    "title": lambda _: Message("The title has changed."),
    "description": lambda _: Message("The description has changed."),
    "selection_criteria": lambda _: Message("What bidders must show has changed."),
    "performance_terms": lambda _: Message("The terms of performance have changed."),
    "lot": lambda _: Message("The lot was taken out of the notice, or put into it."),
}


def _day(value: Values) -> str | None:
    return str(value["day"]) if value else None


def _amount(value: Values) -> str | None:
    return f"{value['currency']} {value['amount']}" if value else None
