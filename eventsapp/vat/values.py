"""What a price is made of, and the tax on each part of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from eventsapp.vat.statuses import VatKind

#: The category of what nobody split: the standard rate is due on the whole of it.
STANDARD = "standard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A part of what is sold for one price: what it is, its category of tax, and its share in cents, tax included."""

    #: Empty where it is all there is.
    label: str = ""
    category: str = STANDARD
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax:
    """What a category says on a day; the rate in hundredths of a percent."""

    category: str
    rate: int
    #: Why no tax is due, as printed, and its code in VATEX.
    exemption: str = ""
    exemption_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A component as it is sold: its tax is settled, its unit price and its total in cents, tax included."""

    label: str
    category: str
    rate: int
    exemption: str = ""
    exemption_code: str = ""
    unit_price_cents: int
    #: What several units cost, a discount taken off.
    total_cents: int

    def at(self, total_cents: int) -> "Part":
        """Return the same part with another total."""
        return replace(self, total_cents=total_cents)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A category with its rates, by the day from which each is in force."""

    code: str
    name: str
    kind: VatKind
    rates: tuple[tuple[date, int], ...]
    exemption: str = ""
    exemption_code: str = ""


#: The categories by their codes.
Tariff = Mapping[str, Dated]


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryDraft:
    """A category as the office writes it."""

    name: str
    name_en: str
    kind: VatKind
    exemption: str = ""
    exemption_code: str = ""
