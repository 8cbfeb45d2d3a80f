"""SIGKILL after each step of a refund to a card, in real processes: it is made once, and counted once."""

# ruff: noqa: F811 - ``house`` is a fixture of the other module

from typing import Any

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import clock
from eventsapp.core.db import db, writing
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments.models import JournalEntry, PaymentAlert, Refund
from eventsapp.payments.statuses import Movement, RefundState
from tests.journeys.test_power_cuts import KILLED, LATER, House, Purchase, house  # noqa: F401 - a fixture
from tests.support.invariants import broken
from tests.support.makers.accounts import make_user, sign_in

pytestmark = pytest.mark.long
#: What the office gives back, and all that was paid.
PART, ALL = 10_000, 62_100
SWEEP = "payments.refund"
AT_STRIPE = "eventsapp.payments.gateway:refund:after"
KEPT = "eventsapp.payments.service:take_refund:after"


@pytest.fixture(scope="module")
def office(house: House) -> dict[str, str]:
    """What the browser of an accountant sends with each request."""
    with house.app.app_context(), writing():
        client = house.app.test_client()
        sign_in(client, make_user(RoleName.ACCOUNTANT))
        db.session.remove()
    cookie = client.get_cookie("session")
    assert cookie is not None
    return {"Cookie": f"session={cookie.value}"}


class Paid:
    """A seat that was paid by card, and what a patient office, buyer and worker do about its refund."""

    def __init__(self, house: House, name: str) -> None:
        self.house = house
        purchase = Purchase(house, name)
        purchase.pay()
        purchase.hear()
        purchase.sweep()
        self.intent = str(purchase.sessions()[0]["payment_intent"])
        with house.app.app_context(), writing():
            order = db.session.scalars(sa.select(Order).where(Order.email == purchase.email)).one()
            self.order_id, self.reference, self.secret = order.id, order.reference, order.secret
            db.session.remove()

    def by_office(self, office: dict[str, str]) -> dict[str, Any]:
        """Return the office's form, as its page would send it however often."""
        return {
            "do": "post",
            "path": f"/organisation/commandes/{self.reference}/remboursement-carte/",
            "form": {"amount": "100,00", "reason": "Geste", "key": f"formulaire-{self.reference}", "surely_due": "y"},
            "headers": office,
        }

    def by_buyer(self) -> dict[str, Any]:
        """Return the form by which the buyer cancels the order."""
        return {
            "do": "post",
            "path": f"/commandes/{self.reference}/{self.secret}/annuler/",
            "form": {"fee_cents": "0"},
        }

    def again(self, deed: dict[str, Any]) -> None:
        """Send the form again, in a process that lives."""
        assert self.house.dying.do(**deed) == 0

    def sweep(self) -> None:
        """Let the worker do what its timetable says, once now and once when Stripe has forgotten our key."""
        with self.house.app.app_context():
            for now in (clock.now(), clock.now() + LATER, clock.now() + 24 * LATER):
                checkout.ask_refunds(now=now)
                checkout.find_money_back(now=now)
            db.session.remove()

    def require_given_back(self, cents: int) -> None:
        """Require one refund of it: at Stripe, in the order, in the journal; and nobody to look at it."""
        made = [row for row in self.house.sandbox.objects("refund") if row["payment_intent"] == self.intent]
        assert [(row["amount"], row["status"]) for row in made] == [(cents, "succeeded")]
        with self.house.app.app_context():
            assert broken() == []
            rows = db.session.scalars(sa.select(Refund).where(Refund.order_id == self.order_id)).all()
            assert [(row.amount_cents, row.state) for row in rows] == [(cents, RefundState.DONE)]
            assert db.session.get_one(Order, self.order_id).refunded_cents == cents
            entered = sa.select(JournalEntry.amount_cents).where(
                JournalEntry.order_id == self.order_id, JournalEntry.kind == Movement.REFUND
            )
            assert db.session.scalars(entered).all() == [-cents]
            assert db.session.scalars(sa.select(PaymentAlert.id).filter_by(order_id=self.order_id)).all() == []
            db.session.remove()


BY_OFFICE = {
    "written, not committed": "eventsapp.checkout.service:refund_card:after",
    "committed, Stripe not asked": "eventsapp.checkout.service:ask_refunds:before",
    "made at Stripe, not kept": AT_STRIPE,
    "kept, not committed": KEPT,
    "committed, no answer sent": "eventsapp.checkout.service:ask_refunds:after",
}


@pytest.mark.parametrize("repeated", [True, False], ids=["sent again", "sent once"])
@pytest.mark.parametrize("step", BY_OFFICE)
def test_a_refund_of_the_office_cut_short_is_made_once(
    house: House, office: dict[str, str], step: str, *, repeated: bool
) -> None:
    paid = Paid(house, f"rendue{list(BY_OFFICE).index(step)}{repeated:d}")
    form = paid.by_office(office)
    assert house.dying.do(at=BY_OFFICE[step], **form) == KILLED
    if repeated or step == "written, not committed":
        # Whoever saw no answer sends it again, and again.
        paid.again(form)
        paid.again(form)

    paid.sweep()

    paid.require_given_back(PART)


BY_WORKER = {"made at Stripe, not kept": AT_STRIPE, "kept, not committed": KEPT}


@pytest.mark.parametrize("minutes", [0, 24 * 60], ids=["at once", "a day later"])
@pytest.mark.parametrize("step", BY_WORKER)
def test_a_refund_of_the_worker_cut_short_is_made_once(
    house: House, office: dict[str, str], step: str, minutes: int
) -> None:
    paid = Paid(house, f"balayee{list(BY_WORKER).index(step)}{minutes}")
    assert house.dying.do(at="eventsapp.checkout.service:ask_refunds:before", **paid.by_office(office)) == KILLED
    assert house.dying.do(do="sweep", name=SWEEP, minutes=minutes, at=BY_WORKER[step]) == KILLED

    paid.sweep()

    paid.require_given_back(PART)


BY_BUYER = {
    "written, not committed": "eventsapp.checkout.service:cancel_by_buyer:after",
    "committed, no answer sent": "eventsapp.core.unit_of_work:_commit:after",
}


@pytest.mark.parametrize("step", BY_BUYER)
def test_a_cancellation_cut_short_gives_the_money_back_once(house: House, step: str) -> None:
    paid = Paid(house, f"annulee{list(BY_BUYER).index(step)}")
    form = paid.by_buyer()
    assert house.dying.do(at=BY_BUYER[step], **form) == KILLED
    paid.again(form)

    paid.sweep()

    paid.require_given_back(ALL)
    with house.app.app_context():
        assert db.session.get_one(Order, paid.order_id).status is OrderStatus.CANCELLED
        db.session.remove()


def test_a_refund_that_is_found_at_stripe_before_it_is_kept_counts_once(house: House, office: dict[str, str]) -> None:
    paid = Paid(house, "trouvee")
    assert house.dying.do(at=AT_STRIPE, **paid.by_office(office)) == KILLED
    assert house.dying.do(do="sweep", name="payments.reconcile", at=KEPT) == KILLED

    paid.sweep()

    paid.require_given_back(PART)
