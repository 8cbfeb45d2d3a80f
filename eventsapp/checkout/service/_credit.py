"""Taking back what was invoiced: what an order costs, and what its invoice says, go down together."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.checkout.service._settle import deliver_settled
from eventsapp.core import i18n
from eventsapp.core.errors import Invalid
from eventsapp.invoices import queries as invoice_queries
from eventsapp.invoices import rules as invoice_rules
from eventsapp.invoices import service as invoices
from eventsapp.invoices.errors import CreditTooHigh
from eventsapp.invoices.models import Invoice
from eventsapp.invoices.rules import Sold
from eventsapp.invoices.values import CreditPart
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.values import Take


def credit_invoice(
    invoice: Invoice,
    *,
    amount_cents: int | None = None,
    parts: Sequence[CreditPart] = (),
    redo: bool = False,
    reason: str,
    actor: User,
    now: datetime,
    form_key: str | None = None,
) -> Invoice:
    """Take back ``parts`` of an invoice, or ``amount_cents`` of all that is left of it, because the office asks.

    The order costs so much less from now on, unless the invoice is taken back whole to be written anew (``redo``). The
    same form sent twice makes one credit note.
    Raises ``NotCreditable``, ``CreditTooHigh`` and ``Invalid``.
    """
    order = orders.lock(invoice.order_id)
    if form_key is not None and (known := invoice_queries.by_form_key(form_key)) is not None:
        return known
    invoice_rules.require_creditable(invoice.kind)
    invoice = invoice_queries.in_full(invoice.id)
    sold = _chosen(invoice, amount_cents=amount_cents, parts=parts)
    parts = [
        CreditPart(
            order_line_id=key or 0,
            amount_cents=invoice_rules.gross_of(line),
            quantity=line[0].quantity,
            detail=line[0].detail,
        )
        for key, line in invoice_rules.by_line(sold).items()
    ]
    if not redo:
        _owe_less(order, sold, reason=reason, now=now)
    elif invoice_rules.gross_of(sold) < invoice_rules.gross_of(invoice_queries.lines_left(invoice)):
        message = _("Une facture à refaire se reprend en entier.")
        raise Invalid(message, errors={"/redo": message})
    return invoices.credit(order, invoice.id, parts=parts, reason=reason, actor=actor, now=now, form_key=form_key)


def credit_down(
    order: Order,
    *,
    reason: str,
    now: datetime,
    actor: User | None = None,
    units: Mapping[int, int] | None = None,
    details: Mapping[int, str] | None = None,
    kept: Mapping[int, int] | None = None,
) -> Invoice | None:
    """Credit what the invoice of a locked order says beyond what its lines cost now; ``None`` when that is nothing.

    ``units`` and ``details`` say, by the key of the line, how many were taken back, and whose they were; ``kept`` what
    of their price is kept as a fee.
    """
    invoice = invoice_queries.standing_invoice(order.id)
    if invoice is None:
        return None
    costs = {line.id: line.owed_cents for line in order.lines}
    parts = []
    for order_line_id, line in invoice_rules.by_line(invoice_queries.lines_left(invoice)).items():
        key, left_cents = order_line_id or 0, invoice_rules.gross_of(line)
        over = left_cents - costs.get(key, 0)
        if over > 0:
            alone = line[0].quantity if over == left_cents else 1
            parts.append(
                CreditPart(
                    order_line_id=key,
                    amount_cents=over,
                    quantity=(units or {}).get(key) or alone,
                    detail=_told((details or {}).get(key, ""), over, (kept or {}).get(key, 0), locale=order.locale),
                )
            )
    return invoices.credit(order, invoice.id, parts=parts, reason=reason, now=now, actor=actor) if parts else None


def _chosen(invoice: Invoice, *, amount_cents: int | None, parts: Sequence[CreditPart]) -> Sequence[Sold]:
    """Return what is credited of an invoice, its lines loaded: the chosen parts, or an amount shared over all lines."""
    left = invoice_queries.lines_left(invoice)
    if parts:
        return invoice_rules.picked(left, parts, invoiced=invoice_queries.invoiced(invoice))
    most = invoice_rules.gross_of(left)
    wanted = most if amount_cents is None else amount_cents
    if not 0 < wanted <= most:
        message = _("Il ne reste pas tant à reprendre de cette facture.")
        raise CreditTooHigh(message, errors={"/amount": message})
    return invoice_rules.part(left, amount_cents=wanted)


def _owe_less(order: Order, sold: Sequence[Sold], *, reason: str, now: datetime) -> None:
    """Let a locked order cost less by what is credited, and deliver it when that was what was missing."""
    owed = order.balance_cents
    cents: dict[int, int] = defaultdict(int)
    for piece in sold:
        cents[piece.order_line_id or 0] += piece.gross_cents
    orders.take_back(
        order, {key: Take(credited_cents=credited) for key, credited in cents.items()}, reason=reason, now=now
    )
    if owed > 0 >= order.balance_cents and order.owed_cents > 0:
        # Before the number of the credit note: a subscription that begins holds its reader.
        deliver_settled([order], now=now)


def _told(detail: str, credited_cents: int, kept_cents: int, *, locale: str) -> str:
    """Return whose it was and, where a fee is kept, of what price the credit is the rest."""
    if kept_cents <= 0:
        return detail
    with i18n.speaking(locale):
        rest = _(
            "annulation de %(all)s TTC, dont %(kept)s de frais retenus : %(credited)s repris",
            all=i18n.money(credited_cents + kept_cents),
            kept=i18n.money(kept_cents),
            credited=i18n.money(credited_cents),
        )
    return " – ".join(part for part in (detail, rest) if part)
