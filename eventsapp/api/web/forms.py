"""The form of a new token."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from eventsapp.api.rules import NAME_LENGTH
from eventsapp.api.statuses import Scope
from eventsapp.core.fields import text_field

SCOPE_NAMES = {
    Scope.ORGANISER: _l("Organisation : lire les inscriptions et les commandes"),
    Scope.EDITOR: _l("Rédaction : écrire et publier des comptes rendus"),
    Scope.ACCOUNTANT: _l("Comptabilité : lire les commandes"),
    Scope.DOOR: _l("Accueil : pointer les entrées"),
}


class _Scopes(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class TokenForm(FlaskForm):
    """A token for one program."""

    name = text_field(
        _l("Nom"),
        most=NAME_LENGTH,
        required=_l("Dites quel programme s’en servira."),
        description=_l("Le programme qui s’en servira ; le journal le nommera ainsi."),
    )
    scopes = _Scopes(
        _l("Portées"),
        choices=[SelectChoice(scope.value, label) for scope, label in SCOPE_NAMES.items()],
        coerce=str,
    )

    def validate_scopes(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_l("Choisissez au moins une portée."))

    def chosen_scopes(self) -> set[Scope]:
        return {Scope(code) for code in self.scopes.data or []}
