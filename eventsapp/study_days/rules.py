"""Decisions about days, on plain values."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import zip_longest

from flask_babel import gettext as _

from eventsapp.core.errors import Invalid
from eventsapp.study_days.errors import DayInUse, IllegalTransition, RegistrationClosed
from eventsapp.study_days.statuses import NEXT, Availability, SessionKind, StudyDayStatus

#: The longest code of a rate or a question, in characters.
CODE_LENGTH = 40
#: From this many seats left the page says how few they are.
FEW_SEATS = 15
#: Registration closes so long before a day, at this hour, unless somebody says otherwise.
CLOSES_BEFORE = timedelta(days=2)
CLOSES_AT = time(12)
#: Words that begin a pause in a programme typed as lines.
_PAUSES = ("accueil", "café", "pause", "déjeuner", "dîner", "cocktail", "clôture", "fin ")
_HOUR = r"(\d{1,2})\s*(?:h|:)\s*(\d{2})?"
_LINE = re.compile(rf"{_HOUR}(?:\s*(?:-|–|à)\s*{_HOUR})?[\s:–-]+(.+)")


def availability(
    *,
    status: StudyDayStatus,
    starts_at: datetime,
    ends_at: datetime,
    opens_at: datetime | None,
    closes_at: datetime,
    seats_left: int,
    now: datetime,
) -> Availability:
    """Return what a visitor can do about a day at ``now``; what the organiser decided comes first."""
    if status is StudyDayStatus.CANCELLED:
        return Availability.CANCELLED
    if status is StudyDayStatus.POSTPONED:
        return Availability.POSTPONED
    if is_past(ends_at=ends_at, now=now):
        return Availability.PAST
    if now >= min(closes_at, starts_at):
        return Availability.CLOSED
    if opens_at is not None and now < opens_at:
        return Availability.OPENS_LATER
    if seats_left <= 0:
        return Availability.FULL
    return Availability.FEW_SEATS if seats_left <= FEW_SEATS else Availability.OPEN


def require_open(state: Availability) -> None:
    """Raise ``RegistrationClosed`` unless registrations are taken; a full day passes, its seats decide."""
    refusals = {
        Availability.OPENS_LATER: _("Les inscriptions à cette journée ne sont pas encore ouvertes."),
        Availability.CLOSED: _("Les inscriptions à cette journée sont closes."),
        Availability.PAST: _("Cette journée a eu lieu ; les inscriptions sont closes."),
        Availability.POSTPONED: _("Cette journée est reportée ; les inscriptions sont suspendues."),
        Availability.CANCELLED: _("Cette journée est annulée."),
    }
    if state in refusals:
        raise RegistrationClosed(refusals[state])


def is_past(*, ends_at: datetime, now: datetime) -> bool:
    """Return whether the day is over; its last minute included."""
    return now >= ends_at


def first_date(starts_at: datetime, zone: tzinfo) -> date:
    """Return the date it begins on, as the calendar of the venue's town shows it."""
    return starts_at.astimezone(zone).date()


def last_date(ends_at: datetime, zone: tzinfo) -> date:
    """Return the last date it is held on; midnight belongs to the day before."""
    return (ends_at - timedelta(microseconds=1)).astimezone(zone).date()


def require_transition(before: StudyDayStatus, after: StudyDayStatus) -> None:
    """Raise ``IllegalTransition`` unless ``after`` may follow ``before``."""
    if after not in NEXT[before]:
        raise IllegalTransition(
            _("Une journée à l’état « %(before)s » ne peut pas passer à « %(after)s ».", before=before, after=after)
        )


def lowest_price(prices: Iterable[tuple[int, datetime | None]], *, now: datetime) -> int | None:
    """Return the lowest of ``(price_cents, available_until)`` still on sale, or ``None``."""
    return min((price for price, until in prices if until is None or now < until), default=None)


def moment(day: date, at: time, zone: tzinfo) -> datetime:
    """Return when the clock of the town shows ``at`` on ``day``; of an hour that comes twice, the first.

    Raises ``Invalid`` for an hour that the clock skips in spring.
    """
    local = datetime.combine(day, at, tzinfo=zone)
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Invalid(
            _(
                "Le %(day)s, %(hour)s n’existe pas : l’horloge passe à l’heure d’été.",
                day=f"{day:%d/%m/%Y}",
                hour=f"{at:%H h %M}",
            )
        )
    return local.astimezone(UTC)


