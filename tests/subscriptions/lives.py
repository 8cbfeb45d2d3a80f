"""What a subscription has to be, told without the application's rules: dates by hand, day after day, for one reader.

``Life`` is one reader; its ``Term`` s are the contracts that it should have. Nothing here reads the database.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

#: Of each reminder: the days from the last one on which it may leave, the second one not included.
REMINDERS = {
    "before_60": (-60, -30),
    "before_30": (-30, -7),
    "before_7": (-7, 1),
    "after_7": (7, 30),
    "after_30": (30, 60),
}
DAY = timedelta(days=1)


def end_of(start: date, months: int) -> date:
    """Return the last day of so many months: the eve of the same date, or the end of a month that has no such date."""
    year, month = start.year, start.month
    for _month in range(months):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    try:
        return date(year, month, start.day) - DAY
    except ValueError:
        return date(year + month // 12, month % 12 + 1, 1) - DAY


@dataclass
class Term:
    """A contract as it should be."""

    months: int
    #: What the magazine gave has no order behind it, and its reader no title to what came out meanwhile.
    is_given: bool = False
    is_gift: bool = False
    renews: "Term | None" = None
    #: waiting → running → over; suspended and cancelled on the way.
    state: str = "waiting"
    starts: date | None = None
    ends: date | None = None
    reminded: bool = True
    #: Of the order that bought it, and of the contract itself, in the application.
    order: int | None = None
    key: int | None = None

    def reminder(self, today: date) -> str | None:
        """Return the reminder of which this is a day, whether or not its reader should have it."""
        assert self.starts is not None
        assert self.ends is not None
        for kind, (first, until) in REMINDERS.items():
            if first <= (today - self.ends).days < until:
                return kind if self.ends + timedelta(days=first) > self.starts else None
        return None


@dataclass
class Life:
    """A reader, and what that reader should have."""

    email: str
    terms: list[Term] = field(default_factory=list)
    #: (position of the term, kind, end) of every reminder that should have left.
    told: list[tuple[int, str, date]] = field(default_factory=list)

    def open(self, term: Term) -> Term:
        self.terms.append(term)
        return term

    def start(self, term: Term, today: date) -> None:
        """Let a term begin: after the one it renews and the gifts added to that, a gift after whatever there is."""
        after = [today]
        if term.starts is not None:
            after += self._anew(term)
        elif term.renews is not None:
            if term.renews.state in {"running", "over"}:
                assert term.renews.ends is not None
                ends = [each.ends for each in self.terms if each.is_gift and each.state == "running" and each.ends]
                after += [end + DAY for end in [term.renews.ends, *ends]]
        elif term.is_gift:
            after += [each.ends + DAY for each in self.terms if each.state == "running" and each.ends]
        term.starts = max(after)
        term.ends = end_of(term.starts, term.months)
        term.state = "running"

    def _anew(self, term: Term) -> list[date]:
        """Return the days that a term waits for whose own end passed while its money was missing."""
        following = self.renewal_of(term, begun=True)
        if following is not None:
            following.renews = None
        ends = [(each.ends, place, each) for place, each in enumerate(self.terms) if each.state == "running"]
        known = [(end, place, each) for end, place, each in ends if end is not None]
        if not known:
            return []
        end, _place, last = max(known, key=lambda one: one[:2])
        if term.renews is None and self.renewal_of(last, begun=True) is None:
            term.renews = last
        return [end + DAY]

    def pay(self, term: Term, today: date) -> None:
        """Let follow what money for the order brings."""
        if term.state == "suspended" and term.ends is not None and term.ends >= today:
            term.state = "running"
        elif term.state in {"waiting", "suspended"}:
            self.start(term, today)

    def renewal_of(self, term: Term, *, begun: bool = False) -> Term | None:
        found = (each for each in self.terms if each.renews is term and each.state != "cancelled")
        return next((each for each in found if each.starts or not begun), None)

    def sweep(self, today: date) -> int:
        """Live through the sweeps of a day; return how many reminders leave."""
        for term in self.terms:
            if term.state == "running" and term.ends is not None and term.ends < today:
                term.state = "over"
        new = []
        for position, term in enumerate(self.terms):
            if term.state not in {"running", "over"} or not term.reminded or self.renewal_of(term):
                continue
            kind = term.reminder(today)
            assert term.ends is not None
            if kind is not None and (position, kind, term.ends) not in self.told:
                new.append((position, kind, term.ends))
        self.told += new
        return len(new)

    def reads(self, today: date) -> bool:
        return any(term.state == "running" and _covers(term, today) for term in self.terms)

    def paid_for(self, day: date) -> bool:
        """Return whether the day lies in a time that was paid for and not taken back."""
        return any(
            not term.is_given and term.state in {"running", "over"} and _covers(term, day) for term in self.terms
        )


def _covers(term: Term, day: date) -> bool:
    return term.starts is not None and term.ends is not None and term.starts <= day <= term.ends
