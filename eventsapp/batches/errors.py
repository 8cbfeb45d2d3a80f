"""What actions on many refuse."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Invalid, Refusal


class NobodyConcerned(Invalid):
    """There is nobody of whom it can be done."""

    code = "nobody-concerned"
    title = _l("Personne n’est concerné")


class NotUndoable(Refusal):
    """It is too late to take it back, or it was taken back."""

    code = "batch-not-undoable"
    title = _l("Ne se reprend plus")
