"""How one thing names another in an answer: enough to show it and to go there."""

from typing import Any

from eventsapp.core.links import absolute
from eventsapp.magazine.models import Article
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import SHOWN


def report_link(report: Article) -> dict[str, Any]:
    """Return a published article as others name it."""
    return {
        "slug": report.slug,
        "title": report.title,
        "access": report.access.value,
        "url": absolute("magazine.article", slug=report.slug),
    }


def day_link(day: StudyDay | None) -> dict[str, Any] | None:
    """Return a day as others name it, its city loaded; nothing for one that visitors may not see."""
    if day is None or day.status not in SHOWN:
        return None
    return {
        "slug": day.slug,
        "title": day.title,
        "date": day.date,
        "city": {"slug": day.city.slug, "name": day.city.name},
        "url": absolute("study_days.day", slug=day.slug),
    }
