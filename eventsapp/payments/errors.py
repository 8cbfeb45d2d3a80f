"""What payments refuse."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Refusal


class GatewayFailure(Refusal):
    """Stripe did not do what it was asked; ``reason`` says why in its own words, for the office."""

    def __init__(self, message: str, *, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


class GatewayUnavailable(GatewayFailure):
    """Stripe does not answer, or answers nonsense; the same request may be made again without harm."""

    code = "gateway-unavailable"
    title = _l("Paiement par carte momentanément indisponible")
    status = 503


class GatewayRefused(GatewayFailure):
    """Stripe understood and said no: a wrong key, a parameter, a closed account."""

    code = "gateway-refused"
    title = _l("Paiement par carte impossible")
    status = 502


class GatewayFaltered(GatewayUnavailable):
    """Stripe answered with an error of its own, and repeats it for the same key: ask again with another."""


class ChargeDeclined(GatewayFailure):
    """The card was not charged: its bank says no, asks its holder (``asks_holder``), or the card is gone."""

    code = "charge-declined"
    title = _l("Prélèvement refusé")

    def __init__(self, message: str, *, reason: str = "", asks_holder: bool = False) -> None:
        super().__init__(message, reason=reason)
        self.asks_holder = asks_holder


class RefundRefused(GatewayFailure):
    """Stripe understood, and gives nothing back."""

    code = "refund-refused"
    title = _l("Remboursement refusé")


class NothingToRefund(Refusal):
    """More is asked for than was paid by card and not given back."""

    code = "invalid"
    title = _l("Remboursement impossible")
    status = 422


class RefundClosed(Refusal):
    """Stripe confirmed the refund, or refused it, meanwhile."""

    code = "refund-closed"
    title = _l("Remboursement déjà dénoué")


class ForgedEvent(Refusal):
    """A message that Stripe did not sign, or long ago."""

    code = "forged-event"
    title = _l("Signature refusée")
    status = 400


class WrongMode(Refusal):
    """A message about trials where real money is awaited, or the other way round."""

    code = "wrong-mode"
    title = _l("Message d’un autre mode")


class EventNotAside(Refusal):
    """The message is not, or no more, set aside."""

    code = "event-not-aside"
    title = _l("Message déjà repris")


class NotPayable(Refusal):
    """The order takes no payment by card: paid, cancelled, expired or to be paid another way."""

    code = "not-payable"
    title = _l("Règlement impossible")


class MethodUnavailable(Refusal):
    """The payment method is unknown, switched off, or too late for the day."""

    code = "invalid"
    title = _l("Mode de règlement indisponible")
    status = 422


class MethodInUse(Refusal):
    """An order, or money that moved, refers to the payment method: it stays."""

    code = "method-in-use"
    title = _l("Mode de règlement utilisé")


class YearNotClosable(Refusal):
    """A year of the journal that is not over, closed already, or follows one that is still open."""

    code = "year-not-closable"
    title = _l("Exercice à ne pas clôturer")


class AlreadyRecorded(Refusal):
    """The same money is there already: a cheque of that number and bank, or method, number, amount and date alike."""

    code = "already-recorded"
    title = _l("Déjà enregistré")


class MoreThanOwed(Refusal):
    """The amount is more than the order still owes: a slip of the finger, or money to give back."""

    code = "more-than-owed"
    title = _l("Plus que le reste dû")


class FallsDue(Refusal):
    """The order stands and would owe again what is given back: meant, or a credit note is missing."""

    code = "falls-due"
    title = _l("À régler de nouveau")


class AlertHandled(Refusal):
    """Somebody dealt with the alert meanwhile."""

    code = "alert-handled"
    title = _l("Alerte déjà traitée")
