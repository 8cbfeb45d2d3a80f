"""What forms and the API hand over about a buyer, and what goods hand over for a line."""

from dataclasses import dataclass

from eventsapp.core import postal
from eventsapp.organisations.rules import compact
from eventsapp.vat import rules as vat_rules
from eventsapp.vat.values import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Who orders, and whom the confirmation goes to."""

    email: str
    first_name: str
    last_name: str
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Billing:
    """Whom it is billed to; empty for somebody who pays alone."""

    organisation: str = ""
    siret: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""
    email: str = ""
    service_code: str = ""
    commitment_number: str = ""
    vat_number: str = ""

    def __post_init__(self) -> None:
        """Write SIRET and postcode as registers do, however they were typed: invoices and machines read them."""
        object.__setattr__(self, "siret", compact(self.siret))
        object.__setattr__(self, "postcode", postal.plain_postcode(self.postcode))


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDraft:
    """A line to be: what it is called, and its amounts (cents, tax included)."""

    label: str
    quantity: int
    unit_price_cents: int
    #: What one unit is made of, with the tax on each part.
    unit_parts: tuple[Part, ...]
    #: The same in English, for whoever reads it; empty where it has no other name.
    label_en: str = ""
    detail: str = ""
    #: What a promotional code takes off the whole line.
    discount_cents: int = 0

    @property
    def total_cents(self) -> int:
        return self.quantity * self.unit_price_cents - self.discount_cents

    @property
    def vat_parts(self) -> tuple[Part, ...]:
        """The line by tax, its discount shared; the parts make its total."""
        return vat_rules.totals(self.unit_parts, quantity=self.quantity, discount_cents=self.discount_cents)


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """What is taken back of a line: so many of it, what of their price is credited, and what is kept as a fee."""

    quantity: int = 0
    credited_cents: int = 0
    kept_cents: int = 0
