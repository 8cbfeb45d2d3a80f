"""The steps of loading, in their order; each in transactions of its own, so that a run broken off is taken up again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from eventsapp.demo import reading
from eventsapp.demo.service._articles import load_article
from eventsapp.demo.service._catalogue import load_issues, load_plans, load_speakers, load_subjects
from eventsapp.demo.service._days import change_day, load_angers, load_day
from eventsapp.demo.service._filling import fill
from eventsapp.demo.service._gifts import end_what_is_over, load_gifts
from eventsapp.demo.service._offers import load_promo_codes, load_quotes
from eventsapp.demo.service._orders import load_order, pay_late
from eventsapp.demo.service._team import load_team
from eventsapp.study_days.statuses import StudyDayStatus


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the demonstration: what it is about, and how it is loaded; returns how many things are new."""

    about: str
    run: Callable[[], int]


def steps(*, now: datetime) -> list[Step]:
    """Return what loads the demonstration, dated from ``now``."""
    days, orders = reading.days(), reading.orders()
    changing = [day for day in days if day.status in {StudyDayStatus.POSTPONED, StudyDayStatus.CANCELLED}]
    return [
        Step("team", partial(load_team, now=now)),
        Step("plans", partial(load_plans, now=now)),
        Step("themes and series", partial(load_subjects, now=now)),
        Step("speakers", partial(load_speakers, now=now)),
        Step("issues", partial(load_issues, now=now)),
        Step(reading.ANGERS, partial(load_angers, now=now)),
        *(Step(day.slug, partial(load_day, day, now=now)) for day in days),
        *(Step(article.slug, partial(load_article, article, now=now)) for article in reading.articles()),
        *(Step(order.key, partial(load_order, order, now=now)) for order in orders),
        Step("gifts", partial(load_gifts, now=now)),
        Step("quotes", partial(load_quotes, now=now)),
        Step("promotional codes", partial(load_promo_codes, now=now)),
        *(Step(f"seats of {day.slug}", partial(fill, day, now=now)) for day in days if day.seats),
        *(Step(order.key, partial(pay_late, order, now=now)) for order in orders),
        *(Step(day.slug, partial(change_day, day, now=now)) for day in changing),
        Step("subscriptions that ended", partial(end_what_is_over, now=now)),
    ]
