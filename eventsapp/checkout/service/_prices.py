"""Prices that a quote promised: they hold while it is valid, whatever became of the rates."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from eventsapp.orders.values import LineDraft
from eventsapp.vat.values import Component


@dataclass(frozen=True, slots=True)
class Price:
    """What one costs, tax included, in cents, and what the price is made of; the tax is that of the day that counts."""

    unit_price_cents: int
    components: tuple[Component, ...]


@dataclass(frozen=True, slots=True)
class Prices:
    """Promised prices, by place of the item in the request and code of the rate (none for a subscription)."""

    by_line: Mapping[tuple[int, str], Price]

    def promises(self, index: int, rate: str) -> bool:
        return (index, rate) in self.by_line

    def promised(self, present: Price, *, index: int, rate: str = "") -> Price:
        """Return the price that was promised, if one was, instead of the present one."""
        return self.by_line.get((index, rate), present)


#: Nothing was promised: everything costs what it costs now.
PRESENT = Prices({})


def price_of_line(line: LineDraft) -> Price:
    """Return what one unit of a line costs and is made of."""
    return Price(
        line.unit_price_cents,
        tuple(
            Component(label=part.label, category=part.category, cents=part.unit_price_cents) for part in line.unit_parts
        ),
    )


def price_to_json(price: Price) -> dict[str, Any]:
    """Return a price as a quote keeps it."""
    return {
        "unit_price_cents": price.unit_price_cents,
        "components": [asdict(component) for component in price.components],
    }


def prices_from_json(data: Sequence[Mapping[str, Any]]) -> Prices:
    """Return what a quote keeps."""
    return Prices(
        {
            (row["item"], row["rate"]): Price(
                row["unit_price_cents"], tuple(Component(**component) for component in row["components"])
            )
            for row in data
        }
    )
