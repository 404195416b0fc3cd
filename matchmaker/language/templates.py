"""Jinja templates that speak the reader's language: gettext, and dates, numbers and money by locale.

A template is rendered with ``language`` in its context. ``{{ _("...") }}`` and ``{% trans %}`` translate sentences,
``{{ value | say }}`` a ``Message``; ``date``, ``number``, ``money``, ``percent`` write values as the language does.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context
from markupsafe import Markup

from matchmaker.domain.messages import Message, Parameter
from matchmaker.language import formats
from matchmaker.language.translate import SOURCE_LANGUAGE, translate, translations


def environment(folder: Path) -> Environment:
    """An environment over ``folder`` that escapes HTML and refuses names it does not know."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    made.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {
        "say": _say,
        "date": _localised(formats.day),
        "moment": _localised(formats.moment),
        "number": _localised(formats.number),
        "money": _localised(formats.money),
        "percent": _localised(formats.percent),
        "deadline": _localised(formats.deadline),
        "period": _localised(formats.period),
        "language_name": _localised(formats.language_name),
        "country_name": _localised(formats.country_name),
    }
    return made


def _language(context: Context) -> str:
    return str(context.get("language", SOURCE_LANGUAGE))


@pass_context
def _gettext(context: Context, text: str) -> str:
    return translations(_language(context)).gettext(text)


@pass_context
def _ngettext(context: Context, singular: str, plural: str, count: int) -> str:
    return translations(_language(context)).ngettext(singular, plural, count)


@pass_context
def _say(context: Context, message: Message | str, **parameters: Parameter) -> str | Markup:
    if parameters and isinstance(message, Message):
        message = Message(message.text, {**message.parameters, **parameters})
    return translate(message, _language(context))


def _localised(function: Any) -> Any:
    @pass_context
    def in_language(context: Context, value: Any, **named: Any) -> str:
        return str(function(value, _language(context), **named))

    return in_language


def render(made: Environment, template: str, language: str, values: Mapping[str, Any]) -> str:
    """One template as text."""
    return made.get_template(template).render(language=language, **values)
