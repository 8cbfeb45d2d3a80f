"""The office's list of orders."""

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from eventsapp.core.listing import Choice, Column, Dates, Kind, Listing, State
from eventsapp.mail import queries as mails
from eventsapp.orders.models import Order
from eventsapp.orders.queries._conditions import LOST, counted, late, owed
from eventsapp.orders.statuses import OrderStatus, PaymentStatus

STATUS_WORDS = {
    OrderStatus.PENDING: _l("À régler"),
    OrderStatus.CONFIRMED: _l("Confirmée"),
    OrderStatus.CANCELLED: _l("Annulée"),
    OrderStatus.EXPIRED: _l("Expirée"),
}
_PAYMENT_WORDS = {
    PaymentStatus.NONE: _l("Rien à payer"),
    PaymentStatus.DUE: _l("Dû"),
    PaymentStatus.PART_PAID: _l("Partiel"),
    PaymentStatus.PAID: _l("Payé"),
    PaymentStatus.OVERPAID: _l("Trop payé"),
    PaymentStatus.PART_REFUNDED: _l("Remboursé en partie"),
    PaymentStatus.REFUNDED: _l("Remboursé"),
}
#: Where more went back than came in, whatever else is true of the money.
_LOST = _l("Rendu en trop")
#: What is not awaited any more.
_LAPSED = _l("Non réglé")
#: How an order made to try things out is marked.
TRIAL = _l("Essai")
_STATUS_TONES = {OrderStatus.PENDING: "wait", OrderStatus.CONFIRMED: "good"}
_PAYMENT_TONES = {PaymentStatus.PART_PAID: "wait", PaymentStatus.PAID: "good", PaymentStatus.OVERPAID: "bad"}
_CLOSED = (OrderStatus.CANCELLED, OrderStatus.EXPIRED)


def status_tone(order: Order) -> str | None:
    """Return how the state of the seats is set."""
    return _STATUS_TONES.get(order.status)


def payment_tone(order: Order) -> str | None:
    """Return how the state of the money is set."""
    return "bad" if order.lost_cents else _PAYMENT_TONES.get(order.payment_status)


def payment_word(order: Order) -> str:
    """Return what the office calls the state of the money: of what expired unpaid nothing is due."""
    if order.lost_cents:
        return str(_LOST)
    if order.status is OrderStatus.EXPIRED and order.payment_status is PaymentStatus.DUE:
        return str(_LAPSED)
    return str(_PAYMENT_WORDS[order.payment_status])


def _keys(*conditions: sa.ColumnExpressionArgument[bool]) -> sa.Select[int]:
    """Return the keys of the orders that meet these conditions, to be read apart from a list of orders."""
    return sa.select(Order.id).where(*conditions).correlate(None)


def _any_of(*keys: sa.Select[int]) -> sa.ColumnElement[bool]:
    """Say of an order that one of these statements finds it."""
    return Order.id.in_(sa.union_all(*keys))


