"""What messages to many refuse."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Invalid, Refusal


class UnusableText(Invalid):
    """The text asks for something that nobody can fill in."""

    code = "unusable-text"
    title = _l("Texte à corriger")


class NobodyToWriteTo(Invalid):
    """The audience is empty."""

    code = "nobody-to-write-to"
    title = _l("Aucun destinataire")


class AudienceChanged(Refusal):
    """The audience is not the one that was counted."""

    code = "audience-changed"
    title = _l("Le nombre de destinataires a changé")


class TooLate(Refusal):
    """The message is on its way, or not a draft any more."""

    code = "message-on-its-way"
    title = _l("Message déjà parti")
