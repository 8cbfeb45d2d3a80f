"""What the office's first page counts: what waits, how full the next days are, what money is awaited."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.accounts.access import Permission
from eventsapp.core import clock, listing, settings
from eventsapp.core.db import db
from eventsapp.core.i18n import choose
from eventsapp.invoices import queries as invoices
from eventsapp.magazine.queries import coverage
from eventsapp.magazine.queries import lists as magazine
from eventsapp.mail import queries as mails
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.payments import queries as payments
from eventsapp.payments.models import PaymentMethod
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import SEATED
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.subscriptions import queries as subscriptions

#: Days before the event that the curve goes back.
CURVE_DAYS = 60
#: An amount awaited is young so long.
YOUNG = timedelta(days=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits for somebody: what the tab of a list counts, under the same name everywhere."""

    late_orders: int = 0
    late_cents: int = 0
    refunds: int = 0
    #: Paid without a seat, or not wholly done though it should be.
    orders_to_handle: int = 0
    refused_invoices: int = 0
    payment_alerts: int = 0
    events_aside: int = 0
    drafts: int = 0
    comments: int = 0
    in_review: int = 0
    failed_mails: int = 0
    #: Subscriptions whose copies come back.
    undelivered: int = 0
    #: Past days without all their reports; only asked for the first page.
    unreported_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """Money awaited by one method, in cents: since a short time, since longer, and late."""

    method: str
    young: int
    older: int
    late: int

    @property
    def total(self) -> int:
        return self.young + self.older + self.late


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """How registrations to one day added up, from ``CURVE_DAYS`` before it to the day."""

    day: StudyDay
    #: Days before the event → registrations so far; the last one known is today's.
    points: Sequence[tuple[int, int]]

    @property
    def total(self) -> int:
        return self.points[-1][1] if self.points else 0

    def at(self, days_before: int) -> int | None:
        """Return the registrations so far at that distance; ``None`` for what is still to come."""
        known = [count for distance, count in self.points if distance >= days_before]
        return known[-1] if known and self.points[-1][0] <= days_before else None


def waiting(permissions: Collection[Permission], *, now: datetime, today: date, whole: bool = False) -> Waiting:
    """Return what waits for somebody with ``permissions``, in one query; ``whole`` adds what takes longer to count.

    What is late by the clock is counted as of the minute: the statement is the same for everybody until then.
    """
    statement = _waiting(
        frozenset(permissions),
        now=now.replace(second=0, microsecond=0),
        today=today,
        whole=whole,
        production=settings.current().production,
    )
    return Waiting() if statement is None else Waiting(**db.session.execute(statement).one()._asdict())


@lru_cache(maxsize=64)
def _waiting(
    permissions: frozenset[Permission],
    *,
    now: datetime,
    today: date,
    whole: bool,
    production: bool,
) -> sa.Select[Any] | None:
    """Return the statement that counts, kept: around every page of the office, to make it took longer than to ask."""
    order_list = orders.order_list(today=today, methods={}, held_up=invoices.held_up(now), production=production)
    late = sa.select(sa.func.coalesce(sa.func.sum(orders.BALANCE), 0)).where(
        orders.late(today), orders.counted(production=production)
    )
    asked: list[tuple[Permission, str, sa.ScalarSelect[Any]]] = [
        (Permission.ORDERS_VIEW, "late_orders", listing.counted(order_list, "retard")),
        (Permission.ORDERS_VIEW, "late_cents", late.scalar_subquery()),
        (Permission.ORDERS_VIEW, "refunds", listing.counted(order_list, "a-rembourser")),
        (Permission.ORDERS_VIEW, "orders_to_handle", listing.counted(order_list, "a-traiter")),
        (Permission.ORDERS_VIEW, "refused_invoices", listing.counted(invoices.invoice_list(), "refusees")),
        (Permission.PAYMENTS_RECORD, "payment_alerts", listing.counted(payments.alert_list(), "a-traiter")),
        (Permission.PAYMENTS_RECORD, "events_aside", listing.counted(payments.event_list(), "a-traiter")),
        (Permission.STUDY_DAYS_EDIT, "drafts", listing.counted(study_days.office_list(now=now), "brouillons")),
        (Permission.COMMENTS_MODERATE, "comments", listing.counted(magazine.comment_list(), "a-relire")),
        (Permission.ARTICLES_PUBLISH, "in_review", listing.counted(magazine.article_list(), "en-relecture")),
        (
            Permission.SUBSCRIPTIONS_EDIT,
            "undelivered",
            listing.counted(subscriptions.contract_list(today=today), "revenus"),
        ),
        (Permission.MAIL_VIEW, "failed_mails", listing.counted(mails.mail_list(), "refuses")),
    ]
    if whole:
        asked.append((Permission.ARTICLES_EDIT, "unreported_days", coverage.lacking_count(now=now)))
    columns = [count.label(name) for permission, name, count in asked if permission in permissions]
    return sa.select(*columns) if columns else None


