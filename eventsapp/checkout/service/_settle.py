"""Money arrives: by card as Stripe tells it, or by hand as the office types it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter

from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.checkout import mails
from eventsapp.checkout.service._close import close
from eventsapp.checkout.service._hold import hold_taken
from eventsapp.checkout.service._invoice import invoice_paid
from eventsapp.checkout.values import MoneyReceived
from eventsapp.core import clock, i18n
from eventsapp.invoices import service as invoices
from eventsapp.mandats import service as mandats
from eventsapp.orders import queries as order_queries
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import gateway
from eventsapp.payments import queries as payment_queries
from eventsapp.payments import rules as payment_rules
from eventsapp.payments import service as payments
from eventsapp.payments.errors import AlreadyRecorded, MoreThanOwed
from eventsapp.payments.models import Payment
from eventsapp.payments.statuses import CardSessionStatus, EventOutcome
from eventsapp.payments.values import CardPayment
from eventsapp.promotions import service as promotions
from eventsapp.registrations import mails as registration_mails
from eventsapp.registrations import queries as registration_queries
from eventsapp.registrations import service as registrations
from eventsapp.registrations.errors import AlreadyRegistered
from eventsapp.study_days.errors import RegistrationClosed, SoldOut
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.subscriptions import queries as subscription_queries
from eventsapp.subscriptions import service as subscriptions

#: What the history, the credit note and the buyer's mail say of a renewal that another order made.
SUPERSEDED = "Abonnement déjà renouvelé par une autre commande"
_OPEN = frozenset({OrderStatus.PENDING, OrderStatus.CONFIRMED})


def settle(
    order_id: int, money: MoneyReceived, *, received_on: date, now: datetime, actor: User | None = None
) -> Payment | None:
    """Count money for an order and let follow what it pays for: seats, subscriptions, the mail.

    Returns ``None``, and changes nothing, when the gateway or the office's form told the same payment before.
    Raises ``Invalid`` for a date that cannot be, ``AlreadyRecorded`` for what looks like the same money, and
    ``MoreThanOwed``.
    """
    counted = settle_together({order_id: money}, received_on=received_on, now=now, actor=actor)
    return counted[0] if counted else None


def settle_together(
    shares: Mapping[int, MoneyReceived], *, received_on: date, now: datetime, actor: User | None = None
) -> list[Payment]:
    """Count what each of these orders gets, all or none, as ``settle`` counts it for one; return what is new.

    Step by step for all of them: what one of them takes is nothing that somebody waits for while holding what the next
    one needs ("The order of locks" in docs/architecture.md).
    """
    locked = [orders.lock(order_id) for order_id in sorted(shares)]
    for order in locked:
        payment_rules.require_plausible_date(
            received_on,
            field="received_on",
            ordered_on=clock.local_date(order.placed_at),
            today=clock.local_date(now),
        )
        _require_meant(order, shares[order.id], received_on=received_on)
    counted = [
        (order, payment)
        for order in locked
        if (payment := _count(order, shares[order.id], received_on=received_on, actor=actor, now=now)) is not None
    ]
    deliver_settled([order for order, _payment in counted], now=now)
    for order, payment in counted:
        payments.enter_payment(order, payment, now=now)
        mails.payment_received(order, payment, now=now)
    return [payment for _order, payment in counted]


def deliver_settled(some: Sequence[Order], *, now: datetime) -> None:
    """Give what locked orders bought, and invoice it, for those of them of which all is paid."""
    settled = [order for order in some if order.balance_cents <= 0]
    if settled:
        hold_taken([order.id for order in settled])
    # By address, as each subscription that begins holds its reader.
    closed = {order.id: _fulfil(order, now=now) for order in sorted(settled, key=attrgetter("email", "id"))}
    # Numbers after all that: whoever has one lets everybody wait who credits or invoices.
    for order in settled:
        if closed[order.id]:
            invoices.credit_rest(order, reason=closed[order.id], now=now)
    for order in settled:
        mandats.mark_paid(order, now=now)
        invoice_paid(order, now=now)


def settle_card(
    payment: CardPayment, *, now: datetime, expected_cents: int | None = None
) -> tuple[EventOutcome, str, Order | None]:
    """Settle what was paid at Stripe, on a page or without; return the outcome, the reason of a refusal, and the order.

    Stripe's message, the buyer's return, the end of a hold and the reconciliation all come here: the first one counts.
    What does not fit becomes an alert for the office, once, and counts nothing; the card that Stripe keeps since is
    known, for when the order is settled. ``expected_cents`` were asked for, where no page did.
    """
    order = order_queries.by_reference(payment.reference)
    page = payment_queries.card_session(payment.session_id)
    # Whose card it is: of the order that the page was opened for, whatever it says by now.
    owner_id = page.order_id if page else order.id if order else None
    if payment.card is not None and owner_id is not None:
        # What was agreed with it comes before the order itself ("The order of locks" in docs/architecture.md).
        subscription_queries.hold_agreement_of_order(owner_id)
    if order is not None:
        # Before any page of it is marked: the expiry takes the same two in the same order.
        order = orders.lock(order.id)
    payments.mark_page(payment.session_id, CardSessionStatus.COMPLETE)
    problem = _problem(payment, order, expected_cents=expected_cents)
    if problem or order is None:
        payments.raise_alert(payment, problem=problem, order=order, now=now)
        if payment.card is not None and owner_id is not None:
            subscriptions.note_card(owner_id, payment.card)
        return EventOutcome.REFUSED, problem, order
    counted = settle(
        order.id,
        MoneyReceived(
            method=_card_method(order), amount_cents=payment.amount_cents, gateway_reference=payment.payment_id
        ),
        # The day where the seller is, by Stripe's clock, which may be a moment ahead of ours.
        received_on=clock.local_date(min(payment.paid_at or now, now)),
        now=now,
    )
    if payment.card is not None:
        subscriptions.keep_card(order.id, payment.card, now=now)
    return (EventOutcome.SETTLED if counted else EventOutcome.IGNORED), "", order


def take_answer(payment: CardPayment, *, now: datetime) -> tuple[EventOutcome, str, Order | None]:
    """Keep what Stripe says of a page: paid, at its end unpaid, or open still; see ``settle_card``.

    Of one without a payment it is the card that takes another's place.
    """
    if payment.keeps_only:
        if payment.live is not gateway.expects_live() or payment.card is None:
            return EventOutcome.IGNORED, "", None
        changed = subscriptions.change_card(
            payment.reference, payment.card, page_id=payment.session_id, opened_at=payment.opened_at or now, now=now
        )
        return (EventOutcome.SETTLED if changed else EventOutcome.IGNORED), "", None
    if payment.paid:
        return settle_card(payment, now=now)
    if not payment.open:
        payments.mark_page(payment.session_id, CardSessionStatus.EXPIRED)
    return EventOutcome.IGNORED, "", None


def _count(
    order: Order, money: MoneyReceived, *, received_on: date, actor: User | None, now: datetime
) -> Payment | None:
    payment = payments.record_payment(
        order,
        method=money.method,
        amount_cents=money.amount_cents,
        received_on=received_on,
        now=now,
        gateway_reference=money.gateway_reference,
        reference=money.reference,
        bank=money.bank,
        payer=money.payer,
        form_key=money.form_key,
        recorded_by_id=actor.id if actor else None,
    )
    if payment is not None:
        audit.record(
            "payments.record",
            subject=orders.subject(order),
            now=now,
            actor=actor,
            by=money.payer or "Stripe",
            changes={"amount_cents": money.amount_cents, "method": money.method, "reference": money.reference},
        )
    return payment


def _require_meant(order: Order, money: MoneyReceived, *, received_on: date) -> None:
    """Ask before the same money is typed twice, or more than is owed.

    The gateway's money has an id of its own, a form sent twice its key: nobody is asked about them.
    """
    if money.gateway_reference is not None:
        return
    if money.form_key is not None and payment_queries.payment_by_form_key(money.form_key) is not None:
        return
    if not money.surely_new:
        _require_new(order, money, received_on=received_on)
    owed = max(0, order.balance_cents)
    if money.amount_cents > owed and not money.surely_too_much:
        told = _("C’est plus que le reste dû, %(owed)s : vérifiez le montant, ou confirmez-le.", owed=i18n.money(owed))
        raise MoreThanOwed(told, errors={"/amount": told})


def _require_new(order: Order, money: MoneyReceived, *, received_on: date) -> None:
    if money.reference and payment_queries.method(money.method).means_code == payment_rules.CHEQUE_MEANS:
        cheque = payment_queries.same_cheque(money.reference, money.bank)
        if cheque is not None:
            raise AlreadyRecorded(
                _(
                    "Le chèque n° %(number)s est déjà enregistré : %(amount)s reçus le %(date)s pour la commande"
                    " %(reference)s.",
                    number=cheque.reference,
                    amount=i18n.money(cheque.amount_cents),
                    date=i18n.date_long(cheque.received_on),
                    reference=cheque.order.reference,
                )
            )
    elif payment_queries.has_payment(
        order.id,
        method=money.method,
        reference=money.reference,
        amount_cents=money.amount_cents,
        received_on=received_on,
    ):
        raise AlreadyRecorded("Le même règlement est déjà enregistré : même mode, numéro, montant et date.")


def _problem(payment: CardPayment, order: Order | None, *, expected_cents: int | None) -> str:
    """Return why a paid page does not fit its order; empty when it does, or was counted before."""
    if order is None:
        return f"aucune commande {payment.reference!r}"
    if payment_queries.payment_by_gateway_reference(payment.payment_id) is not None:
        return ""
    page = payment_queries.card_session(payment.session_id)
    if page is not None and page.order_id != order.id:
        return "la page de paiement est celle d’une autre commande"
    mismatch = payment_rules.mismatch(
        paid=payment.paid,
        amount_cents=payment.amount_cents,
        currency=payment.currency,
        live=payment.live,
        # What was asked for: another payment may have come in since.
        expected_cents=expected_cents or (page.amount_cents if page else order.balance_cents),
        expects_live=gateway.expects_live(),
    )
    return mismatch or ""


def _fulfil(order: Order, *, now: datetime) -> str:
    """Give what is paid: the seats held or, if the hold was over, the seats that are left.

    Return why the order was cancelled instead, so that its invoice is taken back; empty when it was not.
    """
    closed = ""
    was_confirmed = order.status is OrderStatus.CONFIRMED
    superseded = subscriptions.is_superseded(order.id)
    if superseded and order.status in _OPEN:
        closed = SUPERSEDED
    elif order.status is OrderStatus.PENDING and _is_called_off(order):
        closed = "payée pour une journée annulée"
    if closed:
        close(order, reason=closed, now=now)
    if order.status is OrderStatus.PENDING:
        orders.move(order, OrderStatus.CONFIRMED, now=now)
        registrations.confirm(order.id)
    elif order.status is OrderStatus.EXPIRED and not superseded and _seats_taken_again(order, now=now):
        orders.move(order, OrderStatus.CONFIRMED, now=now)
        promotions.take_again(order.id)
    elif order.status is not OrderStatus.CONFIRMED:
        # What makes good a refund, or pays the fees of what was cancelled, is not due back.
        orders.mark_without_seat(order, lacking=order.returnable_cents > 0)
        return closed
    orders.mark_without_seat(order, lacking=False)
    if not was_confirmed:
        registration_mails.seats_confirmed(order, registration_queries.standing_of_order(order.id), now=now)
    subscriptions.start_of_order(order.id, today=clock.local_date(now), now=now)
    return ""


def _is_called_off(order: Order) -> bool:
    """Return whether nothing of the order will take place; a day that is postponed keeps its seats, held or not.

    Of what holds other things as well, the part of the day that was called off is taken back by itself.
    """
    days = registration_queries.days_of_order(order.id)
    return (
        bool(days)
        and all(day.status is StudyDayStatus.CANCELLED for day in days)
        and not subscription_queries.standing_of_order(order.id)
    )


def close_superseded(order: Order, *, now: datetime) -> None:
    """Cancel a locked order that would renew what another order renewed, and take its invoice back, if it has one."""
    close(order, reason=SUPERSEDED, now=now)
    invoices.credit_rest(order, reason=SUPERSEDED, now=now)


def _seats_taken_again(order: Order, *, now: datetime) -> bool:
    days = registration_queries.days_of_order(order.id)
    if any(day.status is not StudyDayStatus.PUBLISHED or day.starts_at <= now for day in days):
        return False
    try:
        registrations.retake(order.id, now=now)
    except (SoldOut, RegistrationClosed, AlreadyRegistered):
        return False
    return True


def _card_method(order: Order) -> str:
    """Return the method under which money from the gateway is counted: the one paid online, if there is one."""
    own = payment_queries.method(order.payment_method)
    if own.online:
        return own.code
    return next((method.code for method in payment_queries.all_methods() if method.online), own.code)
