"""How subscriptions went, by month."""

from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from eventsapp.core import settings
from eventsapp.core.db import db
from eventsapp.figures import rules
from eventsapp.figures.values import ContractMonth
from eventsapp.orders import queries as orders
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.queries import SOON
from eventsapp.subscriptions.statuses import ContractStatus

#: Those that ran, or run.
RAN = (ContractStatus.ACTIVE, ContractStatus.EXPIRED)


def contracts_by_month(first: date, last: date, *, today: date) -> list[ContractMonth]:
    """Return how subscriptions went in each month of a period: one query, whatever their number.

    What is at risk is counted at the end of a month, of the present one today; of months to come it is not known.
    """
    successor = aliased(Contract)
    following = sa.and_(
        successor.renews_id == Contract.id,
        successor.starts_on.is_not(None),
        successor.status != ContractStatus.CANCELLED,
    )
    renewed_at = sa.select(sa.func.min(successor.created_at)).where(following).correlate(Contract).scalar_subquery()
    ran = (
        sa.select(Contract.starts_on, Contract.ends_on, Contract.renews_id, renewed_at.label("renewed_at"))
        .where(Contract.status.in_(RAN), Contract.starts_on.is_not(None), orders.counted(Contract.is_test))
        .subquery()
    )
    months = rules.months_of(first, last)
    sums: list[sa.ColumnElement[int]] = []
    for month in months:
        begins = max(month, first)
        ends = min(rules.end_of(month), last)
        began = ran.c.starts_on.between(begins, ends)
        over = sa.and_(ran.c.ends_on.between(begins, ends), ran.c.ends_on < today, ran.c.renewed_at.is_(None))
        sums += [
            _count(sa.and_(began, ran.c.renews_id.is_(None))),
            _count(sa.and_(began, ran.c.renews_id.is_not(None))),
            _count(over),
            _count(_at_risk(ran, min(ends, today))) if month <= today else sa.literal(0),
        ]
    row = db.session.execute(sa.select(*sums).select_from(ran)).one() if sums else ()
    found = iter(int(value or 0) for value in row)
    return [
        ContractMonth(month=month, new=next(found), renewed=next(found), ended=next(found), at_risk=next(found))
        for month in months
    ]


def _at_risk(ran: sa.Subquery, day: date) -> sa.ColumnElement[bool]:
    midnight = datetime.combine(
        day + timedelta(days=1), time(), tzinfo=settings.zone(settings.current().default_timezone)
    )
    return sa.and_(
        ran.c.starts_on <= day,
        ran.c.ends_on.between(day, day + timedelta(days=SOON)),
        sa.or_(ran.c.renewed_at.is_(None), ran.c.renewed_at >= midnight),
    )


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))
