"""Decisions of the door on plain values: what a scanner read, which half-days a day has, whether a door is open."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _

from eventsapp.attendance.errors import NotPrintable
from eventsapp.attendance.statuses import Part
from eventsapp.attendance.values import HalfDay, Slot
from eventsapp.papers import characters

#: The longest text that a scanner hands over, in characters: an address with a code at its end.
LONGEST_SCAN = 300
#: The longest name of a door, and the longest key of a scan, in characters.
DEVICE_LENGTH, KEY_LENGTH = 60, 64
#: Scans that a phone hands over at once.
MOST_AT_ONCE = 500
#: The afternoon begins here for whoever arrives.
NOON = time(13)
#: A day has a morning when it begins before, an afternoon when it ends after.
_MORNING_UNTIL, _AFTERNOON_FROM = time(12, 15), time(13, 45)
#: Lunch, for a programme that does not say when it is.
_LUNCH = time(12, 30), time(14)
#: The hours of a date in the middle of several.
_OPEN = time(9), time(17)
#: How many days afterwards a phone that was offline may still hand over what it scanned.
DAYS_TO_HAND_OVER = 3

#: How the key of an admission begins that came of an order placed at the door; no phone hands such a key over.
WALK_IN = "walk-in-"
#: How a list names an admission, by its number, to a phone that did not let the person in itself.
ENTRY = "entry-"
#: How long the door shows such a person the way to their own page.
_SHOWN_FOR = timedelta(minutes=15)

_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")


def code_in(scanned: str) -> str:
    """Return the ticket's code in what was scanned or pasted: the code itself, or an address that ends with it."""
    last = scanned.strip().split("?")[0].rstrip("/").rsplit("/", 1)[-1]
    return last if _CODE.match(last) else ""


def shows_own_page(key: str | None, *, at: datetime, now: datetime) -> bool:
    """Say whether somebody stands there who was just registered, and may take their own page along."""
    return key is not None and key.startswith(WALK_IN) and at <= now < at + _SHOWN_FOR


def entry_named(key: str) -> int | None:
    """Return the number of the admission that such a name stands for, or ``None``."""
    number = key.removeprefix(ENTRY)
    return int(number) if number != key and number.isdecimal() and len(number) < 10 else None


def half_days(local_start: datetime, local_end: datetime) -> tuple[HalfDay, ...]:
    """Return the half-days between these local times, one at least; midnight belongs to the day before."""
    last = (local_end - timedelta(microseconds=1)).date()
    found = []
    on = local_start.date()
    while on <= last:
        begins = local_start.time() if on == local_start.date() else time.min
        ends = local_end.time() if on == local_end.date() else time.max
        if begins < _MORNING_UNTIL:
            found.append(HalfDay(on, Part.MORNING))
        if ends > _AFTERNOON_FROM or begins >= _MORNING_UNTIL:
            found.append(HalfDay(on, Part.AFTERNOON))
        on += timedelta(days=1)
    return tuple(found)


def half_day_at(local: datetime, among: Sequence[HalfDay]) -> HalfDay:
    """Return in which half-day of a day somebody arrives; before or after the day, the nearest one."""
    arrived = HalfDay(local.date(), Part.AFTERNOON if local.time() >= NOON else Part.MORNING)
    if arrived in among:
        return arrived
    earlier = [half for half in among if half.rank <= arrived.rank]
    return earlier[-1] if earlier else among[0]


def scanned_at(said: datetime | None, *, now: datetime) -> datetime:
    """Return when a scan took place: as the device says, never later than now, whatever its clock shows."""
    return now if said is None else min(said, now)


def may_hand_over(*, first: date, last: date, today: date) -> bool:
    """Return whether the door of a day still takes what phones scanned on it."""
    return first <= today <= last + timedelta(days=DAYS_TO_HAND_OVER)


