"""Forms of the site's texts."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from eventsapp.core.fields import long_text_field, text_field

#: The longest text, in characters.
LONGEST = 60_000


class TextForm(FlaskForm):
    """A text of the site: its title, and its body in Markdown."""

    title = text_field(_l("Titre"), most=150, required=_l("Donnez un titre à la page."))
    body = long_text_field(
        _l("Texte"),
        most=LONGEST,
        required=_l("Le texte est vide."),
        description=_l("En Markdown. Les titres de partie commencent par ##."),
    )
