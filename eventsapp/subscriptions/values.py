"""What forms and the API hand over about a subscription."""

from dataclasses import dataclass
from datetime import date

from eventsapp.core import texts
from eventsapp.subscriptions.statuses import Audience, ContractKind, Edition
from eventsapp.vat.values import Component


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """A plan as the office writes it; price in cents, tax included."""

    name: str
    name_en: str
    summary: str
    summary_en: str
    audience: Audience
    edition: Edition
    months: int
    readers: int
    price_cents: int
    position: int
    published: bool
    #: What the price is made of; without any, the whole is taxed at the standard rate.
    components: tuple[Component, ...] = ()
    #: Numbers promised on paper; none: those that appear meanwhile.
    issues: int | None = None
    #: Copies of each number that go to its reader.
    copies: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Where paper is sent."""

    name: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether it can be written on an envelope."""
        return bool(self.name and self.address and self.postcode and self.city)


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftWish:
    """A subscription for somebody else, as the giver wishes it; the reader gives the address of delivery."""

    recipient_name: str
    #: Empty: the giver hands over the printed card.
    recipient_email: str = ""
    #: How the giver signs; the buyer's name where nothing is given.
    giver_name: str = ""
    message: str = ""
    #: When the reader is told, and from when it runs at the earliest; none for at once.
    announce_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who accepts a gift, and where paper is sent."""

    email: str
    delivery: Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A subscription that the office gives: why, to whom, until which day (included)."""

    kind: ContractKind
    email: str
    delivery: Delivery
    ends_on: date
    reason: str
    #: Whether the reader is told by mail.
    tell: bool = True
    #: The day at which the reader spoke.
    study_day_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitee:
    """Somebody whom an institution invites to read."""

    email: str
    name: str = ""

    @classmethod
    def called(cls, email: str, name: str) -> "Invitee":
        """Return somebody with a name as one says it: « Dupond, Aurélie » is Aurélie Dupond."""
        name = name.strip(" \"'")
        last, comma, first = (part.strip() for part in name.partition(","))
        if comma and first and last and "," not in first:
            name = f"{first} {last}"
        return cls(email=email, name=name[:200] if texts.without_links(name) else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberCounts:
    """How many people of an institution read, have not come yet, and were invited without an answer."""

    joined: int
    never_came: int
    invited: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRight:
    """That somebody may read today, and whose reader they are, if they have it from an institution."""

    readership_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """How many seats of a day a subscription covers, of an address and, where there is one, an establishment."""

    email: str
    siret: str
    seats: int
    #: Of an institution, who has a seat in it: each of them sits by it, by their own address.
    readers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Whose seats of a day one contract of an institution covers: addresses (lower case) and establishments."""

    emails: frozenset[str] = frozenset()
    sirets: frozenset[str] = frozenset()
