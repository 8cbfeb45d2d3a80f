"""Orders placed with a promotional code."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.invoices import queries as invoices
from eventsapp.invoices.models import Invoice
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.promotions.errors import CodeRefused
from eventsapp.promotions.models import PromoCode, Redemption
from eventsapp.promotions.statuses import PromoKind
from tests.checkout.looking import pay
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import a_request, an_attendee, place, seats, subscription
from tests.support.makers.promotions import make_code
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("transaction")


def _uses() -> int:
    return db.session.scalars(sa.select(PromoCode.uses_count)).one()


def test_a_percentage_is_taken_off_each_line_and_counted_once() -> None:
    make_code()

    order = place(seats(make_study_day()), subscription(make_plan()), promo_code=" Bienvenue ")

    assert [(line.discount_cents, line.total_cents) for line in order.lines] == [(12420, 49680), (2580, 10320)]
    assert (order.total_cents, _uses()) == (60000, 1)
    use = db.session.scalars(sa.select(Redemption)).one()
    assert (use.order_id, use.discount_cents) == (order.id, 15000)


def test_a_code_for_one_plan_takes_nothing_off_the_rest() -> None:
    plan = make_plan()
    make_code(kind=PromoKind.AMOUNT, value=2900, for_everything=False, plans=[plan])

    order = place(seats(make_study_day()), subscription(plan), promo_code="BIENVENUE")

    assert [line.discount_cents for line in order.lines] == [0, 2900]


def test_a_code_for_another_day_is_refused_and_nothing_is_written() -> None:
    make_code(for_everything=False, days=[make_study_day(slug="lyon")])

    with pytest.raises(CodeRefused, match="ne vaut pas pour ce que vous commandez"):
        place(seats(make_study_day()), promo_code="BIENVENUE")

    assert db.session.scalar(sa.select(sa.func.count()).select_from(Order)) == 0
    assert _uses() == 0


def test_a_code_whose_only_day_is_gone_is_for_nothing() -> None:
    make_code(for_everything=False)

    with pytest.raises(CodeRefused):
        place(seats(make_study_day()), promo_code="BIENVENUE")


@pytest.mark.parametrize("word", ["INCONNU", "é", "x" * 60])
def test_an_unknown_code_is_refused(word: str) -> None:
    with pytest.raises(CodeRefused, match="n’existe pas"):
        place(seats(make_study_day()), promo_code=word)


@pytest.mark.parametrize("method", ["card", "cheque"])
def test_a_code_that_takes_all_off_makes_a_free_order_without_invoice(method: str) -> None:
    make_code(kind=PromoKind.FREE, value=0)

    order = place(seats(make_study_day()), promo_code="BIENVENUE", payment_method=method)

    assert (order.status, order.payment_status) == (OrderStatus.CONFIRMED, PaymentStatus.NONE)
    assert (order.total_cents, order.vat_cents, order.due_on, order.expires_at) == (0, 0, None, None)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Invoice)) == 0


def test_the_invoice_is_of_what_is_paid_and_tells_the_discount() -> None:
    make_code()
    order = place(seats(make_study_day()), promo_code="BIENVENUE", payment_method="card")
    pay(order, 49680, gateway_reference="pi_1")

    invoice = db.session.scalars(sa.select(Invoice)).one()

    assert (invoice.total_cents, order.balance_cents) == (49680, 0)
    (line,) = invoices.content_of(invoice).lines
    assert (line.detail, line.full_unit_net, line.discount_net_cents, line.net_cents) == (
        "Claude Roux1", Decimal("517.5000"), 10350, 41400,
    )  # fmt: skip


def test_the_page_at_stripe_adds_up_to_what_is_due() -> None:
    make_code(kind=PromoKind.AMOUNT, value=1001)
    day = make_study_day()
    order = place(
        seats(day, an_attendee(1), an_attendee(2)), subscription(make_plan()), promo_code="BIENVENUE",
        payment_method="card",
    )  # fmt: skip

    wanted = checkout.prepare_page(order, now=NOW)

    assert sum(quantity * price for _label, quantity, price in wanted.lines) == order.balance_cents == 136099


def test_a_cancelled_order_gives_its_use_back_once() -> None:
    make_code(uses_limit=1)
    day = make_study_day()
    order = place(seats(day), promo_code="BIENVENUE")
    assert _uses() == 1

    with unit_of_work.transaction():
        checkout.cancel_order(order.id, reason="erreur", actor=make_user(RoleName.ORGANISER), now=NOW)

    assert _uses() == 0
    place(seats(day, an_attendee(2)), promo_code="BIENVENUE")
    assert _uses() == 1


def test_an_expired_order_gives_its_use_back_and_takes_it_again_when_it_is_paid_late() -> None:
    make_code(uses_limit=1)
    order = place(seats(make_study_day()), promo_code="BIENVENUE", payment_method="card")

    checkout.expire_due(now=NOW + timedelta(hours=2))
    assert _uses() == 0

    pay(order, 49680, gateway_reference="pi_1")
    assert _uses() == 1


def test_the_same_key_with_another_code_is_another_request() -> None:
    make_code()
    day = make_study_day()
    first = place(seats(day), promo_code="BIENVENUE", idempotency_key="clé")

    again = place(seats(day), promo_code="bienvenue", idempotency_key="clé")

    assert (again.id, _uses()) == (first.id, 1)


def test_a_code_is_refused_on_a_quote() -> None:
    make_code()

    with pytest.raises(CodeRefused, match="devis"), unit_of_work.transaction():
        checkout.make_quote(a_request(seats(make_study_day()), promo_code="BIENVENUE"), now=NOW)


def test_an_expired_code_is_refused() -> None:
    make_code(valid_until=date(2000, 1, 1))

    with pytest.raises(CodeRefused, match="a expiré"):
        place(seats(make_study_day()), promo_code="BIENVENUE")
