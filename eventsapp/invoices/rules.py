"""Decisions about invoices, on plain values: amounts, numbers, dates."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Protocol

from flask_babel import gettext as _

from eventsapp.core import references
from eventsapp.core.money import VatShare, net_of, shared, unit_net_of, vat_shares
from eventsapp.invoices.errors import CreditTooHigh, NotCreditable, NotInvoiceable
from eventsapp.invoices.statuses import TAKEN_BACK_BY, DocumentKind, Nature
from eventsapp.invoices.values import CreditPart, Line
from eventsapp.orders.statuses import FIRM, OrderStatus
from eventsapp.organisations.statuses import CustomerKind
from eventsapp.vat import rules as vat_rules
from eventsapp.vat.values import Part

#: What an invoice's number may be made of in the French e-invoice (BR-FR-01, BR-FR-02), and its length.
NUMBER = re.compile(r"[A-Z0-9+_/-]{1,35}")
#: Letters before the year, by what is numbered: each has its own unbroken series.
PREFIXES = {DocumentKind.INVOICE: "F", DocumentKind.CREDIT_NOTE: "A"}
#: Between the name of a line and that of one of its parts.
_BEFORE_PART = " – "
_ADDRESS = re.compile(r"^(?P<street>.*?)[\s,]+(?P<postcode>\d{5})\s+(?P<city>[^,]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """What a line of an order sold, or the part of it that is credited; tax included, in cents."""

    label: str
    detail: str
    quantity: int
    gross_cents: int
    vat_rate: int
    #: Why no tax is due, as printed, and its code in VATEX.
    exemption: str = ""
    exemption_code: str = ""
    order_line_id: int | None = None
    #: Which part of that line, from 1.
    part: int = 1
    #: What was taken off it.
    discount_cents: int = 0


class LatePayment(Protocol):
    """The office's sentences on late payment, by who buys."""

    late_penalty: Any
    late_penalty_public: Any
    late_penalty_person: Any
    recovery_fee: Any
    recovery_fee_public: Any
    recovery_fee_person: Any


def is_invoiceable(status: OrderStatus, *, without_seat: bool) -> bool:
    """Return whether an order may be invoiced: it is firm, and its money is not to be given back for want of a seat."""
    return status in FIRM and not without_seat


def require_invoiceable(status: OrderStatus, *, without_seat: bool) -> None:
    """Raise ``NotInvoiceable`` for an order that is not firm."""
    if not is_invoiceable(status, without_seat=without_seat):
        raise NotInvoiceable(_("Seule une commande confirmée se facture ; celle-ci ne l’est pas, ou plus."))


def require_creditable(kind: DocumentKind) -> None:
    """Raise ``NotCreditable`` for what a credit note cannot take back."""
    if DocumentKind.CREDIT_NOTE not in TAKEN_BACK_BY[kind]:
        raise NotCreditable(_("Un avoir ne se reprend pas : facturez de nouveau la commande."))


def number(kind: DocumentKind, *, year: int, rank: int, is_test: bool = False) -> str:
    """Return « F-2026-00001 »: a series of its own per kind and year, in which no rank is left out.

    Trials are told apart at sight: « ESSAI-F-2026-00001 ».

    Source: BOI-TVA-DECLA-30-20-20-10: a unique number in a chronological and continuous sequence; distinct series are
    allowed when each has its prefix.
    """
    trial = references.TRIAL if is_test else ""
    return f"{trial}{PREFIXES[kind]}-{year}-{rank:05}"


