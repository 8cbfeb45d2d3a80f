"""What the books refuse."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Refusal


class UnreadableReport(Refusal):
    """A file that is not a report of Stripe's with its payouts and fees."""

    code = "unreadable-report"
    title = _l("Rapport illisible")
    status = 422


class PayoutKnown(Refusal):
    """A payout of that name is recorded, or was taken back already."""

    code = "payout-known"
    title = _l("Versement déjà enregistré")
