"""The way to the portal on which public bodies receive their invoices."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from eventsapp.invoices.models import Invoice
from eventsapp.mandats.values import Receipt


class Portal(Protocol):
    """Something that takes an invoice to Chorus Pro and says under which number it lies there."""

    def deposit(self, invoice: Invoice) -> Receipt:
        """Deposit ``invoice``; raise a ``Refusal`` when the portal does not take it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """Somebody of the office deposited the invoice on the portal, and types what it answered."""

    number: str
    deposited_on: date

    def deposit(self, invoice: Invoice) -> Receipt:  # noqa: ARG002 - it lies on the portal already
        return Receipt(number=self.number, deposited_on=self.deposited_on)
