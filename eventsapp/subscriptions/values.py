"""What forms and the API hand over about a subscription."""

from dataclasses import dataclass

from eventsapp.subscriptions.statuses import Audience, Edition


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """A plan as the office writes it; price in cents, tax included, rate in hundredths of a percent."""

    name: str
    name_en: str
    summary: str
    summary_en: str
    audience: Audience
    edition: Edition
    months: int
    readers: int
    price_cents: int
    vat_rate: int
    position: int
    published: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Where paper is sent."""

    name: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """How many seats of a day a subscription covers, of an address and, where there is one, an establishment."""

    email: str
    siret: str
    seats: int
