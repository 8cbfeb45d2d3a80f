"""When tax is due: as the money comes in, or with the invoice for whoever opted for it; to the cent."""

from dataclasses import dataclass

from eventsapp.core.money import shared


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What an order is billed at one rate, credit notes taken off; cents, ``rate`` in hundredths of a percent."""

    rate: int
    gross_cents: int
    vat_cents: int
    #: Under the option for paying the tax on invoices (« d’après les débits »).
    on_debits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Tax that is due at one rate, and the amount before tax that it is due on; cents."""

    rate: int
    net_cents: int
    vat_cents: int
    on_debits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Billed:
    """What is billed for an order on a day, and what had been paid by then, refunds and bounces taken off; cents."""

    parts: tuple[Part, ...]
    received_cents: int


def due_shares(billed: Billed) -> list[Share]:
    """Return the tax that is due in all on what was paid, by part; once all is paid, it is that of the invoice.

    For services it is due when the price, or a part of it, comes in (CGI art. 269, 2, c), and so it is for a
    registered press (CGI art. 298 nonies); under the option, with the invoice. What was paid is shared over the rates
    by what each is billed, the cents left over going to the largest remainders. More than is billed is money to give
    back, on which nothing is due.
    """
    parts = [part for part in billed.parts if part.gross_cents > 0]
    paid = max(0, min(billed.received_cents, sum(part.gross_cents for part in parts)))
    shares = []
    for part, own in zip(parts, shared(paid, [part.gross_cents for part in parts]), strict=True):
        settled = part.gross_cents if part.on_debits else own
        vat = rounded(part.vat_cents * settled, part.gross_cents)
        shares.append(Share(rate=part.rate, net_cents=settled - vat, vat_cents=vat, on_debits=part.on_debits))
    return shares


def rounded(dividend: int, divisor: int) -> int:
    """Return a quotient of two numbers that are not negative, to the nearest whole number, halves up."""
    return (2 * dividend + divisor) // (2 * divisor)
