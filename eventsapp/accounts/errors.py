"""What accounts refuse."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Refusal


class EmailTaken(Refusal):
    """Somebody has that address already."""

    code = "email-taken"
    title = _l("Adresse déjà utilisée")
    status = 422


class WrongCredentials(Refusal):
    """Address and password, or address and code, do not go together; which is wrong is not said."""

    code = "wrong-credentials"
    title = _l("Connexion refusée")
    status = 422


class WeakPassword(Refusal):
    """The password is too easy to guess."""

    code = "weak-password"
    title = _l("Mot de passe trop simple")
    status = 422


class LinkExpired(Refusal):
    """The link in the mail was used already, or is too old."""

    code = "link-expired"
    title = _l("Lien périmé")
    status = 410


class LastAdministrator(Refusal):
    """Nobody would be left who can change the team."""

    code = "last-administrator"
    title = _l("Dernier administrateur")
