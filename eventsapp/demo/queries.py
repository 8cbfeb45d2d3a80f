"""What of the demonstration is there already."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from eventsapp.accounts.models import User
from eventsapp.core.db import db
from eventsapp.figures.models import ArticleRead
from eventsapp.invoices.models import QuoteRecord
from eventsapp.magazine.models import Article, Issue
from eventsapp.magazine.statuses import Access, ArticleStatus, IssueStatus
from eventsapp.mailings.models import Mailing
from eventsapp.newsletter.models import Reader
from eventsapp.orders.models import Order, OrderLine
from eventsapp.places.models import City, Venue
from eventsapp.promotions.models import PromoCode
from eventsapp.registrations.models import Registration
from eventsapp.shipments.models import Shipment, ShipmentLabel
from eventsapp.study_days.models import Intervention, Series, StudyDay, StudySession, Theme
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import ContractStatus


def is_empty() -> bool:
    """Return whether the installation has neither a study day nor anybody who signs in."""
    return not db.session.scalar(sa.select(sa.or_(sa.exists().where(StudyDay.id > 0), sa.exists().where(User.id > 0))))


def people(emails: Collection[str]) -> Sequence[User]:
    """Return those who sign in with these addresses, roles loaded."""
    return db.session.scalars(
        sa.select(User).where(User.email.in_(emails)).options(selectinload(User.roles)).order_by(User.id)
    ).all()


def has_quote(email: str) -> bool:
    """Return whether a quote went to that address."""
    return bool(db.session.scalar(sa.select(sa.exists().where(QuoteRecord.email == email))))


def has_promo_code(code: str) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(PromoCode.code == code))))


def has_shipments() -> bool:
    """Return whether the labels of some number were made."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Shipment.id > 0))))


def newest_issues(most: int) -> Sequence[int]:
    """Return the numbers of the newest issues that are out, the newest first."""
    appeared = sa.select(Issue.number).where(Issue.status == IssueStatus.PUBLISHED)
    return db.session.scalars(appeared.order_by(Issue.number.desc()).limit(most)).all()


def last_on_paper() -> Contract | None:
    """Return the running contract of a person whose label was made last, plan loaded."""
    return db.session.scalar(
        sa.select(Contract)
        .join(ShipmentLabel, ShipmentLabel.contract_id == Contract.id)
        .where(Contract.status == ContractStatus.ACTIVE, Contract.organisation_id.is_(None))
        .options(joinedload(Contract.plan))
        .order_by(ShipmentLabel.id.desc())
        .limit(1)
    )


def has_mailing(subject: str) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(Mailing.subject == subject))))


def has_newsletter() -> bool:
    """Return whether anybody asked for the newsletter."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Reader.id > 0))))


def has_reads() -> bool:
    """Return whether a reading was counted."""
    return bool(db.session.scalar(sa.select(sa.exists().where(ArticleRead.id > 0))))


def published_articles() -> Sequence[tuple[int, str, Access, datetime]]:
    """Return key, slug, access and hour of each article that appeared."""
    rows = db.session.execute(
        sa.select(Article.id, Article.slug, Article.access, Article.published_at)
        .where(Article.status == ArticleStatus.PUBLISHED, Article.published_at.is_not(None))
        .order_by(Article.id)
    )
    return [(key, slug, access, at) for key, slug, access, at in rows if at is not None]


#: That of today is neither over nor to come.
_A_DAY = timedelta(days=1)


def days_around(now: datetime) -> tuple[StudyDay | None, StudyDay | None]:
    """Return the last day that is over and the next to come, not that of today, of those that have registrations."""
    held = sa.select(StudyDay).where(StudyDay.seats_taken > 0, StudyDay.status == StudyDayStatus.PUBLISHED).limit(1)
    return (
        db.session.scalar(held.where(StudyDay.ends_at < now - _A_DAY).order_by(StudyDay.ends_at.desc())),
        db.session.scalar(held.where(StudyDay.starts_at > now + _A_DAY).order_by(StudyDay.starts_at)),
    )


def city(slug: str) -> City | None:
    return db.session.scalar(sa.select(City).where(City.slug == slug))


def venue(slug: str) -> Venue | None:
    return db.session.scalar(sa.select(Venue).where(Venue.slug == slug))


def series(slug: str) -> Series | None:
    return db.session.scalar(sa.select(Series).where(Series.slug == slug))


def theme(slug: str) -> Theme | None:
    return db.session.scalar(sa.select(Theme).where(Theme.slug == slug))


def day(slug: str) -> StudyDay | None:
    """Return the day, drafts included; city, venue, rates, documents and who speaks are loaded."""
    return db.session.scalar(
        sa.select(StudyDay)
        .where(StudyDay.slug == slug)
        .options(
            joinedload(StudyDay.city),
            joinedload(StudyDay.venue),
            selectinload(StudyDay.rates),
            selectinload(StudyDay.documents),
            selectinload(StudyDay.sessions).selectinload(StudySession.interventions).joinedload(Intervention.speaker),
        )
    )


def has_order(prefix: str) -> bool:
    """Return whether an order was placed under a key that begins so."""
    return bool(
        db.session.scalar(sa.select(sa.exists().where(Order.idempotency_key.startswith(prefix, autoescape=True))))
    )


def has_gift(email: str) -> bool:
    """Return whether the address has a subscription that nobody ordered."""
    return bool(
        db.session.scalar(sa.select(sa.exists().where(Contract.email == email, Contract.order_line_id.is_(None))))
    )


def readership_of(prefix: str) -> int | None:
    """Return whose people the subscription has that was ordered under a key that begins so, or ``None``."""
    return db.session.scalar(
        sa.select(Contract.readership_id)
        .join(Contract.order_line)
        .join(OrderLine.order)
        .where(Order.idempotency_key.startswith(prefix, autoescape=True), Contract.readership_id.is_not(None))
    )


def registrations_of(day_id: int) -> Sequence[Registration]:
    """Return all registrations of a day, cancelled ones included, in the order they were written."""
    return db.session.scalars(
        sa.select(Registration).where(Registration.study_day_id == day_id).order_by(Registration.id)
    ).all()
