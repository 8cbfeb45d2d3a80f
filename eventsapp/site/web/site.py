"""The front page."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, render_template, url_for

from eventsapp.core import clock, page_cache
from eventsapp.magazine import queries as magazine
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import ArticleKind
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import Intervention, StudyDay
from eventsapp.study_days.statuses import Availability
from eventsapp.subscriptions import queries as subscriptions

#: Coming days among which the lead story is chosen, those listed after it, and the articles below.
CANDIDATES = 12
FOLLOWING = 5
#: Of those, at most so many that come sooner than the lead story, which are full or closed.
BEFORE = 2
#: What does not take place.
OFF = frozenset({Availability.CANCELLED, Availability.POSTPONED})
ARTICLES = 7
#: Speakers named beside the lead story.
VOICES = 3

blueprint = Blueprint("site", __name__)


@blueprint.get("/")
@page_cache.public_page("days", "magazine", "plans")
def home() -> str:
    """Show the next day, those after it, what was written lately, and the offer."""
    now = clock.now()
    days = list(study_days.next_days(now=now, limit=CANDIDATES))
    lead = _lead(days, now)
    sooner, after = (days[: days.index(lead)], days[days.index(lead) + 1 :]) if lead else ([], days)
    before = [day for day in sooner if day.availability(now) not in OFF]
    articles = _reports_first(magazine.latest_articles(ARTICLES))
    return render_template(
        "site/home.html",
        lead=lead,
        voices=[_voice(talk) for talk in study_days.voices_of_day(lead.id, limit=VOICES)] if lead else [],
        price=study_days.prices_from([lead.id], now=now).get(lead.id) if lead else None,
        is_first=not before,
        days=[*before[:BEFORE], *after][:FOLLOWING],
        articles=articles,
        plan=subscriptions.cheapest_plan(),
        now=now,
    )


def _lead(days: Sequence[StudyDay], now: datetime) -> StudyDay | None:
    """Return the next day that one can register for; else the next that is to take place; else none."""
    open_now = {Availability.OPEN, Availability.FEW_SEATS}
    states = [(day, day.availability(now)) for day in days]
    candidates = [day for day, state in states if state in open_now] or [
        day for day, state in states if state not in OFF
    ]
    return candidates[0] if candidates else None


def _voice(talk: Intervention) -> dict[str, str]:
    photo = talk.speaker.shown_photo
    return {
        "name": talk.speaker.name,
        "url": url_for("speakers.speaker", slug=talk.speaker.slug),
        "role": talk.role,
        "organisation": talk.organisation,
        "photo": url_for("files.show", key=photo.key) if photo else "",
    }


def _reports_first(articles: Sequence[Article]) -> list[Article]:
    return sorted(articles, key=lambda article: article.kind is not ArticleKind.REPORT)
