"""What forms and the API hand over about a subscription."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Where paper is sent."""

    name: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""
