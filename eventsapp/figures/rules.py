"""Decisions about figures: who is no reader, which months a period has, whom a day led to subscribe."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

#: The most months that a page compares.
MOST_MONTHS = 24
#: Within so many months of a day somebody who subscribes was led to it by the day.
WITHIN_MONTHS = (3, 6, 12)
#: What programs call themselves, in small letters; browsers say none of these.
_BOTS = (
    "bot", "crawl", "spider", "slurp", "archiver", "preview", "monitor", "headless", "phantom", "lighthouse", "fetch",
    "scan", "python", "curl", "wget", "java/", "okhttp", "go-http", "libwww", "axios", "node", "feed",
    "facebookexternal", "whatsapp", "telegram", "embedly", "mastodon", "chatgpt", "claude", "perplexity",
)  # fmt: skip


def is_bot(user_agent: str) -> bool:
    """Return whether a program that calls itself so is none that somebody reads with; nameless ones are none."""
    name = user_agent.lower()
    return not name.startswith("mozilla/") or any(part in name for part in _BOTS)


def months_of(first: date, last: date) -> list[date]:
    """Return the first day of each month of a period, the last ``MOST_MONTHS`` of them at most."""
    end = last.replace(day=1)
    apart = (last.year - first.year) * 12 + last.month - first.month
    return [months_after(end, -number) for number in range(min(apart + 1, MOST_MONTHS))][::-1]


def end_of(month: date) -> date:
    """Return the last day of the month."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    return first.replace(day=min(day.day, end_of(first).day))


def usual_period(today: date) -> tuple[date, date]:
    """Return the twelve months that end with the present one, up to today."""
    return months_after(today.replace(day=1), -11), today


def labels_every(months: Sequence[date]) -> int:
    """Return how many months apart a chart names them, so that the names do not touch."""
    return 1 if len(months) <= 12 else 3
