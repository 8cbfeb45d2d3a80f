"""What is claimed of an order, what is planned next, and what is handed from forms to services."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from eventsapp.dunning.statuses import CountedFrom, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is still to be paid of a confirmed order, and what was done about it."""

    owed_cents: int
    #: Until when it was to be paid; of an invoiced order, what its last invoice says.
    due_on: date
    #: The last of the days of grace: late is what comes after.
    tolerated_until: date
    invoiced_on: date | None
    #: Number of the last step sent, 0 for none.
    last_step: int = 0
    last_sent_on: date | None = None
    #: No reminder up to that day included.
    paused_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One reminder among those of a payment method."""

    step: int
    counted_from: CountedFrom
    days: int
    level: Level
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The next reminder, and from which day on it goes by itself."""

    step: Step
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What late payment costs a public body (CCP art. R2192-31, D2192-35); rates in hundredths of a percent."""

    #: First day of the half-year.
    since: date
    ecb: int
    margin: int
    fee_cents: int

    @property
    def total(self) -> int:
        return self.ecb + self.margin


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """What a public body owes besides for being late: computed and shown, never charged by itself."""

    #: The day after the last day to pay.
    since: date
    days: int
    #: Of the half-year in which it began to run; none when the office has not typed it.
    rate: Rate | None
    cents: int

    @property
    def total_cents(self) -> int:
        """With the fixed sum for the costs of recovery."""
        return self.cents + (self.rate.fee_cents if self.rate else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDraft:
    """A step as the office types it."""

    counted_from: CountedFrom
    days: int
    level: Level
    title: str
    title_en: str
    text: str
    text_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A reminder as it was sent: frozen, so that its letter stays what it was."""

    level: Level
    language: str
    sent_on: date
    title: str
    text: str
    reference: str
    buyer: str
    contact: str
    address: tuple[str, ...]
    seller: str
    seller_address: str
    seller_siret: str
    iban: str
    bic: str
    owed_cents: int
    due_on: date
    invoice: str
    invoiced_on: date | None
    #: What the law adds to late payment, as the office has it printed; empty in a polite reminder.
    terms: tuple[str, ...] = ()
    #: By what the buyer's accountants find their order.
    order_number: str = ""
    seller_email: str = ""


def letter_to_json(letter: Letter) -> dict[str, Any]:
    """Return ``letter`` as JSON can carry it."""
    return {
        name: value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
        for name, value in asdict(letter).items()
    }


def letter_from_json(data: Mapping[str, Any]) -> Letter:
    """Return what ``letter_to_json`` wrote."""
    invoiced = data["invoiced_on"]
    return Letter(
        **{
            **data,
            "level": Level(data["level"]),
            "sent_on": date.fromisoformat(data["sent_on"]),
            "due_on": date.fromisoformat(data["due_on"]),
            "invoiced_on": date.fromisoformat(invoiced) if invoiced else None,
            "address": tuple(data["address"]),
            "terms": tuple(data["terms"]),
        }
    )
