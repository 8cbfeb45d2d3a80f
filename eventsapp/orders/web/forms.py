"""Forms around an order."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField

from eventsapp.core.fields import email_field, long_text_field


class FindForm(FlaskForm):
    """An address whose orders are looked for."""

    email = email_field(_l("Courriel"), required=_l("Indiquez le courriel donné à la commande."))
    #: Seen by robots only.
    website = StringField(_l("Ne pas remplir"))


class CancelForm(FlaskForm):
    """Why an order is cancelled."""

    reason = long_text_field(
        _l("Motif"),
        most=300,
        required=_l("Indiquez le motif : il est écrit à l’acheteur et gardé dans l’historique."),
        render_kw={"rows": 3},
    )
