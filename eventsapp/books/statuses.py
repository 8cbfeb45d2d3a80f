"""What an account is for, and the journals of the books."""

from enum import StrEnum


class AccountKey(StrEnum):
    """The accounts that entries are written on, whatever their numbers."""

    CUSTOMERS = "customers"
    SERVICES = "services"
    GOODS = "goods"
    #: Tax at a rate that has no account of its own.
    VAT = "vat"
    #: Tax that is invoiced and not due yet, as nobody paid.
    WAITING_VAT = "waiting_vat"
    BANK = "bank"
    #: Cheques that are not at the bank yet.
    CHEQUES = "cheques"
    #: Card payments that the gateway has not paid out yet.
    CARDS = "cards"
    #: What the gateway keeps for itself.
    FEES = "fees"


class JournalCode(StrEnum):
    """The journals that entries belong to; each is numbered on its own."""

    SALES = "VE"
    BANK = "BQ"
    MISCELLANEOUS = "OD"
    #: Tax that becomes due.
    TAX = "TV"
