"""The words for quotes, invoices and credit notes."""

from enum import StrEnum


class DocumentKind(StrEnum):
    """What is issued under a number that is never used again."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


#: What may take back what: an invoice is taken back by credit notes, and nothing takes back a credit note.
TAKEN_BACK_BY: dict[DocumentKind, frozenset[DocumentKind]] = {
    DocumentKind.INVOICE: frozenset({DocumentKind.CREDIT_NOTE}),
    DocumentKind.CREDIT_NOTE: frozenset(),
}


class Check(StrEnum):
    """What the validators say of the electronic invoice; only ``VALID`` may leave the house."""

    #: The files are not made yet; the worker makes them.
    PENDING = "pending"
    VALID = "valid"
    #: A rule is broken; the accountant sees its text.
    INVALID = "invalid"


class Nature(StrEnum):
    """What is sold, as the reform has it printed on each invoice."""

    GOODS = "goods"
    SERVICES = "services"
    MIXED = "mixed"


class QuoteState(StrEnum):
    """Where a quote stands; it follows from its date and its order."""

    VALID = "valid"
    ORDERED = "ordered"
    EXPIRED = "expired"
