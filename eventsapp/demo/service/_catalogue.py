"""Plans, themes, series, speakers, sections and issues: what the days and the articles refer to."""

from datetime import datetime, timedelta
from typing import Any

from eventsapp.accounts.access import RoleName
from eventsapp.core import clock, slugs
from eventsapp.demo import queries, reading, rules
from eventsapp.demo.service._team import actor
from eventsapp.demo.service._transaction import writing
from eventsapp.magazine import service as magazine
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.values import IssueContent, Terms
from eventsapp.speakers import queries as speaker_queries
from eventsapp.speakers import service as speakers
from eventsapp.speakers.values import SpeakerDraft
from eventsapp.study_days import service as study_days
from eventsapp.subscriptions import queries as subscription_queries
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.statuses import Audience, Edition
from eventsapp.subscriptions.values import PlanDraft
from eventsapp.vat.values import Component

#: When the office wrote all this down.
_SINCE = timedelta(days=490)
#: The category of the registered press.
_PRESS = "press"


def load_plans(*, now: datetime) -> int:
    """Write the plans on offer; return how many are new."""
    made = 0
    with writing():
        for position, row in enumerate(reading.table("plans")["plans"], start=1):
            if subscription_queries.any_plan(slugs.slugify(row["name"])):
                continue
            texts = row | {"audience": Audience(row["audience"]), "edition": Edition(row["edition"])}
            draft = PlanDraft(**texts | {"components": _components(row)}, position=position, published=True)
            subscriptions.save_plan(None, draft, actor=actor(RoleName.ADMINISTRATOR), now=now - _SINCE)
            made += 1
    return made


def _components(row: dict[str, Any]) -> tuple[Component, ...]:
    """Return what a plan's price is made of: the magazine, unless its parts are told."""
    told = row.get("components", [{"category": _PRESS, "cents": row["price_cents"]}])
    return tuple(Component(**part) for part in told)


def load_subjects(*, now: datetime) -> int:
    """Write the themes and the series of the days; return how many are new."""
    made, when = 0, now - _SINCE
    frame = reading.table("frame")
    with writing():
        organiser = actor(RoleName.ORGANISER)
        for row in frame["themes"]:
            if queries.theme(slugs.slugify(row["name"])) is None:
                study_days.save_theme(None, **row, actor=organiser, now=when)
                made += 1
        for row in frame["series"]:
            if queries.series(slugs.slugify(row["title"])) is None:
                study_days.save_series(None, **row, actor=organiser, now=when)
                made += 1
    return made


def load_speakers(*, now: datetime) -> int:
    """Write the made-up speakers, those with a biography having agreed to it; return how many are new."""
    made, when = 0, now - _SINCE
    with writing():
        organiser = actor(RoleName.ORGANISER)
        for row in reading.table("speakers")["speakers"]:
            if speaker_queries.speaker(slugs.slugify(row["name"])) is not None:
                continue
            first_name, _, last_name = row["name"].partition(" ")
            consent_on = clock.local_date(when) if row["biography"] else None
            draft = SpeakerDraft(
                first_name=first_name, last_name=last_name, biography=row["biography"], consent_on=consent_on
            )
            speakers.save_speaker(None, values=draft, actor=organiser, now=when).is_fictional = True
            made += 1
    return made


def load_issues(*, now: datetime) -> int:
    """Write the sections and the numbers of the magazine; return how many are new."""
    made, today = 0, clock.local_date(now)
    with writing():
        editor = actor(RoleName.EDITOR)
        # Its articles are of many years, and each is to be commented on by who tries the site.
        terms = Terms(free_paragraphs=0, opens_after_months=0, gifts_a_month=5, comments_days=0)
        magazine.set_reading_terms(terms, actor=editor, now=now - _SINCE)
        content = reading.table("issues")
        for row in content["sections"]:
            if newsroom.section_by_slug(slugs.slugify(row["name"])) is None:
                magazine.create_section(name=row["name"], actor=editor, now=now - _SINCE)
                made += 1
        for row in content["issues"]:
            if newsroom.issue(row["number"]) is not None:
                continue
            months_ago = row.pop("months_ago", None)
            if months_ago is not None:
                row["published_on"] = rules.month_before(today, months_ago)
            magazine.create_issue(content=IssueContent(**row), actor=editor, now=now - _SINCE)
            made += 1
    return made
