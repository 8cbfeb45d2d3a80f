"""The slip under which cheques go to the bank."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

from eventsapp.core import french, settings
from eventsapp.papers import pdf
from eventsapp.payments.models import Deposit, Payment


def deposit_pdf(deposit: Deposit, cheques: Sequence[Payment]) -> bytes:
    """Return the slip of a deposit as PDF, its cheques with their orders loaded. Raises ``PaperFailed``."""
    seller = settings.current().seller
    data = {
        "site_name": settings.current().site_name,
        "number": str(deposit.id),
        "date": french.date_long(deposit.deposited_on),
        "holder": seller.name,
        "iban": " ".join(seller.iban[start : start + 4] for start in range(0, len(seller.iban), 4)),
        "cheques": [
            {
                "number": cheque.reference or "–",
                "bank": cheque.bank,
                "payer": cheque.payer or cheque.order.billed_to,
                "order": cheque.order.reference,
                "amount": french.money(cheque.amount_cents),
            }
            for cheque in cheques
        ],
        "count": str(deposit.cheques),
        "total": french.money(deposit.total_cents),
    }
    dated = datetime.combine(deposit.deposited_on, time(12), tzinfo=UTC)
    return pdf.render("receipts/deposit", data, title=f"Remise de chèques n° {deposit.id}", dated=dated)
