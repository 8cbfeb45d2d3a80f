"""Prices that a quote promised: they hold while it is valid, whatever became of the rates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from eventsapp.orders.values import LineDraft


@dataclass(frozen=True, slots=True)
class Price:
    """What one costs: tax included, in cents, and its rate in hundredths of a percent."""

    unit_price_cents: int
    vat_rate: int


@dataclass(frozen=True, slots=True)
class Prices:
    """Promised prices, by place of the item in the request and code of the rate (none for a subscription)."""

    by_line: Mapping[tuple[int, str], Price]

    def promises(self, index: int, rate: str) -> bool:
        return (index, rate) in self.by_line

    def applied(self, line: LineDraft, *, index: int, rate: str = "") -> LineDraft:
        """Return the line at the price that was promised for it, if one was."""
        price = self.by_line.get((index, rate))
        return replace(line, unit_price_cents=price.unit_price_cents, vat_rate=price.vat_rate) if price else line


#: Nothing was promised: everything costs what it costs now.
PRESENT = Prices({})


def prices_from_json(data: Sequence[Mapping[str, Any]]) -> Prices:
    """Return what a quote keeps."""
    return Prices({(row["item"], row["rate"]): Price(row["unit_price_cents"], row["vat_rate"]) for row in data})