def moved(instant: datetime, *, by: timedelta, zone: tzinfo, to_zone: tzinfo | None = None) -> datetime:
    """Return ``instant`` so many days later at the same hour of the clock, whatever summer time does between."""
    local = instant.astimezone(zone).replace(tzinfo=None) + by
    return local.replace(tzinfo=to_zone or zone).astimezone(UTC)


def default_close(starts_at: datetime, zone: tzinfo) -> datetime:
    """Return when registration closes if nobody says: noon, two days before."""
    return moment(starts_at.astimezone(zone).date() - CLOSES_BEFORE, CLOSES_AT, zone)


def overbooked(*, capacity: int, seats_taken: int) -> int:
    """Return how many seats are taken beyond the capacity."""
    return max(0, seats_taken - capacity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What a published day needs, and whether it is there."""

    lead: bool
    venue: bool
    talks: int
    prices: int
    terms: bool


def missing(ready: Readiness) -> list[str]:
    """Return what a day lacks to be published, in words; nothing when it is ready."""
    wanted = [
        (ready.lead, _("Le chapô : en une ou deux phrases, de quoi il est question.")),
        (ready.prices > 0, _("Au moins un tarif.")),
        (ready.talks > 0, _("Au moins une séance au programme.")),
    ]
    return [words for there, words in wanted if not there]


def advisable(ready: Readiness) -> list[str]:
    """Return what a day may be published without, but had better have."""
    wanted = [
        (ready.venue, _("Le lieu : la page n’indique que la ville.")),
        (ready.terms, _("Les conditions d’annulation.")),
    ]
    return [words for there, words in wanted if not there]


def require_nobody(seats_taken: int) -> None:
    """Raise ``DayInUse`` when seats are taken: the people would find no page any more."""
    if seats_taken:
        raise DayInUse(
            "Des places sont prises : reportez ou annulez la journée, les personnes inscrites seront prévenues."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a programme typed as text."""

    title: str
    kind: SessionKind
    starts: time | None = None
    ends: time | None = None


def programme_lines(text: str) -> Sequence[Line]:
    """Read a programme of one slot a line, the hour first: « 9:30 Ouverture », « 10h-11h Les finances ».

    A slot without an end lasts until the next one; a line without an hour has none. Raises ``Invalid`` for an hour
    that no clock shows.
    """
    lines = [
        _programme_line(line.strip(), number) for number, line in enumerate(text.splitlines(), start=1) if line.strip()
    ]
    followed = zip_longest(lines, lines[1:])
    return [
        Line(title=line.title, kind=line.kind, starts=line.starts, ends=line.ends or (after.starts if after else None))
        if line.starts
        else line
        for line, after in followed
    ]


def _programme_line(text: str, number: int) -> Line:
    match = _LINE.match(text)
    title = match[5] if match else text
    kind = SessionKind.BREAK if title.lower().startswith(_PAUSES) else SessionKind.TALK
    if match is None:
        return Line(title=title, kind=kind)
    return Line(
        title=title,
        kind=kind,
        starts=_clock(match[1], match[2], number),
        ends=_clock(match[3], match[4], number) if match[3] else None,
    )


def _clock(hour: str, minute: str | None, number: int) -> time:
    try:
        return time(int(hour), int(minute or 0))
    except ValueError as error:
        raise Invalid(
            _(
                "Ligne %(number)s du programme : aucune horloge ne montre %(hour)s h %(minute)s.",
                number=number,
                hour=hour,
                minute=minute or "00",
            )
        ) from error


#: For how many days after the day what is sensitive is kept, unless the question says otherwise.
KEEP_DAYS = 30
#: The most questions that a day asks at a time, and the most answers that one offers.
MOST_QUESTIONS = 20
MOST_OPTIONS = 30
OPTION_LENGTH = 100


def options_of(lines: str) -> dict[str, str]:
    """Return the answers that ``lines`` offer, one a line, « végétarien | vegetarian »: the French one → the English.

    Where no English is given the French stands for it; a line that comes twice counts once.
    """
    options: dict[str, str] = {}
    for line in lines.splitlines():
        french, _bar, english = (" ".join(part.split()) for part in line.partition("|"))
        if french:
            options.setdefault(french, english or french)
    return options