def lines(
    sold: Iterable[Sold], *, nets_by_rate: Mapping[int, int] | None = None
) -> tuple[tuple[Line, ...], tuple[VatShare, ...]]:
    """Return the lines and the tax by rate; the total is what was ordered, to the cent.

    The tax is rounded once a rate, on the sum; the lines' amounts before tax are then made to add up to it: the cent
    that rounding line by line leaves over goes to the rate's largest line. ``nets_by_rate`` says what is before tax
    instead, in cents, where it is a part of something that was rounded already.
    """
    pieces = list(sold)
    shares = vat_shares((piece.gross_cents, piece.vat_rate) for piece in pieces)
    if nets_by_rate is not None:
        shares = [
            VatShare(
                rate=share.rate,
                net_cents=nets_by_rate[share.rate],
                vat_cents=share.gross_cents - nets_by_rate[share.rate],
            )
            for share in shares
        ]
    nets = [net_of(piece.gross_cents, vat_rate=piece.vat_rate) for piece in pieces]
    for share in shares:
        own = [index for index, piece in enumerate(pieces) if piece.vat_rate == share.rate]
        largest = max(own, key=lambda index: pieces[index].gross_cents)
        nets[largest] += share.net_cents - sum(nets[index] for index in own)
    made = tuple(
        Line(
            label=piece.label,
            detail=piece.detail,
            quantity=piece.quantity,
            unit_net=unit_net_of(piece.gross_cents, vat_rate=piece.vat_rate, quantity=piece.quantity),
            vat_rate=piece.vat_rate,
            exemption=piece.exemption,
            exemption_code=piece.exemption_code,
            net_cents=net,
            gross_cents=piece.gross_cents,
            order_line_id=piece.order_line_id,
            part=piece.part,
            discount_cents=piece.discount_cents,
        )
        for piece, net in zip(pieces, nets, strict=True)
    )
    return made, tuple(shares)


def nets_of_part(sold: Iterable[Sold], *, left: Iterable[Sold], nets_left: Mapping[int, int]) -> dict[int, int]:
    """Return rate → what a credit note of ``sold`` says before tax, of an invoice of which ``left`` is left.

    Just so much that what stays invoiced is rounded as if it had been invoiced alone: the note is a cent off at most,
    and whatever is credited after it, all of them together take back what the invoice said, to the cent.
    """
    gross: dict[int, int] = defaultdict(int)
    for piece in left:
        gross[piece.vat_rate] += piece.gross_cents
    nets = {}
    for piece in sold:
        gross[piece.vat_rate] -= piece.gross_cents
        nets[piece.vat_rate] = nets_left[piece.vat_rate] - net_of(gross[piece.vat_rate], vat_rate=piece.vat_rate)
    return nets


def picked(left: Sequence[Sold], parts: Sequence[CreditPart], *, invoiced: Iterable[Sold] = ()) -> list[Sold]:
    """Return what is credited of ``left`` where the lines are chosen; raise ``CreditTooHigh`` beside what is too much.

    A part that says how many and not how much costs what so many do. A line named twice is credited by both. What is
    taken of a line that was taxed in parts is shared over them by what is left of each.
    """
    whole_lines = by_line(invoiced or left)
    open_lines = by_line(left)
    sold = []
    for chosen in parts:
        open_line = open_lines.get(chosen.order_line_id, [])
        left_cents = gross_of(open_line)
        cents = chosen.amount_cents
        if cents is None and open_line:
            whole = whole_lines[chosen.order_line_id]
            quantity = whole[0].quantity
            cents = (
                units_cents(
                    gross_cents=gross_of(whole), quantity=quantity, left_cents=left_cents, units=chosen.quantity
                )
                if chosen.quantity <= quantity
                else 0
            )
        if cents is None or not 0 < cents <= left_cents:
            message = _("Il ne reste pas tant à reprendre de cette ligne.")
            raise CreditTooHigh(message, errors={f"/lines/{chosen.order_line_id}": message})
        taken = part(open_line, amount_cents=cents)
        off = {piece.part: piece.gross_cents for piece in taken}
        open_lines[chosen.order_line_id] = [
            replace(piece, gross_cents=piece.gross_cents - off.get(piece.part, 0)) for piece in open_line
        ]
        sold += [
            replace(piece, quantity=max(1, chosen.quantity), detail="" if place else chosen.detail)
            for place, piece in enumerate(taken)
        ]
    return sold


def by_line(sold: Iterable[Sold]) -> dict[int | None, list[Sold]]:
    """Return the pieces of each line of the order, by its key."""
    lines: dict[int | None, list[Sold]] = defaultdict(list)
    for piece in sold:
        lines[piece.order_line_id].append(piece)
    return dict(lines)


def label_of(line: Sequence[Sold]) -> str:
    """Return what a line of the order is called, of which these are the pieces: without the names of its parts."""
    before = {piece.label.rpartition(_BEFORE_PART)[0] for piece in line}
    if len(line) > 1 and len(before) == 1 and (common := before.pop()):
        return common
    return min((piece.label for piece in line), key=len)


def gross_of(sold: Iterable[Sold]) -> int:
    """Return what the pieces cost together, tax included, in cents."""
    return sum(piece.gross_cents for piece in sold)


