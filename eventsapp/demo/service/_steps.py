"""The steps of loading, in their order; each in transactions of its own, so that a run broken off is taken up again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from eventsapp.demo import reading
from eventsapp.demo.service._articles import load_article
from eventsapp.demo.service._catalogue import load_issues, load_plans, load_speakers, load_subjects
from eventsapp.demo.service._days import change_day, load_angers, load_day
from eventsapp.demo.service._gifts import end_what_is_over, load_gifts
from eventsapp.demo.service._messages import load_messages
from eventsapp.demo.service._newsletter import load_newsletter
from eventsapp.demo.service._offers import load_promo_codes
from eventsapp.demo.service._orders import pay_late
from eventsapp.demo.service._paper import load_paper
from eventsapp.demo.service._readers import load_readers
from eventsapp.demo.service._reads import load_reads
from eventsapp.demo.service._team import load_team
from eventsapp.demo.service._timeline import Timeline
from eventsapp.demo.service._waiting import load_waiting_lists
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
    timeline = Timeline(now=now)
    return [
        Step("team", partial(load_team, now=now)),
        Step("plans", partial(load_plans, now=now)),
        Step("themes and series", partial(load_subjects, now=now)),
        Step("speakers", partial(load_speakers, now=now)),
        Step("issues", partial(load_issues, now=now)),
        Step(reading.ANGERS, partial(load_angers, now=now)),
        *(Step(day.slug, partial(load_day, day, now=now)) for day in days),
        *(Step(article.slug, partial(load_article, article, now=now)) for article in reading.articles()),
        Step("gifts", partial(load_gifts, now=now)),
        Step("promotional codes", partial(load_promo_codes, now=now)),
        *(Step(f"orders until {moment.date()}", partial(timeline.run_until, moment)) for moment in _months(now)),
        *(Step(order.key, partial(pay_late, order, now=now)) for order in orders),
        Step("readers of institutions", partial(load_readers, now=now)),
        Step("waiting lists", partial(load_waiting_lists, now=now)),
        *(Step(day.slug, partial(change_day, day, now=now)) for day in changing),
        Step("messages", partial(load_messages, now=now)),
        Step("newsletter", partial(load_newsletter, now=now)),
        Step("readings", partial(load_reads, now=now)),
        Step("subscriptions that ended", partial(end_what_is_over, now=now)),
        Step("paper", partial(load_paper, now=now)),
    ]


def _months(now: datetime) -> list[datetime]:
    """Return the ends of the pieces in which the time of the demonstration passes; the last one is ``now``."""
    return [now - timedelta(days=days) for days in range(450, 0, -30)] + [now + timedelta(hours=1)]
