"""Readers who let their card renew, on the sandbox, day after day."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
import time_machine

from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import CardConsent
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.orders.values import Billing, Buyer
from eventsapp.payments.models import Payment
from eventsapp.subscriptions import queries
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.models import CardAgreement, CardCharge, Contract, Plan
from eventsapp.subscriptions.statuses import AgreementState
from tests.support.makers.orders import place, subscription
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_plan

READER = "lectrice@exemple.fr"
BEGUN = date(2026, 3, 1)
WORDS = "Renouveler automatiquement par carte : 129,00 € pour un an."


@contextmanager
def on(day: date, *, hour: int = 9) -> Iterator[datetime]:
    """Live a day from that hour (UTC) on."""
    moment = datetime.combine(day, time(hour), tzinfo=UTC)
    with time_machine.travel(moment, tick=True):
        yield moment


def subscribe(
    sandbox: RunningSandbox,
    plan: Plan | None = None,
    *,
    card: str = buyer.ACCEPTED,
    email: str = READER,
    begun: date = BEGUN,
    meanwhile: Callable[[int, datetime], object] = lambda _order_id, _now: None,
) -> CardAgreement:
    """Subscribe by card, agree that it renews, and pay; return what was agreed.

    ``meanwhile`` is done with the key of the order once Stripe's page is open.
    """
    plan = plan or make_plan()
    with on(begun) as now:
        order = place(
            subscription(plan),
            now=now,
            payment_method="card",
            billing=Billing(),
            buyer=Buyer(email=email, first_name="Agnès", last_name="Delcourt"),
            card_consent=CardConsent(words=WORDS, price_cents=plan.price_cents),
        )
        order_id = order.id
        page = checkout.open_page(checkout.prepare_page(order, now=now), now=now)
        db.session.commit()
        meanwhile(order_id, now)
        landing = buyer.pay(page, card=card)
        if card == buyer.CHALLENGED:
            buyer.answer_challenge(landing.location or "")
        assert checkout.ask_gateway(order_id, now=now).settled == 1
    db.session.expire_all()
    return db.session.scalars(sa.select(CardAgreement).where(CardAgreement.order_id == order_id)).one()


def sweep(*days: date) -> int:
    """Run, on each of these days, all that the worker runs for renewals; return how many cards were charged."""
    charged = 0
    for day in days:
        with on(day) as now:
            with unit_of_work.transaction():
                subscriptions.expire_due(today=day)
            subscriptions.announce_renewals_due(now=now)
            charged += checkout.charge_due(now=now)
            subscriptions.remind_due(now=now)
            subscriptions.forget_cards_due(now=now)
    db.session.expire_all()
    return charged


def days_between(first: date, last: date, *, step: int = 1) -> list[date]:
    """Return the days from one to another, both included."""
    return [first + timedelta(days=count) for count in range(0, (last - first).days + 1, step)]


def end_of(agreement: CardAgreement) -> date:
    """Return when the subscription ends that is renewed next."""
    ends_on = db.session.get_one(Contract, agreement.contract_id).ends_on
    assert ends_on is not None
    return ends_on


def announce(agreement: CardAgreement) -> date:
    """Announce the next renewal on its day; return the day of the charge."""
    ends_on = end_of(agreement)
    sweep(ends_on - timedelta(days=75))
    return ends_on - timedelta(days=5)


def contracts() -> list[Contract]:
    return list(db.session.scalars(sa.select(Contract).order_by(Contract.id)))


def charges() -> list[CardCharge]:
    return list(db.session.scalars(sa.select(CardCharge).order_by(CardCharge.id)))


def charged_at_stripe(sandbox: RunningSandbox) -> list[int]:
    """Return the cents of every charge that went through, the oldest first."""
    return [row["amount"] for row in reversed(sandbox.objects("charge")) if row["paid"]]


def paid() -> list[int]:
    """Return the cents of every payment that is counted, the oldest first."""
    return list(db.session.scalars(sa.select(Payment.amount_cents).order_by(Payment.id)))


def renewed(agreement: CardAgreement) -> bool:
    """Return whether what the agreement is for now follows something."""
    db.session.expire_all()
    contract = queries.contract(agreement.contract_id)
    return contract is not None and contract.renews_id is not None


def make_agreement(contract: Contract, **values: Any) -> CardAgreement:
    """Make an agreement for ``contract`` as its reader would have given it, its card kept, without any Stripe."""
    order_id = values.pop("order_id", None) or place(subscription(db.session.get_one(Plan, contract.plan_id))).id
    given = {
        "contract_id": contract.id,
        "order_id": order_id,
        "state": AgreementState.ACTIVE,
        "agreed_at": NOW,
        "agreed_text": WORDS,
        "agreed_cents": 12900,
        "customer_id": "cus_1",
        "method_id": "pm_1",
        "brand": "visa",
        "last4": "4242",
        "exp_month": 12,
        "exp_year": 2034,
    }
    agreement = CardAgreement(**given | values)
    db.session.add(agreement)
    db.session.commit()
    return agreement
