"""The way to the portal on which public bodies receive their invoices."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from eventsapp.invoices.models import Invoice
from eventsapp.mandats.errors import PortalRefusedError
from eventsapp.mandats.models import PortalDeposit
from eventsapp.mandats.values import Receipt


class Portal(Protocol):
    """Something that takes an invoice to Chorus Pro and says under which number it lies there."""

    def deposit(self, invoice: Invoice) -> Receipt:
        """Deposit ``invoice``, outside of any transaction; asked again for the same one it gives the same answer.

        Raises ``PortalSilentError`` and ``PortalRefusedError``.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """Somebody of the office deposited the invoice on the portal, and types what it answered."""

    number: str
    deposited_on: date

    def deposit(self, invoice: Invoice) -> Receipt:  # noqa: ARG002 - it lies on the portal already
        return Receipt(number=self.number, deposited_on=self.deposited_on)


def way_of(deposit: PortalDeposit) -> Portal:
    """Return the way that a deposit goes: so far each was made by hand, and somebody typed what was answered."""
    if deposit.typed_on is None:
        message = f"deposit {deposit.id} was typed by nobody, and there is no other way yet"
        raise PortalRefusedError(message)
    return ByHand(number=deposit.typed_number, deposited_on=deposit.typed_on)
