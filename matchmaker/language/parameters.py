"""The values of a sentence's parameters as the reader's language writes them."""

from datetime import date
from decimal import Decimal, InvalidOperation

from matchmaker.domain.messages import DATE, MONEY, NUMBER, Parameter
from matchmaker.domain.values import Money
from matchmaker.language.locales import day, money, number


def written(name: str, value: Parameter, language: str) -> Parameter:
    """The value by what the end of its name says it is; as it stands where it says nothing or the value is not of that kind."""
    try:
        if name.endswith(MONEY):
            currency, _, amount = str(value).partition(" ")
            return money(Money(Decimal(amount), currency), language)
        if name.endswith(DATE):
            return day(date.fromisoformat(str(value)), language)
        if name.endswith(NUMBER):
            return number(Decimal(str(value)), language)
    except (ValueError, InvalidOperation):
        return value
    return value
