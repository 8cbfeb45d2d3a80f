"""Why an order is in its state, in one sentence for the office, and what may be done to it now."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from eventsapp.core import i18n
from eventsapp.invoices import rules as invoice_rules
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import NEXT, OrderStatus, PaymentStatus
from eventsapp.payments.statuses import AlertKind


@dataclass(frozen=True, slots=True)
class Standing:
    """The sentence, and the tone of the notice around it."""

    why: str
    tone: str


def standing(
    order: Order,
    *,
    method: str,
    online: bool,
    finalising: bool,
    today: date,
    seats_only: bool = True,
    mail_refused: bool = False,
    taken_back: AlertKind | None = None,
) -> Standing:
    """Return why ``order`` is in its state; ``method`` names how it is paid, ``online`` or not.

    ``seats_only``: it holds seats and nothing else; where there is a subscription, the sentence is about the order.
    ``finalising``: its invoice is refused or was not made in time. ``mail_refused``: the server took no mail about it.
    ``taken_back``: money of it was refunded at Stripe, or lost there in a dispute, and nobody has dealt with that yet.
    """
    if order.paid_without_seat:
        return Standing(_without_seat(order), "error" if order.returnable_cents > 0 else "warning")
    if order.status is OrderStatus.PENDING:
        return Standing(_held(order, method=method, online=online, seats_only=seats_only), "warning")
    if order.status is OrderStatus.EXPIRED:
        return _with_rest(_expired(order, method=method, online=online, seats_only=seats_only), order)
    if order.status is OrderStatus.CANCELLED:
        return _with_rest(_cancelled(order), order)
    if taken_back is not None and order.balance_cents > 0:
        return Standing(_taken_back(order, taken_back), "error")
    found = _confirmed(order, method=method, mail_refused=mail_refused, today=today, seats_only=seats_only)
    if not finalising:
        return found
    held_up = _("La facture n’est pas prête : le contrôle la refuse ou n’a pas répondu.")
    return Standing(f"{found.why} {held_up}", "error")


def legal_actions(order: Order, *, invoiced: bool) -> frozenset[str]:
    """Return what the office may do to the order now: ``record``, ``refund``, ``cancel``, ``invoice``.

    Money that comes in is always recorded, whatever became of the order: it came.
    """
    legal = {
        "record": order.total_cents > 0,
        "refund": order.returnable_cents > 0,
        "cancel": OrderStatus.CANCELLED in NEXT[order.status],
        "invoice": order.owed_cents > 0
        and invoice_rules.is_invoiceable(order.status, without_seat=order.paid_without_seat)
        and not invoiced,
    }
    return frozenset(action for action, is_legal in legal.items() if is_legal)


def _without_seat(order: Order) -> str:
    if order.returnable_cents <= 0:
        return str(_("L’argent était arrivé sans qu’il reste de place ; il est rendu."))
    if order.status is OrderStatus.CANCELLED:
        return str(_("L’argent est arrivé pour une commande annulée : remboursez-le."))
    return str(_("L’argent est arrivé après le délai, quand il ne restait plus de place : remboursez-le."))


def _held(order: Order, *, method: str, online: bool, seats_only: bool) -> str:
    until = order.expires_at or order.placed_at
    if online and seats_only:
        told = _("La carte n’est pas encore payée. Les places sont retenues jusqu’à %(hour)s, puis rendues.")
    elif online:
        told = _("La carte n’est pas encore payée. La commande attend jusqu’à %(hour)s, puis elle est close.")
    elif not seats_only:
        told = _(
            "%(method)s : le règlement n’est pas encore arrivé. La commande attend jusqu’au %(date)s à %(hour)s, "
            "puis elle est close."
        )
    else:
        told = _(
            "%(method)s : le règlement n’est pas encore arrivé. Les places sont retenues jusqu’au %(date)s à %(hour)s, "
            "puis rendues."
        )
    return str(told) % {"method": method, "date": i18n.date_long(until), "hour": i18n.clock_time(until)}


def _expired(order: Order, *, method: str, online: bool, seats_only: bool) -> str:
    at = order.expired_at or order.placed_at
    if online and not seats_only:
        told = _("La carte n’a pas été payée à temps ; la commande a été close le %(date)s à %(hour)s.")
    elif not seats_only:
        told = _("%(method)s : le règlement n’est pas arrivé à temps ; la commande a été close le %(date)s à %(hour)s.")
    elif online:
        told = _("La carte n’a pas été payée à temps ; les places ont été rendues le %(date)s à %(hour)s.")
    else:
        told = _(
            "%(method)s : le règlement n’est pas arrivé à temps ; les places ont été rendues le %(date)s à %(hour)s."
        )
    return str(told) % {"method": method, "date": i18n.date_long(at), "hour": i18n.clock_time(at)}


def _cancelled(order: Order) -> str:
    text = _("Annulée le %(date)s.", date=i18n.date_long(order.cancelled_at or order.placed_at))
    if order.kept_cents:
        text += " " + _("%(amount)s de frais sont retenus.", amount=i18n.money(order.kept_cents))
    return str(text)


def _with_rest(text: str, order: Order) -> Standing:
    if order.lost_cents:
        return Standing(f"{text} {_lost(order)}", "error")
    if order.returnable_cents <= 0:
        return Standing(text, "warning")
    rest = _("%(amount)s restent à rembourser.", amount=i18n.money(order.returnable_cents))
    return Standing(f"{text} {rest}", "error")


def _lost(order: Order) -> str:
    """Return that more went back than came in."""
    return str(
        _(
            "Il a été rendu plus que reçu : %(amount)s à récupérer auprès de l’acheteur.",
            amount=i18n.money(order.lost_cents),
        )
    )


def _taken_back(order: Order, kind: AlertKind) -> str:
    """Return that money went at Stripe while what it paid for was kept."""
    balance = i18n.money(order.balance_cents)
    if kind is AlertKind.DISPUTE_LOST:
        text = _("La banque du porteur de la carte a repris son argent : il manque %(balance)s.", balance=balance)
    else:
        text = _("De l’argent a été rendu chez Stripe, hors de la commande : il manque %(balance)s.", balance=balance)
    return f"{text} {_('Ce qui est commandé reste donné tant que vous n’en décidez pas autrement.')}"


def _confirmed(order: Order, *, method: str, mail_refused: bool, today: date, seats_only: bool) -> Standing:
    if order.total_cents == 0:
        return Standing(_("Rien n’est à payer : la commande est confirmée dès son arrivée."), "success")
    if order.balance_cents < 0:
        return Standing(
            _("L’acheteur a payé %(amount)s de trop : rendez-les.", amount=i18n.money(-order.balance_cents)), "error"
        )
    if order.payment_status in (PaymentStatus.PART_REFUNDED, PaymentStatus.REFUNDED):
        told = str(
            _(
                "%(amount)s ont été remboursés, il reste %(balance)s à régler ; ce qui est commandé reste confirmé.",
                amount=i18n.money(order.refunded_cents),
                balance=i18n.money(order.balance_cents),
            )
        )
        return _with_rest(told, order) if order.lost_cents else Standing(told, "warning")
    if order.balance_cents > 0:
        return Standing(_awaited(order, method=method, today=today, seats_only=seats_only), "warning")
    if mail_refused:
        return Standing(_("Tout est réglé, mais un courriel n’est pas parti : le serveur l’a refusé."), "error")
    return Standing(_("Tout est réglé."), "success")


def _awaited(order: Order, *, method: str, today: date, seats_only: bool) -> str:
    due_on, grace = order.due_on, order.tolerated_until
    if due_on is not None and due_on < today:
        day = i18n.date_long(due_on)
        told = (
            _("Les places sont confirmées ; le règlement était attendu au plus tard le %(date)s.", date=day)
            if seats_only
            else _("La commande est confirmée ; le règlement était attendu au plus tard le %(date)s.", date=day)
        )
        if grace is not None and today <= grace:
            told += " " + _("Le délai de grâce court jusqu’au %(date)s.", date=i18n.date_long(grace))
        return str(told)
    if order.paid_cents:
        told = (
            _("Les places sont confirmées ; %(paid)s sont réglés, %(amount)s restent attendus.")
            if seats_only
            else _("La commande est confirmée ; %(paid)s sont réglés, %(amount)s restent attendus.")
        )
        return str(told) % {"paid": i18n.money(order.paid_cents), "amount": i18n.money(order.balance_cents)}
    told = (
        _("%(method)s : la promesse suffit à confirmer les places. Le règlement est attendu au plus tard le %(date)s.")
        if seats_only
        else _(
            "%(method)s : la promesse suffit à confirmer la commande. "
            "Le règlement est attendu au plus tard le %(date)s."
        )
    )
    return str(told) % {"method": method, "date": i18n.date_long(due_on or order.placed_at)}
