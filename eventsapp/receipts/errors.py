"""What is refused about money by hand."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Refusal


class PartsDoNotAddUp(Refusal):
    """The amounts of the orders are not together what came in."""

    code = "parts-do-not-add-up"
    title = _l("Les montants ne font pas le total")
    status = 422


class NotReversible(Refusal):
    """The payment cannot be taken back: by card, reversed already, or its money is elsewhere."""

    code = "not-reversible"
    title = _l("Ce règlement ne peut pas être annulé")


class NotDepositable(Refusal):
    """Nothing was chosen, or a cheque is on a slip already or bounced meanwhile."""

    code = "not-depositable"
    title = _l("Remise impossible")


class SlipNotCancellable(Refusal):
    """The slip is cancelled already, the bank has it, or one of its cheques bounced."""

    code = "slip-not-cancellable"
    title = _l("Ce bordereau ne peut pas être annulé")


class UnreadableStatement(Refusal):
    """The file is no statement that we can read."""

    code = "unreadable-statement"
    title = _l("Relevé illisible")
    status = 422


class LineHandled(Refusal):
    """Somebody dealt with the statement's line meanwhile."""

    code = "line-handled"
    title = _l("Ligne déjà traitée")
