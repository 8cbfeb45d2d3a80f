"""The words for quotes, invoices and credit notes."""

from enum import StrEnum


class DocumentKind(StrEnum):
    """What is issued under a number that is never used again."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


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
