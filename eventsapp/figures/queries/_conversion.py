"""Whom days led to subscribe: counts by address, and no address."""

from collections import Counter
from datetime import date

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.figures import rules
from eventsapp.figures.queries._contracts import RAN
from eventsapp.figures.values import ConversionMonth
from eventsapp.orders import queries as orders
from eventsapp.registrations import queries as registrations
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.subscriptions.models import Contract, ContractSeat, Member
from eventsapp.subscriptions.statuses import ContractKind


def conversion_by_month(first: date, last: date, *, within: int, today: date) -> list[ConversionMonth]:
    """Return what the days of each month of a period led those to who came: one query.

    Somebody who came to several days counts at the first one. Whoever had a subscription that day, or read by that of
    an institution, is told apart; led to it is who began a paid one after the day and within so many months.
    """
    came = (
        sa.select(
            sa.func.lower(Registration.email).label("email"),
            sa.func.min(StudyDay.held_on).label("day"),
            sa.func.min(StudyDay.starts_at).label("at"),
        )
        .join(Registration.study_day)
        .where(
            StudyDay.status == StudyDayStatus.PUBLISHED,
            StudyDay.held_on.between(first, last),
            StudyDay.held_until < today,
            registrations.came(),
            Registration.named_at.is_not(None),
            Registration.email != "",
            orders.counted(Registration.is_test),
        )
        .group_by(sa.func.lower(Registration.email))
        .subquery()
    )
    ran = sa.and_(Contract.status.in_(RAN), orders.counted(Contract.is_test))
    theirs = sa.and_(Contract.email == came.c.email, ran)
    on_the_day = sa.and_(Contract.starts_on <= came.c.day, Contract.ends_on >= came.c.day)
    by_seat = sa.exists().where(
        Member.email == came.c.email,
        Member.joined_at <= came.c.at,
        ContractSeat.member_id == Member.id,
        Contract.id == ContractSeat.contract_id,
        ran,
        on_the_day,
    )
    had = sa.or_(sa.exists().where(theirs, on_the_day), by_seat)
    began = (
        sa.select(sa.func.min(Contract.starts_on))
        .where(theirs, Contract.kind == ContractKind.PAID, Contract.starts_on > came.c.day)
        .correlate(came)
        .scalar_subquery()
    )
    people = sa.select(came.c.day, had.label("had"), began.label("began")).subquery()
    rows = db.session.execute(
        sa.select(people.c.day, people.c.had, people.c.began, sa.func.count()).group_by(
            people.c.day, people.c.had, people.c.began
        )
    ).all()
    counts: dict[date, Counter[str]] = {month: Counter() for month in rules.months_of(first, last)}
    for day, had_one, began_on, count in rows:
        counted = counts.get(day.replace(day=1))
        if counted is None:
            continue
        counted["people"] += count
        if had_one:
            counted["had"] += count
        elif began_on is not None and began_on <= rules.months_after(day, within):
            counted["led"] += count
    return [ConversionMonth(month=month, **counted) for month, counted in counts.items()]
