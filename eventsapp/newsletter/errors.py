"""What the newsletter refuses."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Invalid, NotFound, Refusal


class LinkOver(NotFound):
    """The link to confirm an address is too old, or not ours."""

    title = _l("Lien périmé")


class NobodyReads(Invalid):
    """Nobody would receive the letter."""

    code = "nobody-to-write-to"
    title = _l("Aucun lecteur")


class EmptyLetter(Invalid):
    """Nothing stands in the letter."""

    code = "empty-letter"
    title = _l("Lettre vide")


class ReadersChanged(Refusal):
    """The readers are not those that were counted."""

    code = "audience-changed"
    title = _l("Le nombre de lecteurs a changé")


class LetterGone(Refusal):
    """The letter is on its way, or no draft any more."""

    code = "message-on-its-way"
    title = _l("Lettre déjà partie")
