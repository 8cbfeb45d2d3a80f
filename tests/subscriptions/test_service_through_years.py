"""Contracts at random through three years of days: every end, every reminder and every right is what it has to be.

``lives.py`` says what has to be, in its own words; here it happens: orders by card and by cheque, gifts, what the
office gives, renewals in time, early and late, twice over, cheques that bounce and are made good, cancellations,
notices, and a worker that is away for days or runs twice.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.orm import selectinload

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.magazine import access
from eventsapp.magazine.access import Reason
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import Access
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.orders.values import Buyer
from eventsapp.payments.models import Payment
from eventsapp.receipts import service as receipts
from eventsapp.subscriptions import queries, service
from eventsapp.subscriptions.models import Contract, ContractReminder, Gift, Plan
from eventsapp.subscriptions.statuses import ContractKind, ContractStatus
from eventsapp.subscriptions.values import Delivery, Grant, Reader
from tests.checkout.looking import PRIVATE, pay
from tests.subscriptions.lives import DAY, Life, Term
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_article
from tests.support.makers.orders import a_gift, a_renewal, place, subscription
from tests.support.makers.subscriptions import make_plan

FIRST = date(2026, 12, 1)
LAST = date(2029, 11, 30)
#: A text that came out on the day that most years do not have.
LEAP = date(2028, 2, 29)
#: Days that months or years lack, on which more begin than on others.
AWKWARD = (date(2027, 1, 31), LEAP, date(2027, 8, 31), date(2028, 1, 31), date(2027, 5, 30))
MONTHS = (1, 2, 3, 6, 12, 12, 12, 24)
_STATES = {
    "waiting": ContractStatus.PENDING,
    "running": ContractStatus.ACTIVE,
    "suspended": ContractStatus.PENDING,
    "over": ContractStatus.EXPIRED,
    "cancelled": ContractStatus.CANCELLED,
}

pytestmark = pytest.mark.usefixtures("client")


class World:
    """Readers, what is going to happen to them, and the day it is."""

    def __init__(self, *, readers: int, chance: random.Random, naps: Sequence[int]) -> None:
        self.chance = chance
        #: Days from one sweep to the next: at most six, fewer than any reminder waits.
        self.naps = naps
        self.plans = {months: make_plan(months=months) for months in set(MONTHS)}
        self.organiser = make_user(RoleName.ADMINISTRATOR)
        self.old = _reserved_article(FIRST - 30 * DAY)
        self.leap = _reserved_article(LEAP)
        self.lives = [Life(f"lecteur{number}@exemple.fr") for number in range(readers)]
        self.ahead: dict[date, list[Callable[[], Life]]] = defaultdict(list)
        self.today = FIRST
        self.now = _nine(FIRST)
        self.happened: set[str] = set()
        for number, life in enumerate(self.lives):
            begin = AWKWARD[number % len(AWKWARD)] if number % 4 == 0 else FIRST + chance.randrange(800) * DAY
            self._plan_beginning(life, begin)

    def live(self) -> None:
        """Let the three years pass."""
        asleep_until = FIRST
        while self.today <= LAST:
            with time_machine.travel(self.now, tick=False):
                for happens in self.ahead.pop(self.today, []):
                    self.look_at(happens())
                if self.today >= asleep_until:
                    self._sweep()
                    asleep_until = self.today + self.chance.choice(self.naps) * DAY
                    self.look_at(self.chance.choice(self.lives))
            self.today += DAY
            self.now = _nine(self.today)

    def look_at(self, life: Life) -> None:
        """Compare dates, states and rights of one reader with what they have to be."""
        db.session.expire_all()
        for term in life.terms:
            if term.key is None:
                continue
            contract = db.session.get_one(Contract, term.key)
            found = (contract.starts_on, contract.ends_on, contract.status)
            assert found == (term.starts, term.ends, _STATES[term.state]), (life, term)
        reads = life.reads(self.today)
        assert queries.has_active_contract(life.email, self.today) is reads, life
        known = sa.select(User).where(User.email == life.email).options(selectinload(User.roles))
        reader = db.session.scalar(known)
        rights = [access.right_to_read(article, reader, now=self.now) for article in (self.old, self.leap)]
        subscriber = Reason.SUBSCRIBER if reads else None
        later = subscriber or (Reason.PAID_THEN if life.paid_for(LEAP) else None)
        assert [right and right.reason for right in rights] == [subscriber, later], life

    def _sweep(self) -> None:
        expected = sum(life.sweep(self.today) for life in self.lives)
        with unit_of_work.transaction():
            service.expire_due(today=self.today)
        assert service.remind_due(now=self.now) == expected
        if self.chance.random() < 0.2:
            assert service.remind_due(now=self.now) == 0

    def on(self, day: date, what: Callable[[], Life]) -> None:
        """Let something happen on a day, or tomorrow if that is past."""
        self.ahead[max(day, self.today + DAY)].append(what)

    def _plan_beginning(self, life: Life, day: date) -> None:
        ways = [self._order, self._order, self._order, self._offer, self._give]
        way = self.chance.choice(ways)
        self.ahead[max(day, FIRST)].append(lambda: way(life))

    # What happens: each does it in the application and in the reader's life, and says what follows.

    def _order(self, life: Life, renews: Term | None = None, *, twice: bool = False) -> Life:
        """Order a subscription or a renewal, and pay it now, later or never; ``twice``: try it again at once."""
        if renews is not None and not self._is_renewable(life, renews):
            return life
        term = self._placed(life, renews, by_card=self.chance.random() < 0.5)
        order = db.session.get_one(Order, term.order)
        if order.payment_method == "card" or self.chance.random() < 0.3:
            self._pay(life, term)
        elif self.chance.random() < 0.85:
            self.on(self.today + self.chance.randrange(1, 40) * DAY, lambda: self._pay(life, term))
        else:
            self.on(self.today + self.chance.randrange(5, 60) * DAY, lambda: self._cancel(life, term))
        if twice and renews is not None and term.state == "running":
            with pytest.raises(Exception, match="déjà renouvelé"):
                self._placed(life, renews, by_card=False)
            self.happened.add("refused")
        return life

    def _placed(self, life: Life, renews: Term | None, *, by_card: bool) -> Term:
        plan = self.plans[self.chance.choice(MONTHS)]
        item = subscription(plan)
        if renews is not None:
            item = a_renewal(db.session.get_one(Contract, renews.key), plan)
        order = place(
            item,
            payment_method="card" if by_card else "cheque",
            billing=PRIVATE,
            buyer=Buyer(email=life.email, first_name="Agnès", last_name="Delcourt"),
            now=self.now,
        )
        (contract,) = queries.contracts_of_order(order.id)
        reminded = renews.reminded if renews else True
        return life.open(Term(plan.months, renews=renews, reminded=reminded, order=order.id, key=contract.id))

    def _pay(self, life: Life, term: Term) -> Life:
        if term.state not in {"waiting", "suspended"}:
            return life
        order = db.session.get_one(Order, term.order)
        pay(order, order.total_cents, now=self.now, surely_new=True)
        rival = life.renewal_of(term.renews, begun=True) if term.renews and not term.starts else None
        if rival is not None and rival is not term:
            term.state = "cancelled"
            self.happened.add("superseded")
            return life
        if term.state == "suspended":
            self.happened.add("made good" if term.ends and term.ends >= self.today else "begun anew")
            life.pay(term, self.today)
            return life
        life.pay(term, self.today)
        self._go_on(life, term)
        return life

    def _go_on(self, life: Life, term: Term) -> None:
        """Say what will become of a term that has begun."""
        assert term.starts is not None
        assert term.ends is not None
        chance, length = self.chance, (term.ends - term.starts).days
        draw = chance.random()
        if term.order is not None and not term.is_gift and draw < 0.25:
            self.on(self.today + chance.randrange(1, length + 40) * DAY, lambda: self._bounce(life, term))
        elif term.order is not None and draw < 0.33:
            self.on(self.today + chance.randrange(1, length + 1) * DAY, lambda: self._cancel(life, term))
        elif draw < 0.45:
            self.on(term.ends - chance.randrange(1, 80) * DAY, lambda: self._quiet(life, term))
        if chance.random() < 0.7:
            distance = chance.choice([-45, -20, -3, 0, 1, 9, 35, 50]) + chance.randrange(-3, 4)
            twice = chance.random() < 0.4
            self.on(term.ends + distance * DAY, lambda: self._order(life, term, twice=twice))
            if chance.random() < 0.3:
                # Another of the household orders it too, a while later.
                self.on(term.ends + (distance + chance.randrange(1, 9)) * DAY, lambda: self._order(life, term))

    def _offer(self, life: Life) -> Life:
        """Buy a gift that its reader accepts some days later."""
        plan = self.plans[self.chance.choice(MONTHS)]
        order = place(a_gift(plan, recipient_email=life.email), payment_method="card", billing=PRIVATE, now=self.now)
        pay(order, order.total_cents, now=self.now)
        (contract,) = queries.contracts_of_order(order.id)
        term = life.open(Term(plan.months, is_gift=True, order=order.id, key=contract.id))
        self.on(self.today + self.chance.randrange(1, 50) * DAY, lambda: self._accept(life, term))
        return life

    def _accept(self, life: Life, term: Term) -> Life:
        secret = db.session.scalars(sa.select(Gift.secret).where(Gift.contract_id == term.key)).one()
        with unit_of_work.transaction():
            service.redeem(secret, reader=Reader(email=life.email, delivery=Delivery()), locale="fr", now=self.now)
        life.start(term, self.today)
        self.happened.add("gift")
        self._go_on(life, term)
        return life

    def _give(self, life: Life) -> Life:
        """Give a subscription, to try or for good, until a day."""
        kind = self.chance.choice([ContractKind.TRIAL, ContractKind.COMPLIMENTARY])
        ends = self.today + self.chance.randrange(20, 500) * DAY
        wish = Grant(kind=kind, email=life.email, delivery=Delivery(), ends_on=ends, reason="Intervenante")
        with unit_of_work.transaction():
            plan = db.session.get_one(Plan, self.plans[12].id)
            given = service.grant(plan, wish, actor=self.organiser, now=self.now)
            key = given.id
        life.open(
            Term(12, True, state="running", starts=self.today, ends=ends, key=key, reminded=kind is ContractKind.TRIAL)
        )
        self._go_on(life, life.terms[-1])
        return life

    def _bounce(self, life: Life, term: Term) -> Life:
        """Let the cheque of a running term come back; it is made good later, or never."""
        payment = db.session.scalars(
            sa.select(Payment).where(Payment.order_id == term.order).order_by(Payment.id.desc()).limit(1)
        ).one()
        if term.state not in {"running", "over"} or payment.method != "cheque":
            return life
        with unit_of_work.transaction():
            receipts.reverse(
                payment.id, reversed_on=self.today, reason="sans provision", actor=self.organiser, now=self.now
            )
        if term.state == "over":
            return life
        term.state = "suspended"
        self.happened.add("suspended")
        if self.chance.random() < 0.8:
            self.on(self.today + self.chance.choice([3, 20, 90, 400]) * DAY, lambda: self._pay(life, term))
        return life

    def _cancel(self, life: Life, term: Term) -> Life:
        if term.state not in {"waiting", "running", "suspended"}:
            return life
        assert term.order is not None
        with unit_of_work.transaction():
            checkout.cancel_order(term.order, reason="Erreur", actor=self.organiser, now=self.now)
        term.state = "cancelled"
        self.happened.add("cancelled")
        return life

    def _quiet(self, life: Life, term: Term) -> Life:
        """Let the reader give notice, or switch the reminders off, perhaps for a while."""
        if term.state != "running":
            return life
        gives_notice = self.chance.random() < 0.5
        with unit_of_work.transaction():
            contract = queries.contract(term.key or 0)
            assert contract is not None
            if gives_notice:
                service.resign(contract, now=self.now)
            else:
                service.set_reminders(contract, on=not term.reminded, now=self.now)
        term.reminded = False if gives_notice else not term.reminded
        self.happened.add("notice" if gives_notice else "reminders")
        return life

    def _is_renewable(self, life: Life, term: Term) -> bool:
        return term.state in {"running", "over"} and life.renewal_of(term, begun=True) is None


@pytest.mark.one_database
def test_thirty_readers_have_what_they_should_on_every_day_of_three_years() -> None:
    _live_through(readers=30, seed=12, naps=(1, 4, 5, 6))


@pytest.mark.long
def test_a_thousand_readers_have_what_they_should_on_every_day_of_three_years() -> None:
    happened = _live_through(readers=1000, seed=47, naps=(1, 1, 1, 1, 2, 6))

    assert happened >= {
        "begun anew", "cancelled", "gift", "made good", "notice", "refused", "reminders", "superseded", "suspended",
    }  # fmt: skip


def _live_through(*, readers: int, seed: int, naps: Sequence[int]) -> set[str]:
    world = World(readers=readers, chance=random.Random(seed), naps=naps)  # noqa: S311 - for variety
    world.live()

    places = {term.key: (life, position) for life in world.lives for position, term in enumerate(life.terms)}
    sent = defaultdict(list)
    for key, kind, ends_on in db.session.execute(
        sa.select(ContractReminder.contract_id, ContractReminder.kind, ContractReminder.ends_on)
    ):
        life, position = places[key]
        sent[life.email].append((position, kind.value, ends_on))
    for life in world.lives:
        assert sorted(sent[life.email]) == sorted(life.told), life
    told = sum(len(life.told) for life in world.lives)
    reminders = sa.select(sa.func.count()).where(OutgoingMail.template == "subscriptions/renewal_reminder")
    assert db.session.scalar(reminders) == told > readers
    return world.happened


def _reserved_article(day: date) -> Article:
    return make_article(access=Access.SUBSCRIBERS, published_at=_nine(day))


def _nine(day: date) -> datetime:
    return datetime.combine(day, time(8), tzinfo=UTC) + timedelta(minutes=1)
