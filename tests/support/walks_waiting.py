"""A random walk of everything that moves a waiting list: after every step the rule that the page states holds.

The rule is told here once more, in the plainest words, by what is read from the database before and after a step.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any, ClassVar

import sqlalchemy as sa
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.checkout import service as checkout
from eventsapp.checkout.service._expire import _end_hold
from eventsapp.checkout.values import MoneyReceived, Occasion
from eventsapp.core import clock, unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Refusal
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.values import Essentials
from eventsapp.waiting_list import service
from eventsapp.waiting_list.models import WaitingEntry, WaitingOffer
from eventsapp.waiting_list.statuses import LIVE, EntryStatus
from tests.support.database import undone
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import a_request, place, seats, unnamed
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.waiting_list import a_wish

CAPACITY = 50
#: Sixty people in twenty-five groups.
GROUPS = (1, 1, 2, 3, 1, 5, 2, 1, 4, 1, 2, 8, 1, 3, 2, 1, 1, 6, 2, 1, 3, 2, 1, 4, 2)
WHICH = st.integers(min_value=0, max_value=24)
#: Registrations close so long before the day.
CLOSES_BEFORE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Stand:
    """How things stand between two steps."""

    free: int
    #: Key and seats of the groups that wait, in the order of the list.
    waiting: Sequence[tuple[int, int]]
    offered: frozenset[int]
    orders: int


class WaitingWalk(RuleBasedStateMachine):
    """One walk, in a transaction that is undone."""

    app: ClassVar[Flask]

    def __init__(self) -> None:
        super().__init__()
        assert (sum(GROUPS), len(GROUPS)) == (60, 25)
        self.now = NOW
        self.around = ExitStack()
        self.around.enter_context(undone(self.app))
        self.actor: User = make_user(RoleName.ORGANISER)
        day = make_study_day(starts_at=NOW + timedelta(days=90), capacity=CAPACITY, rates={"standard": 62100})
        self.day_id, self.slug = day.id, day.slug
        for number in range(25):
            self.buy_seats(2, method="card" if number % 5 == 0 else "mandat")
        self.before = self.stand()

    def teardown(self) -> None:
        self.around.close()

    # What people do.

    @rule(groups=st.lists(WHICH, min_size=1, max_size=4))
    def join(self, groups: list[int]) -> None:
        """Let a few join, one after the other: most of the time there are more who wait than seats come free."""
        for group in groups:
            wish = a_wish(GROUPS[group], email=f"groupe{group}@ville-exemple.fr")
            with self.one_step():
                service.join(self.day(), wish, now=self.now)

    @precondition(lambda self: self.live())
    @rule(which=WHICH)
    def leave(self, which: int) -> None:
        with self.one_step():
            service.leave(self.pick(which), now=self.now)

    @precondition(lambda self: self.before.offered)
    @rule(which=WHICH, fewer=st.integers(0, 2), method=st.sampled_from(["mandat", "card", "transfer"]))
    def accept(self, which: int, fewer: int, method: str) -> None:
        entry_id = nth(sorted(self.before.offered), which)
        count = max(1, db.session.get_one(WaitingEntry, entry_id).seats - fewer)
        wanted = seats(self.day(), *(unnamed() for _ in range(count)))
        with self.one_step():
            checkout.place_order(
                a_request(wanted, payment_method=method), now=self.now, occasion=Occasion(waiting_entry_id=entry_id)
            )

    @rule(count=st.integers(1, 4), method=st.sampled_from(["mandat", "card"]))
    def buy(self, count: int, method: str) -> None:
        """Order directly: whatever is free is what nobody on the list fits into."""
        before = self.before
        with self.one_step():
            checkout.place_order(self.wanted(count, method), now=self.now)
        if self.before.orders > before.orders:
            assert count <= before.free
            assert all(size > before.free for _key, size in before.waiting) or not self.offers_are_made()

    @rule(which=st.integers(0, 200))
    def cancel(self, which: int) -> None:
        found = self.orders(OrderStatus.CONFIRMED, OrderStatus.PENDING)
        if found:
            with self.one_step():
                checkout.cancel_order(nth(found, which), reason="Empêchement", actor=self.actor, now=self.now)

    @rule(which=WHICH)
    def pay_late(self, which: int) -> None:
        """Let the money of an order that ran out come after all."""
        found = self.orders(OrderStatus.EXPIRED)
        if found:
            order = db.session.get_one(Order, nth(found, which))
            money = MoneyReceived(
                method="card", amount_cents=order.total_cents, gateway_reference=f"pi_{order.id}_{self.now:%d%H%M}"
            )
            with self.one_step():
                checkout.settle(order.id, money, received_on=clock.local_date(self.now), now=self.now)

    # What the office does.

    @rule(capacity=st.integers(30, 65))
    def change_capacity(self, capacity: int) -> None:
        with self.one_step():
            day = study_days.day_in_full(self.slug)
            assert day is not None
            closes = (day.local_start - CLOSES_BEFORE).replace(tzinfo=None)
            values = Essentials(
                title=day.title,
                lead=day.lead,
                city_id=day.city_id,
                on=day.date,
                starts=day.local_start.time(),
                ends=time(23),
                capacity=capacity,
                closes=closes,
            )
            checkout.edit_day(day, values=values, version=day.version, actor=self.actor, now=self.now)

    @precondition(lambda self: self.before.waiting)
    @rule(which=WHICH, up=st.booleans())
    def move(self, which: int, *, up: bool) -> None:
        key, _size = nth(self.before.waiting, which)
        with self.one_step():
            service.move(
                db.session.get_one(WaitingEntry, key), up=up, reason="Convention", actor=self.actor, now=self.now
            )

    @precondition(lambda self: self.live())
    @rule(which=WHICH)
    def remove(self, which: int) -> None:
        with self.one_step():
            service.remove(self.pick(which), reason="À sa demande", actor=self.actor, now=self.now)

    # What time does.

    @rule(minutes=st.sampled_from([1, 31, 31, 300, 1500, 2881]))
    def pass_time(self, minutes: int) -> None:
        """Let time go by, and nobody look."""
        self.now += timedelta(minutes=minutes)

    @rule()
    def sweep(self) -> None:
        with self.one_step():
            service.tend(self.day_id, now=self.now)
        overdue = sa.select(WaitingOffer.id).where(WaitingOffer.outcome.is_(None), WaitingOffer.expires_at <= self.now)
        assert db.session.scalars(overdue).all() == []

    @rule(which=WHICH)
    def expire(self, which: int) -> None:
        due = db.session.scalars(
            sa.select(Order.id).where(Order.status == OrderStatus.PENDING, Order.expires_at <= self.now)
        ).all()
        if due:
            with self.one_step():
                _end_hold(nth(due, which), [], now=self.now)

    # What must hold.

    @contextmanager
    def one_step(self) -> Iterator[None]:
        """Let a step happen, or be refused; then say that it served the list by the rule."""
        try:
            with unit_of_work.transaction():
                yield
        except Refusal:
            db.session.rollback()
        db.session.expire_all()
        after = self.stand()
        self.require_rule(self.before, after)
        self.before = after

    def require_rule(self, before: Stand, after: Stand) -> None:
        """Require that the groups served by the step are those that the rule names, for the seats it found free."""
        sizes = {entry.id: entry.seats for entry in db.session.scalars(sa.select(WaitingEntry))}
        waited = {key for key, _size in before.waiting} | {key for key, _size in after.waiting}
        served = (after.offered - before.offered) & waited
        still = {key for key, _size in after.waiting}
        found_free = after.free + sum(sizes[key] for key in served)
        expected = set()
        ranks = {key: place for place, key in enumerate(self.in_order())}
        for key in sorted(still | served, key=ranks.__getitem__):
            if sizes[key] <= found_free:
                expected.add(key)
                found_free -= sizes[key]
        assert served == (expected if self.offers_are_made() else set())

    @invariant()
    def no_seat_stays_empty_while_a_group_that_fits_waits(self) -> None:
        if self.offers_are_made():
            assert [size for _key, size in self.before.waiting if size <= self.before.free] == []

    @invariant()
    def seats_are_counted_right(self) -> None:
        taken, held, offered = db.session.execute(
            sa.text(
                """SELECT seats_taken, (SELECT count(*) FROM registrations WHERE status IN ('held', 'confirmed')),
                (SELECT coalesce(sum(seats), 0) FROM waiting_offers WHERE outcome IS NULL) FROM study_days"""
            )
        ).one()
        assert taken == held + offered

    @invariant()
    def nobody_is_offered_two_seats(self) -> None:
        twice: list[sa.Select[Any]] = [
            sa.select(WaitingEntry.email)
            .where(WaitingEntry.status.in_(LIVE))
            .group_by(WaitingEntry.email)
            .having(sa.func.count() > 1),
            sa.select(WaitingOffer.entry_id)
            .where(WaitingOffer.outcome.is_(None))
            .group_by(WaitingOffer.entry_id)
            .having(sa.func.count() > 1),
            sa.select(WaitingEntry.id)
            .join(WaitingOffer, WaitingOffer.entry_id == WaitingEntry.id)
            .where(
                WaitingOffer.outcome.is_(None),
                sa.or_(WaitingEntry.status != EntryStatus.OFFERED, WaitingOffer.seats > WaitingEntry.seats),
            ),
        ]
        assert [db.session.execute(statement).all() for statement in twice] == [[], [], []]

    @invariant()
    def no_offer_outlasts_two_days_or_the_registrations(self) -> None:
        closes_at = self.day().registration_closes_at
        for offer in db.session.scalars(sa.select(WaitingOffer).where(WaitingOffer.outcome.is_(None))):
            assert offer.expires_at <= min(closes_at, offer.offered_at + timedelta(hours=48))

    # How a step finds what it is about.

    def stand(self) -> Stand:
        day = self.day()
        rows = db.session.scalars(
            sa.select(WaitingEntry).where(WaitingEntry.status.in_(LIVE)).order_by(WaitingEntry.rank, WaitingEntry.id)
        ).all()
        return Stand(
            free=max(0, day.capacity - day.seats_taken),
            waiting=[(row.id, row.seats) for row in rows if row.status is EntryStatus.WAITING],
            offered=frozenset(row.id for row in rows if row.status is EntryStatus.OFFERED),
            orders=db.session.scalar(sa.select(sa.func.count()).select_from(Order)) or 0,
        )

    def offers_are_made(self) -> bool:
        return self.now + timedelta(hours=2) <= self.day().registration_closes_at

    def in_order(self) -> list[int]:
        return list(db.session.scalars(sa.select(WaitingEntry.id).order_by(WaitingEntry.rank, WaitingEntry.id)))

    def live(self) -> list[int]:
        return sorted({key for key, _size in self.before.waiting} | self.before.offered)

    def pick(self, which: int) -> WaitingEntry:
        return db.session.get_one(WaitingEntry, nth(self.live(), which))

    def orders(self, *statuses: OrderStatus) -> list[int]:
        return list(db.session.scalars(sa.select(Order.id).where(Order.status.in_(statuses)).order_by(Order.id)))

    def wanted(self, count: int, method: str) -> Any:
        return a_request(seats(self.day(), *(unnamed() for _ in range(count))), payment_method=method)

    def buy_seats(self, count: int, *, method: str) -> None:
        place(seats(self.day(), *(unnamed() for _ in range(count))), payment_method=method, now=self.now)

    def day(self) -> StudyDay:
        return db.session.get_one(StudyDay, self.day_id)


def waiting_walks(app: Flask) -> type[WaitingWalk]:
    """Return the walk, on the database of ``app``."""
    return type("WaitingWalkHere", (WaitingWalk,), {"app": app})


def nth(rows: Any, which: int) -> Any:
    """Return one of ``rows``, whatever the number."""
    return rows[which % len(rows)]
