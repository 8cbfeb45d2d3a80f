"""Rows to measure with: a hundred days, fifty articles, plans."""

from datetime import UTC, datetime, timedelta

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.magazine.models import Article, Issue, Section
from eventsapp.magazine.statuses import ArticleKind, ArticleStatus
from eventsapp.places.models import City
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.models import Intervention, Rate, StudyDay, StudySession
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.subscriptions.models import Plan
from eventsapp.subscriptions.statuses import Audience, Edition

DAYS = 100
ARTICLES = 50
_PARAGRAPH = "Les directions se sont rapprochées service par service, chacune à son rythme et avec ses raisons. " * 6


def fill() -> None:
    """Write the rows, in one transaction."""
    now = datetime.now(UTC)
    with unit_of_work.transaction():
        cities = [City(slug=f"ville-{n}", name=f"Ville {n}", latitude=44 + n / 4, longitude=n / 4) for n in range(12)]
        speakers = [Speaker(slug=f"personne-{n}", first_name="Camille", last_name=f"Exemple {n}") for n in range(40)]
        db.session.add_all([*cities, *speakers])
        db.session.flush()
        days = [_day(number, now=now, city=cities[number % 12], speakers=speakers) for number in range(DAYS)]
        issue, section = (
            Issue(number=600, published_on=now.date()),
            Section(slug="reportage", name="Reportage", position=1),
        )
        db.session.add_all([*days, issue, section])
        db.session.flush()
        db.session.add_all(_article(number, now=now, issue=issue, section=section) for number in range(ARTICLES))
        db.session.add(
            Plan(
                slug="individuel",
                name="individuel",
                audience=Audience.INDIVIDUAL,
                edition=Edition.DIGITAL,
                months=12,
                price_cents=12900,
                position=1,
            )
        )


def _day(number: int, *, now: datetime, city: City, speakers: list[Speaker]) -> StudyDay:
    starts_at = now + timedelta(days=20 + number)
    return StudyDay(
        slug=f"journee-{number}",
        title=f"Services communs : le vrai coût, le vrai gain ({number})",
        lead="Une journée pour ouvrir les comptes et repartir avec une méthode.",
        description=_PARAGRAPH,
        city_id=city.id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=8),
        timezone="Europe/Paris",
        status=StudyDayStatus.PUBLISHED,
        capacity=1_000_000,
        registration_closes_at=starts_at,
        created_at=now,
        updated_at=now,
        rates=[
            Rate(code="standard", name="Non-abonné", price_cents=62100, position=1),
            Rate(code="elected", name="Élu", price_cents=39000, position=2),
        ],
        sessions=[
            StudySession(
                position=position,
                title=f"Séance {position}",
                summary=_PARAGRAPH,
                interventions=[Intervention(speaker_id=speakers[(number + position) % 40].id, position=1, role="DGS")],
            )
            for position in range(1, 6)
        ],
    )


def _article(number: int, *, now: datetime, issue: Issue, section: Section) -> Article:
    return Article(
        slug=f"article-{number}",
        title=f"Ce que la mutualisation change ({number})",
        lead=_PARAGRAPH,
        body=f"## Un début\n\n{_PARAGRAPH}\n\n## Une suite\n\n{_PARAGRAPH}\n\n" * 4,
        kind=ArticleKind.ARTICLE,
        section_id=section.id,
        issue_id=issue.id,
        status=ArticleStatus.PUBLISHED,
        published_at=now - timedelta(days=number),
        created_at=now,
        updated_at=now,
    )
