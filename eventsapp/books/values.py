"""What is written in the books, before it is written on accounts with numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from eventsapp.books.statuses import AccountKey, JournalCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One line of an entry; cents, one of debit and credit is 0."""

    account: AccountKey
    debit_cents: int = 0
    credit_cents: int = 0
    #: Of lines on the accounts of VAT: the rate, in hundredths of a percent.
    vat_rate: int | None = None
    #: Of lines on the customers' account: whose it is.
    customer: str = ""
    customer_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry: its lines balance."""

    journal: JournalCode
    dated: date
    #: When, and on what day of ours, it was recorded; it never changes from then on.
    validated_at: datetime
    validated_on: date
    #: The invoice, the cheque: what proves it.
    piece: str
    piece_dated: date
    label: str
    postings: tuple[Posting, ...]
    #: Given last: continuous within its journal and year.
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """An invoice or, negative, a credit note; cents."""

    number: str
    issued_on: date
    issued_at: datetime
    #: The customer's number.
    account: str
    buyer: str
    total_cents: int
    #: Net by account, and tax by rate: due as it is paid, and due with the invoice.
    nets: tuple[tuple[AccountKey, int], ...]
    taxes: tuple[tuple[int, int], ...]
    taxes_on_debits: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """A movement of the payment journal; cents, positive when it came in."""

    rank: int
    entered_at: datetime
    entered_on: date
    moved_on: date
    #: The day that the bank or the payer says, when the year of that day was closed before it was told.
    piece_dated: date
    order: str
    #: The customer's number, and name.
    account: str
    customer: str
    amount_cents: int
    #: Where it lies: at the bank, as paper, at the gateway.
    place: AccountKey
    #: The cheque, the transfer, the refund, the order it came from: what proves it; and why it moved.
    reference: str
    reason: str = ""
    #: What was counted in one go with others: one cheque or transfer that pays several orders.
    together: str = ""
    #: From an order to another: it lies where it lay.
    is_transfer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """Cheques that went to the bank together."""

    number: int
    deposited_on: date
    piece_dated: date
    recorded_at: datetime
    recorded_on: date
    #: Negative where a slip made by mistake is cancelled.
    total_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Payout:
    """What the card gateway paid out, or took back; cents."""

    reference: str
    arrived_on: date
    net_cents: int
    fee_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedPayout:
    """A payout as it was recorded."""

    payout: Payout
    recorded_at: datetime
    recorded_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a report of Stripe's says: its payouts, and what is not paid out yet."""

    payouts: tuple[Payout, ...]
    #: Transactions that belong to no payout yet.
    waiting: int
    #: Stripe's ids of the payments in it, where it has them.
    payments: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of a report."""

    new: int
    known: int
    waiting: int
    #: Stripe's ids of payments that our journal does not have.
    strangers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardBalance:
    """What was paid by card up to a day, where it went, and what should still lie at the gateway; cents."""

    taken_cents: int
    paid_out_cents: int
    fee_cents: int

    @property
    def left_cents(self) -> int:
        return self.taken_cents - self.paid_out_cents - self.fee_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a summary: what, and amounts before, of and with tax in cents."""

    label: str
    net_cents: int
    vat_cents: int
    gross_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLine:
    """What became due of an order at one rate, in cents; negative where it is taken back."""

    order: str
    customer: str
    rate: int
    net_cents: int
    vat_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account's number and name."""

    number: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The accounts by what they are for, and those of the tax by rate."""

    accounts: Mapping[AccountKey, Account]
    vat: Mapping[int, Account]

    def account_of(self, posting: Posting) -> Account:
        """Return the account of a line; tax at a rate without one is on the general account of VAT."""
        own = posting.vat_rate is not None and posting.account is AccountKey.VAT and self.vat.get(posting.vat_rate)
        return own or self.accounts[posting.account]
