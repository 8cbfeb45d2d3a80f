"""Reading registrations."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from eventsapp.core.db import db
from eventsapp.orders.models import Order, OrderLine
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import CONFIRMED, SEATED, RegistrationStatus
from eventsapp.registrations.values import SubscriberSeat, identity
from eventsapp.study_days.models import Rate, StudyDay

#: Made once, as every order asks it twice: making it took longer than running it.
_PEOPLE_SEATED = sa.select(
    Registration.study_day_id, Registration.email, Registration.first_name, Registration.last_name
).where(
    Registration.study_day_id.in_(sa.bindparam("days", expanding=True)),
    Registration.email.in_(sa.bindparam("emails", expanding=True)),
    Registration.status.in_(SEATED),
    Registration.id != sa.bindparam("but"),
)


def of_order(order_id: int, *, anew: bool = False) -> Sequence[Registration]:
    """Return the registrations of an order, day with city and rate loaded, by day and place in the order.

    ``anew`` as the database has them now, whatever was read before.
    """
    return db.session.scalars(
        sa.select(Registration)
        .join(Registration.order_line)
        .join(Registration.study_day)
        .where(OrderLine.order_id == order_id)
        .options(
            joinedload(Registration.study_day).joinedload(StudyDay.city),
            joinedload(Registration.study_day).joinedload(StudyDay.venue),
            joinedload(Registration.rate),
        )
        .order_by(StudyDay.starts_at, Registration.study_day_id, Registration.position)
        .execution_options(populate_existing=anew)
    ).all()


def standing_of_order(order_id: int) -> list[Registration]:
    """Return the registrations of an order as ``of_order`` does, without those that were cancelled by themselves."""
    return [row for row in of_order(order_id) if row.withdrawn_at is None]


def days_of_order(order_id: int) -> Sequence[StudyDay]:
    """Return the days of an order by key: the order in which their seats are always taken.

    Days at which every seat of it was cancelled by itself are none of them.
    """
    return db.session.scalars(
        sa.select(StudyDay)
        .where(
            StudyDay.id.in_(
                sa.select(Registration.study_day_id)
                .join(Registration.order_line)
                .where(OrderLine.order_id == order_id, Registration.withdrawn_at.is_(None))
            )
        )
        .order_by(StudyDay.id)
    ).all()


def day_keys(order_ids: Collection[int]) -> Sequence[int]:
    """Return the keys of the days of these orders."""
    return db.session.scalars(
        sa.select(Registration.study_day_id)
        .join(Registration.order_line)
        .where(OrderLine.order_id.in_(order_ids))
        .distinct()
    ).all()


def of_day(study_day_id: int) -> Sequence[Registration]:
    """Return the seats of a day that count, rate and order loaded, by name; those still to be named come last."""
    return db.session.scalars(
        sa.select(Registration)
        .where(Registration.study_day_id == study_day_id, Registration.status.in_(SEATED))
        .options(joinedload(Registration.rate), joinedload(Registration.order_line).joinedload(OrderLine.order))
        .order_by(Registration.named_at.is_(None), Registration.last_name, Registration.first_name, Registration.id)
    ).all()


def has_seat(email: str, *, study_day_id: int) -> bool:
    """Return whether who signs in with ``email`` has a seat at the day: confirmed, whether they came or not."""
    return bool(
        db.session.scalar(
            sa.select(
                sa.exists().where(
                    Registration.study_day_id == study_day_id,
                    Registration.status.in_(CONFIRMED),
                    sa.func.lower(Registration.email) == email.strip().lower(),
                )
            )
        )
    )


def has_any_seat(email: str) -> bool:
    """Return whether who signs in with ``email`` has, or had, a confirmed seat at any day, whether they came or not."""
    return bool(
        db.session.scalar(
            sa.select(
                sa.exists().where(
                    Registration.status.in_(CONFIRMED), sa.func.lower(Registration.email) == email.strip().lower()
                )
            )
        )
    )


def came() -> sa.ColumnElement[bool]:
    """Return the condition that whose seat it is came to the day.

    Where nobody was let in, entered or noted absent, everybody with a confirmed seat counts as having come.
    """
    other = aliased(Registration)
    noted = sa.exists().where(
        other.study_day_id == Registration.study_day_id,
        other.status.in_((RegistrationStatus.ATTENDED, RegistrationStatus.ABSENT)),
    )
    return sa.or_(
        Registration.status == RegistrationStatus.ATTENDED,
        sa.and_(Registration.status == RegistrationStatus.CONFIRMED, ~noted),
    )


def people_seated(
    study_day_ids: Collection[int], *, emails: Collection[str], but: int | None = None
) -> set[tuple[int, tuple[str, str]]]:
    """Return who has a seat at these days among those with these addresses: the day's key and ``identity``.

    The seat ``but`` is left out.
    """
    rows = db.session.execute(_PEOPLE_SEATED, {"days": list(study_day_ids), "emails": list(emails), "but": but or 0})
    return {
        (day_id, identity(email=email, first_name=first_name, last_name=last_name))
        for day_id, email, first_name, last_name in rows
    }


def subscriber_seats(
    study_day_ids: Collection[int], *, emails: Collection[str], sirets: Collection[str], but: int | None = None
) -> dict[int, list[SubscriberSeat]]:
    """Return the seats at the subscriber rate that people or buyers with these addresses hold, or the establishments.

    By the key of the day, the oldest first; without the seat ``but``.
    """
    holders: list[sa.ColumnElement[bool]] = [Registration.email.in_(emails), Order.email.in_(emails)]
    if sirets:
        holders.append(Order.siret.in_(sirets))
    rows = db.session.execute(
        sa.select(Registration.study_day_id, Registration.email, Order.email, Order.siret)
        .join(Registration.order_line)
        .join(OrderLine.order)
        .join(Registration.rate)
        .where(
            Registration.study_day_id.in_(study_day_ids),
            Registration.status.in_(SEATED),
            Rate.for_subscribers,
            sa.or_(*holders),
            *([Registration.id != but] if but is not None else []),
        )
        .order_by(Registration.id)
    )
    found: dict[int, list[SubscriberSeat]] = {}
    for day_id, email, buyer_email, buyer_siret in rows:
        found.setdefault(day_id, []).append(SubscriberSeat(email=email, buyer_email=buyer_email, siret=buyer_siret))
    return found


def seats_by_rate(study_day_id: int) -> dict[int, int]:
    """Return how many seats of a day that count were sold at each rate, by the rate's key."""
    rows = db.session.execute(
        sa.select(Registration.rate_id, sa.func.count(Registration.id))
        .where(Registration.study_day_id == study_day_id, Registration.status.in_(SEATED))
        .group_by(Registration.rate_id)
    ).all()
    return dict(rows)
