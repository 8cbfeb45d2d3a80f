"""Decisions about the newsletter: how long a link holds, which week a letter is of, when it may leave."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta, tzinfo

#: So long an address can be confirmed; then whoever asked is forgotten.
CONFIRM_WITHIN = timedelta(days=7)
#: An address that is asked for again is written to so long after the last time, and so often in so long, at most.
WRITTEN_AGAIN_AFTER, WRITTEN_WITHIN, WRITTEN_MOST = timedelta(minutes=15), timedelta(days=1), 3
#: Who did nothing for so long is asked once whether they still want the letter, and forgotten without an answer.
ASKED_AFTER, ANSWER_WITHIN = timedelta(days=3 * 365), timedelta(days=30)
#: So long it is kept that somebody had agreed and left.
KEPT_AFTER_LEAVING = timedelta(days=3 * 365)
#: How far the very first letter looks back.
FIRST_LOOKS_BACK = timedelta(days=14)
#: How far a letter looks ahead for days.
LOOKS_AHEAD = timedelta(days=75)
#: What stands in a draft at most.
MOST_ARTICLES, MOST_DAYS = 15, 8
#: The draft of a week is made from then on, on its Monday.
DRAFTED_AT = time(6)
#: A letter may be planned so far ahead.
FURTHEST = timedelta(days=60)


def can_confirm(*, asked_at: datetime, now: datetime) -> bool:
    """Return whether an address asked for at ``asked_at`` can still be confirmed."""
    return now < asked_at + CONFIRM_WITHIN


def may_be_written_to(written: Collection[datetime], *, now: datetime) -> bool:
    """Return whether an address that is asked for gets a mail; ``written`` says when it got the ones before.

    Whoever types the address of somebody else fills nobody's mailbox.
    """
    counted = [at for at in written if at > now - WRITTEN_WITHIN]
    return len(counted) < WRITTEN_MOST and all(at <= now - WRITTEN_AGAIN_AFTER for at in counted)


def week_of(day: date) -> date:
    """Return the Monday of the week of ``day``: it names the week's letter."""
    return day - timedelta(days=day.weekday())


def draft_is_due(*, now: datetime, zone: tzinfo) -> bool:
    """Return whether the draft of the week of ``now`` may be made: from early Monday on, whenever the worker comes."""
    local = now.astimezone(zone)
    return local >= datetime.combine(week_of(local.date()), DRAFTED_AT, tzinfo=zone)


def looks_back_to(last_covered: datetime | None, *, now: datetime) -> datetime:
    """Return from when on what appeared is told of: since the last letter that was sent."""
    return last_covered if last_covered is not None else now - FIRST_LOOKS_BACK


def can_leave_at(moment: datetime, *, now: datetime) -> bool:
    """Return whether a letter may be planned for ``moment``."""
    return now < moment <= now + FURTHEST
