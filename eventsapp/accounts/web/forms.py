"""Forms of signing in, of one's account and of the team; they check shape."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, PasswordField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from eventsapp.accounts.access import RoleName
from eventsapp.core.fields import email_field, printable, text_field

#: The longest password taken, in characters.
PASSWORD_MOST = 128
ROLE_NAMES = {
    RoleName.ADMINISTRATOR: _l("Administration : tout, l’équipe comprise"),
    RoleName.ORGANISER: _l("Organisation : journées, programme, inscriptions, comptes rendus"),
    RoleName.EDITOR: _l("Rédaction : numéros, articles, comptes rendus, commentaires"),
    RoleName.ACCOUNTANT: _l("Comptabilité : commandes, règlements, exports"),
    RoleName.DOOR: _l("Accueil : les participants du jour"),
}


def password_field(label: object, *, required: object, autocomplete: str, description: object = "") -> PasswordField:
    """Return a field for a password, taken as typed."""
    return PasswordField(
        label,
        validators=[
            DataRequired(required),
            printable,
            Length(max=PASSWORD_MOST, message=_l("Pas plus de %(max)d caractères.")),
        ],
        description=description,
        render_kw={"autocomplete": autocomplete},
    )


class SignInForm(FlaskForm):
    """Address and password."""

    email = email_field(
        _l("Courriel"),
        required=_l("Indiquez votre adresse de courriel."),
        render_kw={"autocomplete": "username", "autofocus": True},
    )
    password = password_field(
        _l("Mot de passe"), required=_l("Indiquez votre mot de passe."), autocomplete="current-password"
    )
    remember = BooleanField(_l("Garder la session deux semaines sur cet appareil"))


class EmailForm(FlaskForm):
    """An address to which something is sent."""

    email = email_field(
        _l("Courriel"), required=_l("Indiquez votre adresse de courriel."), render_kw={"autocomplete": "email"}
    )


class CodeForm(EmailForm):
    """The code that was sent to an address."""

    code = text_field(
        _l("Code reçu"),
        most=20,
        required=_l("Recopiez le code du courriel."),
        description=_l("Huit chiffres ; les espaces ne comptent pas."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )
    remember = BooleanField(_l("Garder la session deux semaines sur cet appareil"))


class PasswordForm(FlaskForm):
    """A new password."""

    password = password_field(
        _l("Nouveau mot de passe"),
        required=_l("Choisissez un mot de passe."),
        autocomplete="new-password",
        description=_l("Douze caractères au moins. Une phrase de quelques mots convient très bien."),
    )
    again = password_field(
        _l("Le même, une seconde fois"), required=_l("Saisissez-le une seconde fois."), autocomplete="new-password"
    )

    def validate_again(self, field: Field) -> None:
        if field.data != self.password.data:
            raise ValidationError(_l("Les deux saisies diffèrent."))


class ChangePasswordForm(PasswordForm):
    """A new password, with the present one where there is one."""

    present = PasswordField(
        _l("Mot de passe actuel"),
        validators=[printable, Length(max=PASSWORD_MOST)],
        render_kw={"autocomplete": "current-password"},
    )


class NameForm(FlaskForm):
    """How somebody is called."""

    first_name = text_field(_l("Prénom"), most=80, render_kw={"autocomplete": "given-name"})
    last_name = text_field(lazy_pgettext("person", "Nom"), most=80, render_kw={"autocomplete": "family-name"})


class _Roles(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class MemberForm(NameForm):
    """Somebody of the team: name and roles."""

    roles = _Roles(
        _l("Rôles"),
        choices=[SelectChoice(role.value, label) for role, label in ROLE_NAMES.items()],
        coerce=str,
    )
    active = BooleanField(_l("Peut se connecter"))

    def chosen_roles(self) -> list[RoleName]:
        return [RoleName(value) for value in self.roles.data or []]


class InvitationForm(MemberForm):
    """Somebody who joins the team."""

    email = email_field(_l("Courriel"), required=_l("Indiquez l’adresse de la personne."))

    def validate_roles(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_l("Choisissez au moins un rôle."))
