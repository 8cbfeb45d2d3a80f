"""When the tax that waits becomes due: an entry each time, so that the books say what the report says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from eventsapp.books.rules._entries import sided
from eventsapp.books.rules._vat import Billed, Part, due_shares
from eventsapp.books.statuses import AccountKey, JournalCode
from eventsapp.books.values import Entry
from eventsapp.core.money import vat_shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When something was recorded, and the day it is of."""

    at: datetime
    on: date

    def is_told(self, day: date, known_at: datetime) -> bool:
        """Return whether it was of that day or before, and known by then."""
        return self.on <= day and self.at <= known_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Money that came in or, negative, went; cents."""

    when: Moment
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What an invoice bills at one rate or, negative, a credit note takes back."""

    when: Moment
    number: str
    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """A line of an order: what it costs by rate, the main part first, and what was taken back of it; cents."""

    total_cents: int
    parts: tuple[tuple[int, int], ...]
    taken_back: tuple[Moved, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealt:
    """All that happened to an order and bears on when its tax is due."""

    order: str
    customer: str
    placed: Moment
    cancelled: Moment | None = None
    expired: Moment | None = None
    confirmed: Moment | None = None
    money: tuple[Moved, ...] = ()
    issued: tuple[Issued, ...] = ()
    lines: tuple[Ordered, ...] = ()

    def moments(self) -> set[Moment]:
        """Return when anything happened."""
        own = {moment for moment in (self.placed, self.cancelled, self.expired, self.confirmed) if moment}
        taken = {row.when for line in self.lines for row in line.taken_back}
        return own | taken | {row.when for row in self.money} | {row.when for row in self.issued}


@dataclass(frozen=True, slots=True, kw_only=True)
class BecameDue:
    """Tax that became due on a day or, negative, ceased to be; by rate, in cents."""

    when: Moment
    order: str
    customer: str
    piece: str
    piece_dated: date
    taxes: tuple[tuple[int, int], ...]


def became_due(dealt: Dealt) -> Iterator[BecameDue]:
    """Yield what became due of an order, in the order in which it was recorded; the option on invoices left out.

    What is recorded late changes what was due on its day and on later ones: each difference is of the day that it
    falls on, so that what is due of any period is the sum of what is dated in it.
    """
    moments = dealt.moments()
    written: dict[date, dict[int, int]] = {}
    for known_at in sorted({moment.at for moment in moments}):
        before: dict[int, int] = {}
        for day in sorted({moment.on for moment in moments if moment.at <= known_at}):
            due = _due(dealt, day, known_at)
            of_day = written.setdefault(day, {})
            taxes = []
            for rate in sorted({*before, *due, *of_day}, reverse=True):
                cents = due.get(rate, 0) - before.get(rate, 0) - of_day.get(rate, 0)
                if cents:
                    taxes.append((rate, cents))
                    of_day[rate] = of_day.get(rate, 0) + cents
            if taxes:
                yield _said(dealt, Moment(at=known_at, on=day), tuple(taxes))
            before = due


def due_entry(due: BecameDue, *, recorded_on: date) -> Entry:
    """Return the entry that clears the account of the tax that waits."""
    sides = [
        line
        for rate, cents in due.taxes
        for line in (
            sided(AccountKey.WAITING_VAT, cents, vat_rate=rate),
            sided(AccountKey.VAT, -cents, vat_rate=rate),
        )
    ]
    return Entry(
        journal=JournalCode.TAX,
        dated=due.when.on,
        validated_at=due.when.at,
        validated_on=recorded_on,
        piece=due.piece,
        piece_dated=due.piece_dated,
        label=f"TVA exigible {due.order} {due.customer}",
        postings=tuple(sides),
    )


def _due(dealt: Dealt, day: date, known_at: datetime) -> dict[int, int]:
    """Return rate → tax that waited and is due by the end of a day, by what was known then."""
    issued = [row for row in dealt.issued if row.when.is_told(day, known_at)]
    parts = _summed(issued) if issued else _ordered(dealt, day, known_at)
    received = sum(row.cents for row in dealt.money if row.when.is_told(day, known_at))
    due: dict[int, int] = {}
    for share in due_shares(Billed(parts=parts, received_cents=received)):
        if not share.on_debits:
            due[share.rate] = due.get(share.rate, 0) + share.vat_cents
    return due


def _summed(issued: list[Issued]) -> tuple[Part, ...]:
    sums: dict[tuple[int, bool], tuple[int, int]] = {}
    for row in issued:
        key = (row.part.rate, row.part.on_debits)
        gross, vat = sums.get(key, (0, 0))
        sums[key] = gross + row.part.gross_cents, vat + row.part.vat_cents
    return tuple(
        Part(rate=rate, gross_cents=gross, vat_cents=vat, on_debits=on_debits)
        # As the report has them: the cents left over go to the same ones.
        for (rate, on_debits), (gross, vat) in sorted(sums.items(), key=lambda item: (-item[0][0], item[0][1]))
    )


def _ordered(dealt: Dealt, day: date, known_at: datetime) -> tuple[Part, ...]:
    """Return what a payment before the invoice is for: the lines of the order, while it stands."""
    if not _stands(dealt, day, known_at):
        return ()
    sums: dict[int, int] = {}
    for line in dealt.lines:
        owed = line.total_cents - sum(row.cents for row in line.taken_back if row.when.is_told(day, known_at))
        # As ``vat.rules.scaled`` has it: the main part gets what is left.
        others = [cents * owed // line.total_cents if line.total_cents else 0 for _rate, cents in line.parts[1:]]
        for (rate, _cents), share in zip(line.parts, (owed - sum(others), *others), strict=True):
            sums[rate] = sums.get(rate, 0) + share
    return tuple(
        Part(rate=share.rate, gross_cents=share.gross_cents, vat_cents=share.vat_cents)
        for share in vat_shares([(cents, rate) for rate, cents in sorted(sums.items(), reverse=True)])
    )


def _stands(dealt: Dealt, day: date, known_at: datetime) -> bool:
    def told(moment: Moment | None) -> bool:
        return moment is not None and moment.is_told(day, known_at)

    taken_again = (
        dealt.expired is not None
        and dealt.confirmed is not None
        and dealt.confirmed.at >= dealt.expired.at
        and told(dealt.confirmed)
    )
    return told(dealt.placed) and not told(dealt.cancelled) and (not told(dealt.expired) or taken_again)


def _said(dealt: Dealt, when: Moment, taxes: tuple[tuple[int, int], ...]) -> BecameDue:
    """Name the invoice that the tax waited on, or the order while there is none."""
    issued = [row for row in dealt.issued if row.when.is_told(when.on, when.at)]
    last = max(issued, key=lambda row: row.when.at, default=None)
    return BecameDue(
        when=when,
        order=dealt.order,
        customer=dealt.customer,
        piece=last.number if last else dealt.order,
        piece_dated=last.when.on if last else dealt.placed.on,
        taxes=taxes,
    )
