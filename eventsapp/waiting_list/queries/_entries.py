"""Reading groups that wait, and offers."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.study_days.models import Rate, StudyDay
from eventsapp.waiting_list.models import WaitingEntry, WaitingOffer
from eventsapp.waiting_list.statuses import LIVE, EntryStatus, OfferOutcome
from eventsapp.waiting_list.values import Place, Totals

_WAITS = WaitingEntry.status == EntryStatus.WAITING
_IN_ORDER = (WaitingEntry.rank, WaitingEntry.id)


def by_secret(secret: str) -> WaitingEntry | None:
    """Return the group whose private link that is, its day with rates, city and venue loaded, or ``None``."""
    return db.session.scalar(
        sa.select(WaitingEntry)
        .where(WaitingEntry.secret == secret)
        .options(
            joinedload(WaitingEntry.study_day).options(
                joinedload(StudyDay.city), joinedload(StudyDay.venue), selectinload(StudyDay.rates)
            )
        )
    )


def entry(entry_id: int, *, study_day_id: int) -> WaitingEntry | None:
    """Return that group of the day's list, or ``None``."""
    return db.session.scalar(
        sa.select(WaitingEntry).where(WaitingEntry.id == entry_id, WaitingEntry.study_day_id == study_day_id)
    )


def by_form_key(key: str) -> WaitingEntry | None:
    """Return the group that was put on a list with that form, or ``None``."""
    return db.session.scalar(sa.select(WaitingEntry).where(WaitingEntry.form_key == key))


def live_by_email(study_day_id: int, email: str) -> WaitingEntry | None:
    """Return the group with that address that is on the day's list, or ``None``."""
    return db.session.scalar(
        sa.select(WaitingEntry).where(
            WaitingEntry.study_day_id == study_day_id, WaitingEntry.email == email, WaitingEntry.status.in_(LIVE)
        )
    )


def entry_of_order(order_id: int, *, study_day_id: int) -> WaitingEntry | None:
    """Return the group of a day's list that took an offer up with this order, or ``None``."""
    return db.session.scalar(
        sa.select(WaitingEntry)
        .join(WaitingOffer, WaitingOffer.entry_id == WaitingEntry.id)
        .where(WaitingOffer.order_id == order_id, WaitingEntry.study_day_id == study_day_id)
        .order_by(WaitingOffer.id.desc())
        .limit(1)
    )


def last_rank(study_day_id: int) -> int:
    """Return the rank of whoever joined the day's list last; 0 for an empty one."""
    return (
        db.session.scalar(sa.select(sa.func.max(WaitingEntry.rank)).where(WaitingEntry.study_day_id == study_day_id))
        or 0
    )


def anybody_waits(study_day_id: int) -> bool:
    """Return whether a group waits for seats of the day."""
    return bool(db.session.scalar(sa.select(sa.exists().where(WaitingEntry.study_day_id == study_day_id, _WAITS))))


def waiting(study_day_id: int) -> Sequence[WaitingEntry]:
    """Return the groups that wait, in the order of the list."""
    return db.session.scalars(
        sa.select(WaitingEntry).where(WaitingEntry.study_day_id == study_day_id, _WAITS).order_by(*_IN_ORDER)
    ).all()


def live(study_day_id: int) -> Sequence[WaitingEntry]:
    """Return the groups that wait or were offered seats, in the order of the list."""
    return db.session.scalars(
        sa.select(WaitingEntry)
        .where(WaitingEntry.study_day_id == study_day_id, WaitingEntry.status.in_(LIVE))
        .order_by(*_IN_ORDER)
    ).all()


def neighbour(of: WaitingEntry, *, up: bool) -> WaitingEntry | None:
    """Return the group that waits right before that one, or right after it, or ``None``."""
    mine, theirs = sa.tuple_(sa.literal(of.rank), sa.literal(of.id)), sa.tuple_(*_IN_ORDER)
    return db.session.scalar(
        sa.select(WaitingEntry)
        .where(WaitingEntry.study_day_id == of.study_day_id, _WAITS, theirs < mine if up else theirs > mine)
        .order_by(*((column.desc() if up else column.asc()) for column in _IN_ORDER))
        .limit(1)
    )


