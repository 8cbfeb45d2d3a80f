"""The agreement that a training is sold by to a legal person (Code du travail, L6353-1)."""

from collections.abc import Sequence
from datetime import datetime

from eventsapp.attendance import rules
from eventsapp.attendance.models import PaperWording
from eventsapp.attendance.papers import _words
from eventsapp.attendance.papers._programme import sessions
from eventsapp.core import french
from eventsapp.core.money import vat_shares
from eventsapp.orders.models import Order, OrderLine
from eventsapp.papers import pdf
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay


def agreements_pdf(
    day: StudyDay,
    orders: Sequence[tuple[Order, Sequence[Registration]]],
    *,
    minutes: int,
    nature: str,
    wording: PaperWording,
    declaration: str,
    now: datetime,
) -> bytes:
    """Return an agreement for each of these orders and its seats, lines loaded; the day has its programme.

    ``minutes`` is how long the day lasts. Raises ``PaperFailed``.
    """
    data = {
        **_words.day_facts(day),
        "seller": _words.seller(declaration),
        "nature": french.typeset(nature),
        "objectives": _words.paragraphs(day.objectives),
        "audience": _words.paragraphs(day.audience),
        "duration": rules.hours_in_words(minutes) if minutes else "",
        "articles": _words.paragraphs(wording.agreement_text),
        "signatory": french.typeset(wording.signatory),
        "signed_at": wording.signed_at,
        "dated": _words.on(now.astimezone(day.local_start.tzinfo)),
        "sessions": sessions(day),
        "agreements": [_agreement(order, seats) for order, seats in orders],
    }
    return pdf.render(
        "attendance/agreement",
        data,
        title=f"Convention de formation – {day.title}",
        language=_words.LANGUAGE,
        dated=now,
    )


def _agreement(order: Order, seats: Sequence[Registration]) -> dict[str, object]:
    lines = list(dict.fromkeys(seat.order_line for seat in seats))
    return {
        "reference": order.reference,
        "buyer": french.typeset(order.billed_to),
        "siret": french.siret(order.siret),
        "address": [
            line for line in (order.billing_address, f"{order.billing_postcode} {order.billing_city}".strip()) if line
        ],
        "represented": french.typeset(order.buyer_name),
        "commitment": order.commitment_number,
        "headcount": len(seats),
        "people": [{"name": french.typeset(seat.name), "job_title": french.typeset(seat.job_title)} for seat in seats],
        "lines": [
            {
                "label": french.typeset(line.label),
                "quantity": str(line.quantity_left),
                "total": french.money(line.open_cents),
            }
            for line in lines
        ],
        "total": french.money(sum(line.open_cents for line in lines)),
        "vat": _vat(lines),
    }


def _vat(lines: Sequence[OrderLine]) -> str:
    """Return how much of the price is tax; of a price that was credited in part the credit note says it."""
    if any(line.credited_cents for line in lines):
        return ""
    parts = [part for line in lines for part in line.vat_parts]
    exempt = {part.exemption for part in parts if part.exemption}
    if not any(part.rate for part in parts):
        return french.typeset(" ".join(sorted(exempt)))
    tax = sum(share.vat_cents for share in vat_shares((part.total_cents, part.rate) for part in parts))
    return f"dont {french.money(tax)} de TVA"
