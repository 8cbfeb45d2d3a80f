"""What the frame of the office refuses."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Invalid


class TooManyViews(Invalid):
    """Somebody keeps as many views as there is room for."""

    code = "too-many-views"
    title = _l("Trop de vues")
