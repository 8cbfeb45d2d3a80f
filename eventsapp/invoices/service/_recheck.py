"""Asking the validators again."""

from datetime import datetime

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import queue
from eventsapp.invoices.models import Invoice
from eventsapp.invoices.service._issue import SWEEP
from eventsapp.invoices.statuses import Check
from eventsapp.orders import service as orders


def recheck(invoice: Invoice, *, actor: User, now: datetime) -> None:
    """Have the files of a refused invoice, its order loaded, made once more: the validators may have been away."""
    if invoice.check is not Check.INVALID:
        return
    invoice.check, invoice.attempts, invoice.problems = Check.PENDING, 0, []
    audit.record(
        "invoices.recheck",
        subject=orders.subject(invoice.order),
        now=now,
        actor=actor,
        changes={"number": invoice.number},
    )
    queue.nudge(SWEEP)