def next_days(*, now: datetime, most: int) -> Sequence[StudyDay]:
    """Return the next published days that are not over, city loaded."""
    return db.session.scalars(
        sa.select(StudyDay)
        .where(StudyDay.status == StudyDayStatus.PUBLISHED, StudyDay.ends_at > now)
        .options(joinedload(StudyDay.city))
        .order_by(StudyDay.starts_at, StudyDay.id)
        .limit(most)
    ).all()


def days_of(today: date) -> Sequence[StudyDay]:
    """Return the published days held ``today``, city and venue loaded."""
    return db.session.scalars(
        sa.select(StudyDay)
        .where(StudyDay.status == StudyDayStatus.PUBLISHED, StudyDay.held_on <= today, StudyDay.held_until >= today)
        .options(joinedload(StudyDay.city), joinedload(StudyDay.venue))
        .order_by(StudyDay.starts_at, StudyDay.id)
    ).all()


def last_day(*, now: datetime) -> StudyDay | None:
    """Return the published day that was over last, city loaded, or ``None``."""
    return db.session.scalar(
        sa.select(StudyDay)
        .where(StudyDay.status == StudyDayStatus.PUBLISHED, StudyDay.ends_at <= now)
        .options(joinedload(StudyDay.city))
        .order_by(StudyDay.starts_at.desc(), StudyDay.id.desc())
        .limit(1)
    )


def money_awaited(*, now: datetime, today: date) -> Sequence[Awaited]:
    """Return what confirmed orders still owe, by method and age; see ``orders.counted`` for those left out."""

    def balance(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(orders.BALANCE).filter(condition), 0)

    is_late = orders.late(today)
    is_young = Order.placed_at >= now - YOUNG
    rows = db.session.execute(
        sa.select(
            PaymentMethod.name,
            PaymentMethod.name_en,
            balance(sa.and_(~is_late, is_young)).label("young"),
            balance(sa.and_(~is_late, ~is_young)).label("older"),
            balance(is_late).label("late"),
        )
        .join(Order, Order.payment_method == PaymentMethod.code)
        .where(orders.owed(), orders.counted())
        .group_by(PaymentMethod.id, PaymentMethod.name, PaymentMethod.name_en, PaymentMethod.position)
        .order_by(PaymentMethod.position)
    ).all()
    return [
        Awaited(method=choose(row.name, row.name_en), young=row.young, older=row.older, late=row.late) for row in rows
    ]


def curves(days: Sequence[StudyDay], *, today: date) -> Sequence[Curve]:
    """Return how registrations to each of ``days`` added up, in one query.

    One belongs to the date that it had where the magazine is made; trials are left out (``orders.counted``).
    """
    dates: dict[int, Counter[date]] = {day.id: Counter() for day in days}
    rows = db.session.execute(
        sa.select(Registration.study_day_id, Registration.created_at).where(
            Registration.study_day_id.in_(dates),
            Registration.status.in_(SEATED),
            orders.counted(Registration.is_test),
        )
    ).all()
    for day_id, registered_at in rows:
        dates[day_id][clock.local_date(registered_at)] += 1
    return [_curve(day, dates[day.id], today=today) for day in days]


def _curve(day: StudyDay, counted: Mapping[date, int], *, today: date) -> Curve:
    nearest = max(0, (day.date - today).days)
    points = []
    for distance in range(CURVE_DAYS, nearest - 1, -1):
        until = day.date - timedelta(days=distance)
        # Whoever registered on the day itself, or after it, belongs to its last point.
        points.append((distance, sum(count for on, count in counted.items() if on <= until or distance == 0)))
    return Curve(day=day, points=points)
