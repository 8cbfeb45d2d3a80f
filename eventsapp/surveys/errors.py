"""What answers are refused for."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Refusal


class SurveyClosed(Refusal):
    """The questionnaire is not open to the person: too early, too late, switched off, or they were not there."""

    code = "survey-closed"
    title = _l("Questionnaire fermé")
    status = 409
