"""Money: integer cents, VAT rates in hundredths of a percent, and how they are rounded."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

#: One hundred percent, in the unit that VAT rates are kept in.
WHOLE = 10_000
#: Decimals a unit price before tax keeps, so that n times 129 € comes out exact (EN 16931 allows them).
UNIT_PRICE_DECIMALS = 4
_AMOUNT = re.compile(r"([0-9]{1,3}(?:\s?[0-9]{3}){0,5}|[0-9]{1,18})(?:[.,]([0-9]{1,2}))?\s*€?\Z")


@dataclass(frozen=True, slots=True)
class VatShare:
    """The part of a total that bears one VAT rate; amounts in cents."""

    rate: int
    net_cents: int
    vat_cents: int

    @property
    def gross_cents(self) -> int:
        return self.net_cents + self.vat_cents


def net_of(gross_cents: int, *, vat_rate: int) -> int:
    """Return the amount before tax of ``gross_cents``, to the nearest cent, halves away from zero.

    ``vat_rate`` is in hundredths of a percent: 210 is the 2.10 % of the press, 2000 the standard 20 %.
    """
    net = Decimal(gross_cents) * WHOLE / (WHOLE + vat_rate)
    return int(net.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def unit_net_of(gross_cents: int, *, vat_rate: int, quantity: int = 1) -> Decimal:
    """Return the unit price before tax in euros, with four decimals; ``gross_cents`` is what ``quantity`` cost."""
    net = Decimal(gross_cents) / quantity / 100 * WHOLE / (WHOLE + vat_rate)
    return net.quantize(Decimal(1).scaleb(-UNIT_PRICE_DECIMALS), rounding=ROUND_HALF_UP)


def vat_shares(amounts: Iterable[tuple[int, int]]) -> list[VatShare]:
    """Group ``(gross_cents, vat_rate)`` by rate, highest first; the tax is rounded once a rate, on the sum."""
    sums: dict[int, int] = {}
    for gross_cents, rate in amounts:
        sums[rate] = sums.get(rate, 0) + gross_cents
    shares = []
    for rate, gross_cents in sorted(sums.items(), reverse=True):
        net_cents = net_of(gross_cents, vat_rate=rate)
        shares.append(VatShare(rate=rate, net_cents=net_cents, vat_cents=gross_cents - net_cents))
    return shares


def shared(amount_cents: int, weights: Sequence[int]) -> list[int]:
    """Return ``amount_cents`` shared by ``weights``, none negative: the parts make the whole, to the cent.

    Each gets what is its own rounded down; the cents left over go to the largest remainders, of equals to the first.
    Nobody gets more than its weight as long as the amount is no more than all of them.
    """
    total = sum(weights)
    if not total:
        return [0 for _ in weights]
    parts = [amount_cents * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: (-(amount_cents * weights[at] % total), at))
    for at in by_remainder[: amount_cents - sum(parts)]:
        parts[at] += 1
    return parts


def amount_cents(text: str) -> int | None:
    """Return an amount as people type it, « 1 290,00 € » or « 1290.5 », in cents; ``None`` when it is none."""
    match = _AMOUNT.match(text.strip())
    if match is None:
        return None
    return int(re.sub(r"\s", "", match[1])) * 100 + int((match[2] or "").ljust(2, "0"))
