"""What an account is for."""

from enum import StrEnum


class AccountKey(StrEnum):
    """The accounts that entries are written on, whatever their numbers."""

    CUSTOMERS = "customers"
    SERVICES = "services"
    GOODS = "goods"
    VAT = "vat"
    BANK = "bank"
    #: Cheques that are not at the bank yet.
    CHEQUES = "cheques"
    #: Card payments that the gateway has not paid out yet.
    CARDS = "cards"
