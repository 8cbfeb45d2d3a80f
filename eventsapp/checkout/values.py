"""What forms, the basket and the API hand over about an order to be placed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any, TypeAlias

from eventsapp.orders.values import Billing, Buyer
from eventsapp.registrations.values import Attendee
from eventsapp.subscriptions.values import Delivery, GiftWish


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """Seats at one study day, one person each."""

    study_day: str
    attendees: tuple[Attendee, ...]
    #: To what the organiser asks once for all of them, by the code of the question.
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One subscription to a plan: for whoever orders, for somebody else, or to go on from one that ends."""

    plan: str
    delivery: Delivery = field(default_factory=Delivery)
    #: For somebody else; the delivery is then the reader's to give.
    gift: GiftWish | None = None
    #: The key of the contract that it renews, whose reader stays.
    renews: int | None = None
    #: The number of the magazine with which paper begins; without one, the first that appears once it runs.
    first_issue: int | None = None
    #: Copies of each number, where fewer are wanted than the plan has.
    copies: int | None = None


Item: TypeAlias = Seats | Subscription
#: Parts of a request that are written their own way, or not at all.
_OF_THEIR_OWN = frozenset({"buyer", "billing", "items", "idempotency_key", "card_consent"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CardConsent:
    """That whoever orders lets the card renew the subscription: to which words, and to which price, in cents."""

    words: str
    price_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRequest:
    """Everything an order is made from."""

    buyer: Buyer
    billing: Billing
    payment_method: str
    items: tuple[Item, ...]
    promo_code: str = ""
    #: When to invoice it, a word of ``InvoiceMoment``, heard where the method leaves the choice; empty: as it says.
    invoice_at: str = ""
    #: Given with the order only, never kept in a quote.
    card_consent: CardConsent | None = None
    idempotency_key: str | None = None
    locale: str = "fr"
    is_test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyReceived:
    """A payment, as the gateway or the office tells it; amount in cents."""

    method: str
    amount_cents: int
    gateway_reference: str | None = None
    reference: str = ""
    bank: str = ""
    payer: str = ""
    #: Of the form on which the office typed it.
    form_key: str | None = None
    #: Somebody looked: it is another payment, however like one that is recorded.
    surely_new: bool = False
    #: Somebody looked: so much did arrive, though less was owed.
    surely_too_much: bool = False


def request_to_json(request: OrderRequest) -> dict[str, Any]:
    """Return a request as it is kept: all of it but its key, which is of one form only."""
    kept = {field.name: getattr(request, field.name) for field in fields(request) if field.name not in _OF_THEIR_OWN}
    return {
        **kept,
        "buyer": asdict(request.buyer),
        "billing": asdict(request.billing),
        "items": [item_to_json(item) for item in request.items],
    }


def request_from_json(data: Mapping[str, Any]) -> OrderRequest:
    """Return the request that ``request_to_json`` wrote."""
    return OrderRequest(
        **{
            **data,
            "buyer": Buyer(**data["buyer"]),
            "billing": Billing(**data["billing"]),
            "items": tuple(item_from_json(item) for item in data["items"]),
        }
    )


def item_to_json(item: Item) -> dict[str, Any]:
    """Return an item in the shape of the API's ``items``, for the basket."""
    if isinstance(item, Subscription):
        data: dict[str, Any] = {"type": "subscription", "plan": item.plan, "delivery": asdict(item.delivery)}
        if item.gift is not None:
            announce_on = item.gift.announce_on
            data["gift"] = {**asdict(item.gift), "announce_on": announce_on.isoformat() if announce_on else None}
        if item.renews is not None:
            data["renews"] = item.renews
        if item.first_issue is not None:
            data["first_issue"] = item.first_issue
        if item.copies is not None:
            data["copies"] = item.copies
        return data
    return {
        "type": "registration",
        "study_day": item.study_day,
        "attendees": [
            {
                "first_name": attendee.first_name,
                "last_name": attendee.last_name,
                "email": attendee.email,
                "job_title": attendee.job_title,
                "rate": attendee.rate,
                "access_needs": attendee.access_needs,
                # Left out where nothing is asked: the marks of such orders stay what they were.
                **({"answers": dict(attendee.answers)} if attendee.answers else {}),
            }
            for attendee in item.attendees
        ],
        **({"answers": dict(item.answers)} if item.answers else {}),
    }


def item_from_json(data: Mapping[str, Any]) -> Item:
    """Return the item that ``item_to_json`` wrote."""
    if data["type"] == "subscription":
        gift = data.get("gift")
        return Subscription(
            plan=data["plan"],
            delivery=Delivery(**data["delivery"]),
            gift=_gift_from_json(gift) if gift else None,
            renews=data.get("renews"),
            first_issue=data.get("first_issue"),
            copies=data.get("copies"),
        )
    return Seats(
        study_day=data["study_day"],
        attendees=tuple(Attendee(**attendee) for attendee in data["attendees"]),
        answers=data.get("answers", {}),
    )


def _gift_from_json(data: Mapping[str, Any]) -> GiftWish:
    announce_on = data["announce_on"]
    return GiftWish(**{**data, "announce_on": date.fromisoformat(announce_on) if announce_on else None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Where an order is placed, and what that allows it: nothing, unless said, as on the site."""

    #: Registrations are closed for everybody else, answers may be missing, payment is promised as late as it can be.
    at_the_door: bool = False
    #: A seat is found even when none is left.
    beyond_capacity: bool = False
    #: The group of the waiting list whose seats, kept for it, the order takes.
    waiting_entry_id: int | None = None
    #: Until then its card is charged without its buyer, who is written to once that is done.
    charged_until: datetime | None = None
    #: Files that people have to give follow on the page of each seat.
    files_follow: bool = False
    #: With which numbers paper may begin: the one that is out and the next, where nobody chose among them on a page.
    first_issues: tuple[int, ...] | None = None


#: An order on the site, in the office, from a quote.
ORDINARY = Occasion()
