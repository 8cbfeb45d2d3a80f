"""SIGKILL around the charge of a card that renews, in real processes: it is charged once, and counted once."""

# ruff: noqa: F811 - ``house`` is a fixture of the other module

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventsapp.checkout import service as checkout
from eventsapp.core import clock
from eventsapp.core.db import db, writing
from eventsapp.payments.models import Payment
from eventsapp.subscriptions.models import CardAgreement, CardCharge, CardRenewal, Contract
from eventsapp.subscriptions.statuses import ChargeState
from tests.journeys.test_power_cuts import KILLED, House, house  # noqa: F401 - a fixture
from tests.support.invariants import broken
from tests.support.makers.by_card import subscribe

SWEEP = "renewals.charge"
STEPS = {
    "asked, not committed": ("eventsapp.checkout.service._charge:_write_try:after", 0),
    "committed, Stripe not asked": ("eventsapp.payments.gateway:charge:before", 0),
    "charged at Stripe, not kept": ("eventsapp.payments.gateway:charge:after", 1),
    "kept, not committed": ("eventsapp.checkout.service._charge:settle_card:after", 1),
}


def due_today(house: House, email: str) -> int:
    """Subscribe, and let its renewal be announced and due today; return the key of what was agreed."""
    with house.app.app_context(), writing():
        today = clock.local_date(clock.now())
        agreement = subscribe(house.sandbox, email=email, begun=today)
        contract = db.session.get_one(Contract, agreement.contract_id)
        contract.starts_on, contract.ends_on = today - timedelta(days=360), today + timedelta(days=5)
        db.session.add(
            CardRenewal(
                agreement_id=agreement.id,
                contract_id=contract.id,
                ends_on=contract.ends_on,
                announced_at=clock.now() - timedelta(days=70),
                price_cents=12900,
                charge_on=today,
            )
        )
        db.session.commit()
        key = agreement.id
        db.session.remove()
    return key


def charged(house: House, customer_id: str) -> list[int]:
    """Return the cents of what went through at Stripe for a customer, the page of the order included."""
    made = house.sandbox.objects("charge")
    return [row["amount"] for row in made if row["customer"] == customer_id and row["paid"]]


@pytest.mark.long
@pytest.mark.parametrize("step", STEPS)
def test_a_renewal_cut_short_is_charged_once(house: House, step: str) -> None:
    at, before = STEPS[step]
    key = due_today(house, f"coupee{list(STEPS).index(step)}@exemple.fr")
    with house.app.app_context():
        customer_id = db.session.get_one(CardAgreement, key).customer_id
        db.session.remove()
    assert house.dying.do(do="sweep", name=SWEEP, at=at) == KILLED
    assert charged(house, customer_id) == [12900] * (1 + before)

    with house.app.app_context():
        for _again in range(2):
            checkout.charge_due(now=clock.now())
            checkout.take_up_charges(now=clock.now() + timedelta(hours=1))
        db.session.remove()
        assert charged(house, customer_id) == [12900, 12900]
        agreement = db.session.get_one(CardAgreement, key)
        contract = db.session.get_one(Contract, agreement.contract_id)
        assert contract.renews_id is not None
        tries = db.session.scalars(
            sa.select(CardCharge)
            .join(CardRenewal, CardRenewal.id == CardCharge.renewal_id)
            .where(CardRenewal.agreement_id == key)
        ).all()
        assert [row.state for row in tries] == [ChargeState.PAID]
        counted = sa.select(Payment.id).where(Payment.gateway_reference == tries[0].payment_id)
        assert len(db.session.scalars(counted).all()) == 1
        assert broken() == []
        db.session.remove()