def order_list(
    *,
    today: date,
    methods: Mapping[str, str],
    held_up: Sequence[sa.Select[int]] = (),
    production: bool | None = None,
) -> Listing:
    """Return the list of orders; ``methods`` maps codes of payment methods to names.

    ``held_up`` find the orders of which an invoice is refused or was not made: a higher room knows. Such a one waits
    for somebody, as what is paid without a seat does, what went back twice, and what is paid and of which a mail did
    not leave.

    Orders made to try things out are shown among all, and left out where money is counted: see ``counted``, also for
    ``production``.
    """
    counts = counted(production=production)
    paid = sa.and_(Order.status == OrderStatus.CONFIRMED, Order.payment_status == PaymentStatus.PAID)
    # What waits is few among many: each reason finds its orders by an index, and no row is read to be asked for all.
    to_refund = _any_of(
        _keys(Order.paid_without_seat),
        _keys(Order.payment_status == PaymentStatus.OVERPAID),
        _keys(Order.status.in_(_CLOSED), Order.paid_cents - Order.refunded_cents > Order.kept_cents),
    )
    withdrawn = sa.and_(Order.withdrawn_at.is_not(None), Order.status == OrderStatus.CONFIRMED)
    to_handle = _any_of(
        _keys(withdrawn),
        _keys(Order.paid_without_seat),
        _keys(LOST),
        _keys(paid, Order.id.in_(mails.refused_about("order"))),
        *held_up,
    )
    return Listing(
        name="commandes",
        title=_l("Commandes"),
        statement=sa.select(Order),
        states=(
            State("toutes", _l("Toutes")),
            State("a-traiter", _l("À traiter"), where=sa.and_(to_handle, counts)),
            State("dues", _l("À encaisser"), where=sa.and_(owed(), counts), order=(Order.due_on.asc(), Order.id.asc())),
            State("retard", _l("En retard"), where=sa.and_(late(today), counts)),
            State("attente", _l("Places retenues"), where=Order.status == OrderStatus.PENDING),
            State("payees", _l("Payées"), where=sa.and_(paid, counts)),
            State("a-rembourser", _l("À rembourser"), where=sa.and_(to_refund, counts)),
            State(
                "closes",
                _l("Annulées et expirées"),
                where=Order.status.in_(_CLOSED),
            ),
        ),
        search=(Order.reference, Order.first_name, Order.last_name, Order.billing_name, Order.email, Order.siret),
        domains=(Order.email,),
        search_hint=_l("Référence, nom, organisme, courriel, SIRET"),
        filters=(
            Choice(
                name="reglement",
                label=_l("Règlement"),
                options=methods,
                where=lambda code: Order.payment_method == code,
            ),
            Choice(name="essai", label=_l("Essais"), options={"oui": _l("Essais")}, where=lambda _value: Order.is_test),
            Dates(name="recue", label=_l("Reçue"), column=Order.placed_at),
            Dates(name="echeance", label=_l("Échéance"), column=Order.due_on),
        ),
        columns=(
            Column(
                "client",
                _l("Client"),
                lambda order: order.billed_to,
                opens=True,
                sort=Order.billing_name,
                second=lambda order: order.buyer_name if order.billing_name else order.email,
                second_label=_l("Contact"),
            ),
            Column(
                "reference",
                _l("Référence"),
                lambda order: order.reference,
                kind=Kind.CODE,
                second=lambda order: TRIAL if order.is_test else None,
                second_label=TRIAL,
                on_phone=False,
            ),
            Column(
                "places",
                _l("Commande"),
                lambda order: STATUS_WORDS[order.status],
                kind=Kind.STATE,
                tone=status_tone,
                on_phone=False,
            ),
            Column(
                "argent",
                _l("Règlement"),
                payment_word,
                kind=Kind.STATE,
                tone=payment_tone,
                second=lambda order: methods.get(order.payment_method, order.payment_method),
                second_label=_l("Mode"),
            ),
            Column(
                "echeance",
                _l("Échéance"),
                lambda order: order.due_on,
                kind=Kind.DATE,
                sort=Order.due_on,
                on_phone=False,
            ),
            Column("total", _l("Montant"), lambda order: order.total_cents, kind=Kind.MONEY, sort=Order.total_cents),
            Column("recue", _l("Reçue"), lambda order: order.placed_at, kind=Kind.MOMENT, sort=Order.placed_at),
            Column("reste", _l("Reste dû"), lambda order: order.awaited_cents, kind=Kind.MONEY, only_in_file=True),
            Column("tva", _l("TVA"), lambda order: order.vat_cents, kind=Kind.MONEY, only_in_file=True),
            Column("courriel", _l("Courriel"), lambda order: order.email, only_in_file=True),
            Column("siret", _l("SIRET"), lambda order: order.siret, only_in_file=True),
            Column("engagement", _l("Engagement"), lambda order: order.commitment_number, only_in_file=True),
        ),
        order=(Order.placed_at.desc(), Order.id.desc()),
        empty=_l("Les commandes paraîtront ici dès la première."),
    )
