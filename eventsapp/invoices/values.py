"""What an invoice says, whole: frozen when it is issued, and all that its PDF and its XML are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from eventsapp.core.money import VatShare, net_of, unit_net_of
from eventsapp.invoices.statuses import DocumentKind, Nature
from eventsapp.orders.values import Billing, LineDraft
from eventsapp.orders.values import Buyer as OrderBuyer


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """Who issues the invoice (CGI ann. II art. 242 nonies A; C. com. art. R123-237)."""

    name: str
    street: str
    postcode: str
    city: str
    siret: str
    vat_number: str
    #: « SARL au capital de 10 000 € », « RCS Angers »: as printed.
    legal_form: str = ""
    register: str = ""
    iban: str = ""
    bic: str = ""
    email: str = ""

    @property
    def siren(self) -> str:
        return self.siret[:9]


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """To whom the invoice is addressed; a public body, never its agent, when a SIRET was given."""

    name: str
    #: Who ordered, when the buyer is an organisation.
    contact: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    email: str = ""
    siret: str = ""
    service_code: str = ""
    #: « Numéro d’engagement » of the public body.
    commitment_number: str = ""
    #: Number of the purchase order that the buyer made before (C. com. L441-9).
    purchase_order: str = ""
    #: Whether late payment follows the public procurement code.
    public: bool = False
    vat_number: str = ""
    #: Under which law it buys; empty on what was issued before that was said.
    kind: str = ""

    @property
    def siren(self) -> str:
        return self.siret[:9]

    @property
    def order_number(self) -> str:
        """By what the buyer's accountants find their order: BT-13, and the « engagement » of Chorus Pro."""
        return self.commitment_number or self.purchase_order


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where goods are delivered, if that is not where the invoice goes."""

    name: str
    street: str = ""
    postcode: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: amounts in cents, the unit price before tax in euros with four decimals."""

    label: str
    detail: str
    quantity: int
    unit_net: Decimal
    #: In hundredths of a percent.
    vat_rate: int
    net_cents: int
    gross_cents: int
    #: Why no tax is due on it, as printed, and its code in VATEX.
    exemption: str = ""
    exemption_code: str = ""
    #: The line of the order that this one invoices, and which part of it, from 1.
    order_line_id: int | None = None
    part: int = 1
    #: What was taken off it, tax included.
    discount_cents: int = 0

    @property
    def full_unit_net(self) -> Decimal:
        """The unit price before tax and before what was taken off (C. com. L441-9)."""
        full_cents = self.gross_cents + self.discount_cents
        return unit_net_of(full_cents, vat_rate=self.vat_rate, quantity=self.quantity)

    @property
    def discount_net_cents(self) -> int:
        """What was taken off before tax: what the line would cost without it, less what it costs."""
        return net_of(self.gross_cents + self.discount_cents, vat_rate=self.vat_rate) - self.net_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Sentences that the law wants printed; settings of the office, frozen with the invoice."""

    #: What is due when payment is late: codes PMD and PMT of the French e-invoice.
    late_penalty: str
    recovery_fee: str
    #: Discount for early payment, or its absence: code AAB.
    early_payment: str
    #: The declaration of activity of a training body, where a service is sold.
    training_declaration: str = ""
    #: Further lines at the foot: the press register's number.
    mentions: str = ""
    #: « Option pour le paiement de la taxe d’après les débits ».
    vat_on_debits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsDraft:
    """What the office types to be printed from now on."""

    legal_form: str
    register: str
    late_penalty: str
    late_penalty_public: str
    late_penalty_person: str
    recovery_fee: str
    recovery_fee_public: str
    recovery_fee_person: str
    early_payment: str
    training_declaration: str
    mentions: str
    vat_on_debits: bool
    #: Days for which a quote is valid.
    quote_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The invoice that a credit note takes back."""

    number: str
    issued_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """An invoice or credit note, whole. A credit note's amounts are positive as well: its kind turns them round."""

    kind: DocumentKind
    number: str
    issued_on: date
    due_on: date | None
    #: First and last date of what is supplied.
    supplied_from: date | None
    supplied_to: date | None
    nature: Nature
    order_reference: str
    seller: Seller
    buyer: Buyer
    lines: tuple[Line, ...]
    shares: tuple[VatShare, ...]
    terms: Terms
    #: Already paid when issued, in cents.
    paid_cents: int = 0
    #: When the last of it came, where that is known.
    paid_on: date | None = None
    #: UNTDID 4461: 48 card, 20 cheque, 30 transfer.
    payment_means: str = "30"
    payment_label: str = ""
    #: Where that is not the buyer's address.
    delivered_to: Place | None = None
    credits: Reference | None = None
    #: Why a credit note was made.
    reason: str = ""
    language: str = "fr"

    @property
    def net_cents(self) -> int:
        return sum(share.net_cents for share in self.shares)

    @property
    def exemptions(self) -> tuple[tuple[str, str], ...]:
        """Why no tax is due on lines at rate 0: sentence and code, each once."""
        return tuple(dict.fromkeys((line.exemption, line.exemption_code) for line in self.lines if not line.vat_rate))

    @property
    def vat_cents(self) -> int:
        return sum(share.vat_cents for share in self.shares)

    @property
    def total_cents(self) -> int:
        """Tax included."""
        return self.net_cents + self.vat_cents

    @property
    def due_cents(self) -> int:
        """What is still to be paid."""
        return self.total_cents - self.paid_cents

    @property
    def is_paid(self) -> bool:
        """Whether nothing was left to pay when it was issued."""
        return self.due_cents == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What an invoice must know beside its order: what is supplied when, and how it is paid."""

    goods: bool
    services: bool
    supplied_from: date | None
    supplied_to: date | None
    #: Days until the money is due; nothing for at once.
    payment_days: int | None
    #: Paid before the invoice, in cents.
    paid_cents: int
    payment_means: str
    payment_label: str
    #: Whether late payment follows the public procurement code, and the buyer's own number of the order.
    public: bool = False
    purchase_order: str = ""
    delivered_to: Place | None = None
    #: When the last of it came.
    paid_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditPart:
    """What is credited of one line of the order, tax included: so much, of so many, and whom or what it is about."""

    order_line_id: int
    #: Unless it is said, what so many cost.
    amount_cents: int | None
    quantity: int = 1
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteDraft:
    """A quote to be: what is asked for, what it costs, and for whom."""

    #: Of the very request, where it has one: the same one gives the same quote.
    key: str | None
    request: dict[str, Any]
    prices: list[dict[str, Any]]
    lines: tuple[LineDraft, ...]
    buyer: OrderBuyer
    billing: Billing
    locale: str
    goods: bool
    services: bool
    supplied_from: date | None
    supplied_to: date | None
    #: Code and name of the method that the order will be paid by.
    payment_method: str
    payment_label: str
    #: Whether late payment follows the public procurement code.
    public: bool
    made_on: date
    valid_until: date
    is_test: bool


def content_to_json(content: Content) -> dict[str, Any]:
    """Return ``content`` as JSON can carry it: dates and decimals as text."""
    return _members(content)


def content_from_json(data: Mapping[str, Any]) -> Content:
    """Return what ``content_to_json`` wrote.

    Until each line said why no tax was due on it, the terms said it of all of them.
    """
    terms = dict(data["terms"])
    once = {name: terms.pop(name) for name in ("exemption", "exemption_code") if name in terms}
    return Content(
        **{
            **data,
            "kind": DocumentKind(data["kind"]),
            "nature": Nature(data["nature"]),
            "issued_on": date.fromisoformat(data["issued_on"]),
            "due_on": _date(data["due_on"]),
            "supplied_from": _date(data["supplied_from"]),
            "supplied_to": _date(data["supplied_to"]),
            "paid_on": _date(data["paid_on"]),
            "seller": Seller(**data["seller"]),
            "buyer": Buyer(**data["buyer"]),
            "lines": tuple(
                Line(**{**({} if line["vat_rate"] else once), **line, "unit_net": Decimal(line["unit_net"])})
                for line in data["lines"]
            ),
            "shares": tuple(VatShare(**share) for share in data["shares"]),
            "terms": Terms(**terms),
            "delivered_to": Place(**data["delivered_to"]) if data.get("delivered_to") else None,
            "credits": data["credits"]
            and Reference(number=data["credits"]["number"], issued_on=date.fromisoformat(data["credits"]["issued_on"])),
        }
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _members(value: Any) -> dict[str, Any]:
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}


def _plain(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return _members(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value
