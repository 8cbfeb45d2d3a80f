"""What the files of ``content/`` hold, as they are read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who speaks at a session (the slug of a speaker), in the role of that day."""

    who: str
    role: str = ""
    organisation: str = ""
    chairs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A slot of a programme; hours as the clock of the town shows them, ``date`` from 1 for days of several dates."""

    title: str
    kind: str = "talk"
    starts: str = ""
    ends: str = ""
    room: str = ""
    summary: str = ""
    date: int = 1
    voices: Sequence[Voice] = ()
    #: The points of what was handed out.
    handout: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyBird:
    """A rate that ends before the others; its price in cents."""

    price: int
    ends_in_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedText:
    """A question put to whoever registers; ``options`` a line each, « français | anglais »."""

    kind: str
    label: str
    label_en: str = ""
    scope: str = "person"
    options: str = ""
    help: str = ""
    sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DayText:
    """A study day. Its date is a weekday (1 is Monday, 0 that of today) so many weeks from today's; other dates are
    counted in days.
    """

    slug: str
    title: str
    lead: str = ""
    description: str = ""
    series: str = ""
    theme: str = ""
    #: The key of a venue, or only the slug of a city.
    venue: str = ""
    city: str = ""
    weeks: int
    weekday: int
    #: How many dates it is held on.
    days: int = 1
    starts: str
    ends: str
    welcome: str = ""
    announced_days_ago: int
    opens_in_days: int | None = None
    #: Unset: three days before it is held.
    closes_in_days: int | None = None
    capacity: int
    #: Taken in the end, by orders.toml and by the filling together.
    seats: int
    #: ``published``, ``draft``, or what becomes of it once seats are sold: ``postponed``, ``cancelled``.
    status: str = "published"
    status_note: str = ""
    changed_days_ago: int = 0
    #: In weeks from today's, when it was announced for another date.
    previous_weeks: int | None = None
    #: Code of a rate → price in cents.
    prices: Mapping[str, int]
    early_bird: EarlyBird | None = None
    vat_category: str = "standard"
    audience: str
    objectives: str = ""
    included: str
    practical: str
    cancellation_terms: str
    contact: str
    questions: Sequence[AskedText] = ()
    sessions: Sequence[Part] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentText:
    """What a reader wrote under an article, and what the moderators made of it."""

    author: str
    email: str
    body: str
    days_ago: int
    state: str
    #: Why it was refused.
    reason: str = ""
    #: Why another reader reported it.
    reported: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleText:
    """An article: the head of its file, and its body in Markdown. Sessions are counted among the talks of the day."""

    slug: str
    title: str
    lead: str
    body: str
    section: str
    kind: str = "article"
    issue: int | None = None
    day: str = ""
    sessions: Sequence[int] = ()
    #: Slugs of speakers quoted besides those of the sessions.
    speakers: Sequence[str] = ()
    related: Sequence[str] = ()
    byline: str = "la rédaction"
    access: str
    status: str = "published"
    note: str = ""
    #: When it was published, or last changed.
    days_ago: int = 0
    #: When a scheduled one is to appear.
    in_days: int = 0
    #: Of the archives: the date itself.
    published_at: date | None = None
    fictional: bool = True
    comments: Sequence[CommentText] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A public body that does not exist, and who works there: « name, job title »."""

    slug: str
    name: str
    kind: str
    number: int
    address: str
    postcode: str
    city: str
    service_code: str = ""
    staff: Sequence[str]
    elected: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody of a body, by last name, who comes at a rate; without a name the seat is to be named later."""

    rate: str
    who: str = ""
    needs: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Seats of a body at one day."""

    day: str
    people: Sequence[Guest]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What happens to an order later: ``pay``, ``cancel``, ``refund``, ``expire``, ``pay-once-full``, ``accept``.

    Or to a seat without a name, in their order: ``invite``, the body's person of that last name.

    And to the dossier of a public body: ``receive``, ``service-done``, ``deposit``, ``reject``.
    """

    do: str
    days_ago: int = 0
    #: Unset: all of it.
    amount_cents: int | None = None
    reference: str = ""
    bank: str = ""
    reason: str = ""
    #: Who accepts a gift.
    email: str = ""
    #: Who is invited to a seat.
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderText:
    """An order of a body or of one person, and what happens to it."""

    key: str
    method: str
    days_ago: int = 0
    minutes_ago: int = 0
    body: str = ""
    #: Somebody who orders alone: name, email, and the address that paper is sent to.
    buyer: Mapping[str, str] = field(default_factory=dict)
    day: str = ""
    people: Sequence[Guest] = ()
    #: Of the buyer's own seat.
    rate: str = ""
    also: Visit | None = None
    plan: str = ""
    #: For somebody else: name, and a message.
    gift: Mapping[str, str] = field(default_factory=dict)
    #: The key of the order whose subscription it renews.
    renews: str = ""
    commitment_number: str = ""
    then: Sequence[Deed] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteText:
    """A quote for a body, and how long ago it was ordered, if it was."""

    order: OrderText
    ordered_days_ago: int | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens at a moment; ``run`` lets it, and returns how many things are new."""

    at: datetime
    run: Callable[[], int]
