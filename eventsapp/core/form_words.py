"""What WTForms says by itself, in our words: the same in every form, in French typography, in the page's language."""

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_wtf.i18n import translations as of_library
from wtforms.meta import DefaultMeta

from eventsapp.core import i18n

_CHOOSE = _l("Choisissez dans la liste.")
#: What the library says, in its English, and what we say: what to do, not that it is wrong.
WORDS = {
    "Not a valid choice.": _CHOOSE,
    "'%(value)s' is not a valid choice for this field.": _CHOOSE,
    "Invalid Choice: could not coerce.": _CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _CHOOSE,
    "Not a valid date value.": _l("Écrivez une date, par exemple 24/02/2027."),
    "Not a valid time value.": _l("Écrivez une heure, par exemple 9:30."),
    "Not a valid datetime value.": _l("Écrivez une date et une heure, par exemple 24/02/2027 9:30."),
    "Not a valid integer value.": _l("Écrivez un nombre entier, en chiffres."),
    "This field is required.": _l("À remplir."),
}


class _Words:
    """Translations as a form of WTForms asks for them."""

    def gettext(self, text: str) -> str:
        return str(WORDS[text]) if text in WORDS else _typographic(of_library.gettext(text))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        if singular in WORDS:
            return str(WORDS[singular])
        return _typographic(of_library.ngettext(singular, plural, number))


def init_app(app: Flask) -> None:
    """Let every form speak these words, those within other forms as well: they do not know Flask-WTF's language."""
    app.config["WTF_I18N_ENABLED"] = False
    DefaultMeta.get_translations = _words


def _words(_meta: DefaultMeta, _form: Any) -> _Words:
    return _WORDS


def _typographic(text: str) -> str:
    return text.replace("'", "’") if i18n.locale_code() == i18n.DEFAULT_LOCALE else text


_WORDS = _Words()