def place_of(found: WaitingEntry) -> Place:
    """Return where a group that waits stands."""
    groups, seats = db.session.execute(
        sa.select(sa.func.count(WaitingEntry.id), sa.func.coalesce(sa.func.sum(WaitingEntry.seats), 0)).where(
            WaitingEntry.study_day_id == found.study_day_id,
            _WAITS,
            sa.tuple_(*_IN_ORDER) < sa.tuple_(sa.literal(found.rank), sa.literal(found.id)),
        )
    ).one()
    return Place(position=groups + 1, groups_before=groups, seats_before=seats)


def open_offer(entry_id: int) -> WaitingOffer | None:
    """Return the offer that the group may take up, or ``None``."""
    return db.session.scalar(
        sa.select(WaitingOffer).where(WaitingOffer.entry_id == entry_id, WaitingOffer.outcome.is_(None))
    )


def open_offers(study_day_id: int) -> Sequence[WaitingOffer]:
    """Return the open offers of a day, their groups loaded, the first to end first."""
    return db.session.scalars(
        sa.select(WaitingOffer)
        .join(WaitingOffer.entry)
        .where(WaitingEntry.study_day_id == study_day_id, WaitingOffer.outcome.is_(None))
        .options(contains_eager(WaitingOffer.entry))
        .order_by(WaitingOffer.expires_at, WaitingOffer.id)
    ).all()


def accepted_offer(order_id: int, *, study_day_id: int) -> WaitingOffer | None:
    """Return the offer that an order took up and lost again by running out, its group loaded, or ``None``."""
    return db.session.scalar(
        sa.select(WaitingOffer)
        .join(WaitingOffer.entry)
        .join(WaitingOffer.order)
        .where(
            WaitingOffer.order_id == order_id,
            WaitingOffer.outcome == OfferOutcome.ACCEPTED,
            WaitingEntry.study_day_id == study_day_id,
            Order.status == OrderStatus.EXPIRED,
        )
        .options(contains_eager(WaitingOffer.entry))
    )


def offers_of(entry_id: int) -> Sequence[WaitingOffer]:
    """Return what was offered to a group, the first one first, orders loaded."""
    return db.session.scalars(
        sa.select(WaitingOffer)
        .where(WaitingOffer.entry_id == entry_id)
        .options(joinedload(WaitingOffer.order))
        .order_by(WaitingOffer.id)
    ).all()


def rate_name(found: WaitingEntry) -> str:
    """Return what the rate that the group wishes for is called; nothing for none, or for one that is gone."""
    return (
        db.session.scalar(
            sa.select(Rate.name).where(Rate.study_day_id == found.study_day_id, Rate.code == found.rate_code)
        )
        or ""
    )


def days_with_lists() -> Sequence[int]:
    """Return the keys of the days where something may be to do: groups are on their list. By key."""
    return db.session.scalars(
        sa.select(WaitingEntry.study_day_id)
        .where(WaitingEntry.status.in_(LIVE))
        .distinct()
        .order_by(WaitingEntry.study_day_id)
    ).all()


def totals_of(study_day_ids: Collection[int]) -> dict[int, Totals]:
    """Return what the lists of these days come to, by the day's key; a day without a list is left out."""
    rows = db.session.execute(
        sa.select(WaitingEntry.study_day_id, WaitingEntry.status, sa.func.count(), sa.func.sum(WaitingEntry.seats))
        .where(WaitingEntry.study_day_id.in_(study_day_ids), WaitingEntry.status.in_(LIVE))
        .group_by(WaitingEntry.study_day_id, WaitingEntry.status)
    )
    found: dict[int, dict[EntryStatus, tuple[int, int]]] = {}
    for day_id, status, groups, seats in rows:
        found.setdefault(day_id, {})[status] = (groups, seats)
    return {
        day_id: Totals(
            groups=counts.get(EntryStatus.WAITING, (0, 0))[0],
            seats=counts.get(EntryStatus.WAITING, (0, 0))[1],
            offered_seats=counts.get(EntryStatus.OFFERED, (0, 0))[1],
        )
        for day_id, counts in found.items()
    }