def by_minute(arrivals: Sequence[datetime]) -> list[tuple[datetime, int]]:
    """Return how many had come at the end of each minute in which somebody came; ``arrivals`` are sorted."""
    counted: dict[datetime, int] = {}
    for number, moment in enumerate(arrivals, start=1):
        counted[moment.replace(second=0, microsecond=0)] = number
    return list(counted.items())


def along(curve: Sequence[tuple[datetime, int]]) -> list[tuple[float, int]]:
    """Return the same with each minute as its place from 0, the first one, to 1, the last one."""
    if not curve:
        return []
    first, last = curve[0][0], curve[-1][0]
    span = max(60.0, (last - first).total_seconds())
    return [((minute - first).total_seconds() / span, count) for minute, count in curve]


def by_quarter(arrivals: Sequence[datetime]) -> list[tuple[datetime, int, int]]:
    """Return, for each quarter of an hour in which somebody came, its beginning, how many came and how many by then."""
    counted: dict[datetime, int] = {}
    for moment in arrivals:
        begins = moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
        counted[begins] = counted.get(begins, 0) + 1
    table, total = [], 0
    for begins, count in counted.items():
        total += count
        table.append((begins, count, total))
    return table


def half_days_attended(
    present: Mapping[HalfDay, bool], halves: Sequence[HalfDay], *, signed: Collection[HalfDay]
) -> tuple[HalfDay, ...]:
    """Return which ``halves`` of a day count for somebody of whom ``present`` is known, in order.

    The door only knows who arrived: a half-day of which nothing is said counts for whoever had come before, unless
    the sheet of that half-day was entered (``signed``): then it says who was there, and whoever it leaves out was not.
    """
    counted, has_come = [], False
    for half in halves:
        known = present.get(half)
        if known is True or (known is None and has_come and half not in signed):
            counted.append(half)
        has_come = has_come or known is True
    return tuple(counted)


def minutes_of(half: HalfDay, *, local_start: datetime, local_end: datetime, slots: Sequence[Slot]) -> int:
    """Return how long a half-day of a day lasts: what its programme says, breaks left out, else the clock, lunch left
    out.
    """
    within = [slot for slot in slots if slot.begins.date() == half.on and _part_at(slot.begins) is half.part]
    taught = sum(_minutes(slot.begins, slot.ends) for slot in within if not slot.is_break)
    if taught:
        return taught
    zone = local_start.tzinfo
    lunch, again, opens, closes = (datetime.combine(half.on, moment, zone) for moment in (*_LUNCH, *_OPEN))
    first = local_start if half.on == local_start.date() else opens
    last = local_end if half.on == local_end.date() else closes
    if half.part is Part.MORNING:
        return _minutes(first, last if last.time() <= _AFTERNOON_FROM else lunch)
    return _minutes(first if first.time() >= _MORNING_UNTIL else again, last)


def _part_at(moment: datetime) -> Part:
    return Part.AFTERNOON if moment.time() >= NOON else Part.MORNING


def _minutes(begins: datetime, ends: datetime) -> int:
    return max(0, int((ends - begins).total_seconds() // 60))


def hours_in_words(minutes: int) -> str:
    """Return a duration as French papers write it: « 6 h 30 »."""
    hours, rest = divmod(minutes, 60)
    return f"{hours}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{rest:02}" if rest else f"{hours}\N{NO-BREAK SPACE}h"


def batches(keys: Sequence[int], size: int) -> list[Sequence[int]]:
    """Return the keys by groups of at most ``size``; one empty group for none, as a programme is for nobody."""
    return [keys[start : start + size] for start in range(0, len(keys), size)] or [keys]


def printed_name(name: str) -> str:
    """Return a name as it stands on a paper, without emoji. Raises ``NotPrintable`` for one that would be boxes."""
    printed = characters.without_emoji(name)
    missing = characters.unprintable(printed)
    if missing or (name and not printed):
        raise NotPrintable(
            _(
                "le nom « %(name)s » a des signes que nos polices n’ont pas (%(signs)s) : "
                "écrivez-le en lettres latines",
                name=name,
                signs=(missing or name)[:12],
            )
        )
    return printed
