"""What promotional codes refuse."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Conflict, Invalid


class CodeRefused(Invalid):
    """The code is unknown, closed, used up, or not for what is ordered."""

    title = _l("Code promotionnel refusé")

    def __init__(self, message: str) -> None:
        super().__init__(message, errors={"/promo_code": message})


class CodeTaken(Conflict):
    """Another code is written the same way."""

    title = _l("Code déjà utilisé")
