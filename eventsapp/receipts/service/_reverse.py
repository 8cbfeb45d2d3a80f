"""A payment that did not hold, as the cheque bounced, or that somebody had typed by mistake."""

from datetime import date, datetime

from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.checkout import service as checkout
from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.orders import service as orders
from eventsapp.payments import service as payment_service
from eventsapp.payments.models import Payment
from eventsapp.payments.statuses import PaymentKind
from eventsapp.receipts import mails, queries
from eventsapp.receipts.errors import NotReversible
from eventsapp.receipts.service._lines import release_line


def reverse(
    payment_id: int, *, reversed_on: date, reason: str, actor: User, now: datetime, by_mistake: bool = False
) -> Payment:
    """Take a payment back: its order is due again, and what only money opened is closed until it comes.

    What was given back of it meanwhile is owed besides. The seats stay: whether to cancel is for the office to say. The
    buyer is told, and the office of what did not hold. One that never came (``by_mistake``) is on no slip,
    and the bank's line that was counted for it waits again.
    Raises ``NotReversible`` and ``Invalid`` for a date that cannot be.
    """
    payment = queries.payment(payment_id)
    order = orders.lock(payment.order_id)
    if payment.kind is not PaymentKind.RECEIVED or payment.gateway_reference is not None:
        raise NotReversible("Seul un règlement reçu par chèque ou virement peut être annulé ; une carte se rembourse.")
    if queries.is_reversed(payment.id):
        raise NotReversible("Ce règlement est déjà annulé.")
    if payment.amount_cents > order.paid_cents:
        raise NotReversible("Une partie de cet argent a été transférée : faites-la d’abord revenir.")
    if by_mistake and payment.deposit_id is not None:
        raise NotReversible(
            _(
                "Ce chèque est sur la remise n° %(number)s : s’il n’existe pas, annulez d’abord cette remise.",
                number=payment.deposit_id,
            )
        )
    if not payment.received_on <= reversed_on <= clock.local_date(now):
        message = _("Cette date va de celle du règlement à aujourd’hui.")
        raise Invalid(message, errors={"/reversed_on": message})
    reversal = payment_service.reverse_payment(
        order,
        payment,
        reversed_on=reversed_on,
        reason=reason,
        now=now,
        recorded_by_id=actor.id,
        by_mistake=by_mistake,
    )
    suspended = checkout.reopen(order, now=now)
    if by_mistake and payment.bank_line_id is not None:
        # The money came, but for something else: its line may be counted anew, for this very order too.
        payment.form_key = None
        db.session.flush()
        release_line(payment.bank_line_id)
    audit.record(
        "payments.undo" if by_mistake else "payments.reverse",
        subject=orders.subject(order),
        now=now,
        actor=actor,
        changes={"amount_cents": payment.amount_cents, "reference": payment.reference, "reason": reason},
    )
    if by_mistake:
        mails.payment_undone(order, payment, suspended=suspended > 0, now=now)
    else:
        mails.payment_reversed(order, payment, reason=reason, suspended=suspended > 0, now=now)
    return reversal
