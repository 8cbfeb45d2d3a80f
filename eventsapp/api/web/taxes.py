"""The tax on a price, for programs."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from eventsapp.vat import rules
from eventsapp.vat.models import ComponentColumns
from eventsapp.vat.values import Part, Tariff


def of_price(components: Iterable[ComponentColumns], *, price_cents: int, tariff: Tariff, on: date) -> dict[str, Any]:
    """Return the rate of a price and its parts, on the day that counts."""
    values = [component.value for component in components]
    return of_parts(rules.parts(values, price_cents=price_cents, tariff=tariff, on=on))


def of_parts(parts: Sequence[Part]) -> dict[str, Any]:
    """Return the rate, if it is one, and the parts."""
    rates = rules.rates_of(parts)
    return {
        "vat_rate": rates[0] / 100 if len(rates) == 1 else None,
        "vat_parts": [
            {
                "label": part.label,
                "vat_rate": part.rate / 100,
                "exemption_code": part.exemption_code,
                "amount_cents": part.total_cents,
            }
            for part in parts
        ],
    }