def units_cents(*, gross_cents: int, quantity: int, left_cents: int, units: int) -> int:
    """Return what ``units`` of a line of ``quantity`` cost, of which ``left_cents`` are left to credit.

    The cents that do not divide go with the last unit, so that nothing stays of a line all of whose units are credited.
    """
    cents = min(left_cents, gross_cents * units // quantity)
    return left_cents if units and (units >= quantity or left_cents - cents < quantity) else cents


def pieces(
    parts: Sequence[Part],
    *,
    label: str,
    detail: str,
    quantity: int,
    ordered: int | None = None,
    owed_cents: int | None = None,
    order_line_id: int | None = None,
    kept_cents: int = 0,
) -> list[Sold]:
    """Return what a line sold as an invoice tells it: a piece for each part, under the line's label and its own.

    ``quantity`` is what is left of the ``ordered``, ``owed_cents`` what the line costs in the end (default: all), with
    the fee ``kept_cents``. Who it is for is told once; what was taken off is told of each part (CGI, ann. II, 242
    nonies A). Of what is cancelled altogether the fee is left, from which nothing was taken off.
    """
    several = len(parts) > 1
    sold = []
    total_cents = sum(each.total_cents for each in parts)
    owed = vat_rules.scaled(parts, total_cents=total_cents if owed_cents is None else owed_cents)
    for place, (each, left) in enumerate(zip(parts, owed, strict=True), start=1):
        ordered_cents = (ordered or quantity) * each.unit_price_cents
        discount = ordered_cents - each.total_cents
        if discount and left.total_cents != each.total_cents:
            kept = left.total_cents * kept_cents // (owed_cents or 1)
            standing = left.total_cents - kept
            discount = max(0, quantity * each.unit_price_cents - standing) if standing > 0 else 0
        sold.append(
            Sold(
                label=f"{label}{_BEFORE_PART}{each.label}"[:300] if several and each.label else label,
                detail=detail if place == 1 else "",
                discount_cents=discount,
                quantity=quantity,
                gross_cents=left.total_cents,
                vat_rate=each.rate,
                exemption=each.exemption,
                exemption_code=each.exemption_code,
                order_line_id=order_line_id,
                part=place,
            )
        )
    return sold


def part(sold: Sequence[Sold], *, amount_cents: int) -> list[Sold]:
    """Return ``amount_cents`` of what was sold, shared over the lines by their weight, for a credit note in part."""
    total = sum(piece.gross_cents for piece in sold)
    if not 0 < amount_cents <= total:
        message = f"{amount_cents} of {total} cents"
        raise ValueError(message)
    shares = shared(amount_cents, [piece.gross_cents for piece in sold])
    return [
        replace(piece, quantity=piece.quantity if own == piece.gross_cents else 1, gross_cents=own)
        for piece, own in zip(sold, shares, strict=True)
        if own
    ]


def nature(*, goods: bool, services: bool) -> Nature:
    """Return what the invoice is about: goods, services, or both."""
    if goods and services:
        return Nature.MIXED
    return Nature.GOODS if goods else Nature.SERVICES


def late_payment(terms: LatePayment, kind: CustomerKind) -> tuple[str, str]:
    """Return what late payment costs somebody of that kind, in the sentences of ``terms``: interest, and the fixed fee.

    Sources: C. com. art. L441-10 and D441-5 between professionals, CCP art. R2192-31 and D2192-35 for public bodies;
    a consumer owes no fixed fee.
    """
    return {
        CustomerKind.COMPANY: (terms.late_penalty, terms.recovery_fee),
        CustomerKind.PUBLIC: (terms.late_penalty_public, terms.recovery_fee_public),
        CustomerKind.PERSON: (terms.late_penalty_person, terms.recovery_fee_person),
    }[kind]


def due_on(*, issued_on: date, payment_days: int | None, paid: bool) -> date | None:
    """Return until when it is to be paid: never before it is issued; nothing for what is paid already."""
    return None if paid else issued_on + timedelta(days=payment_days or 0)


def is_valid(*, valid_until: date, today: date) -> bool:
    """Return whether a quote may still be ordered; its last day is one on which it may."""
    return today <= valid_until


def split_address(written: str) -> tuple[str, str, str]:
    """Return street, postcode and town of an address written on one line; what has no postcode is all street."""
    found = _ADDRESS.match(" ".join(written.split()))
    if found is None:
        return " ".join(written.split()), "", ""
    return found["street"].strip(" ,"), found["postcode"], found["city"].strip()
