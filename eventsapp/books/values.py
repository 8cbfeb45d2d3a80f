"""What is written in the books, before it is written on accounts with numbers."""

from dataclasses import dataclass
from datetime import date

from eventsapp.books.statuses import AccountKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One line of an entry; cents, one of debit and credit is 0."""

    account: AccountKey
    debit_cents: int = 0
    credit_cents: int = 0
    #: Of lines on the customers' account: the order.
    customer: str = ""
    customer_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry: its lines balance."""

    journal: str
    number: str
    dated: date
    #: The invoice, the cheque: what proves it.
    piece: str
    piece_dated: date
    label: str
    postings: tuple[Posting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """An invoice or, negative, a credit note; cents."""

    number: str
    issued_on: date
    order: str
    buyer: str
    total_cents: int
    vat_cents: int
    #: Net by account.
    nets: tuple[tuple[AccountKey, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """A movement of the payment journal; cents, positive when it came in."""

    rank: int
    moved_on: date
    order: str
    customer: str
    amount_cents: int
    #: Where it lies: at the bank, as paper, at the gateway.
    place: AccountKey
    reference: str
    #: From an order to another: it lies where it lay.
    is_transfer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """Cheques that went to the bank together."""

    number: int
    deposited_on: date
    total_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a summary: what, and amounts before, of and with tax in cents."""

    label: str
    net_cents: int
    vat_cents: int
    gross_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account's number and name."""

    number: str
    label: str
