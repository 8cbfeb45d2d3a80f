"""What pages hand over about a dossier, and what a deposit answers."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrder:
    """A purchase order as somebody brings it: its number, its file, or both."""

    number: str = ""
    #: The upload's bytes and the name that it came with.
    data: bytes = b""
    file_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """By what the body's accountants find the invoice."""

    siret: str
    service_code: str = ""
    commitment_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the portal says of an invoice deposited there."""

    number: str
    deposited_on: date
