"""A hundred buyers at once for a code with ten uses, on a database that keeps what is committed."""

import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db, writing
from eventsapp.core.errors import Refusal
from eventsapp.orders.models import Order
from eventsapp.orders.values import Billing, Buyer
from eventsapp.promotions import service
from eventsapp.promotions.models import PromoCode, Redemption
from eventsapp.subscriptions import queries as subscriptions
from tests.support.at_once import at_once, committing_app
from tests.support.makers.orders import a_request, subscription
from tests.support.makers.promotions import make_code
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_plan

USES, BUYERS = 10, 100

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[Flask]:
    with committing_app(database, tmp_path) as app:
        with app.app_context(), writing():
            make_plan(slug="lecture")
            make_code(uses_limit=USES)
            db.session.remove()
        yield app


def _buy(number: int) -> str:
    """Order with the code; return « placed », or the title of the refusal."""
    plan = subscriptions.plan("lecture")
    assert plan is not None
    buyer = Buyer(email=f"personne{number}@exemple.fr", first_name="Claude", last_name=f"Roux{number}")
    request = a_request(
        subscription(plan), buyer=buyer, billing=Billing(), payment_method="transfer", promo_code="bienvenue"
    )
    db.session.rollback()
    try:
        with unit_of_work.transaction():
            checkout.place_order(request, now=NOW)
    except Refusal as refusal:
        return type(refusal).__name__
    return "placed"


def _sold(app: Flask) -> tuple[int, int, int]:
    """Return the uses counted, the uses written and the orders at a discount."""
    with app.app_context():
        counted = db.session.scalars(sa.select(PromoCode.uses_count)).one()
        written = db.session.scalar(sa.select(sa.func.count()).select_from(Redemption)) or 0
        cheaper = db.session.scalar(sa.select(sa.func.count()).where(Order.total_cents == 10320)) or 0
        db.session.remove()
    return counted, written, cheaper


def test_ten_of_a_hundred_at_once_have_the_discount_and_the_others_are_told(served: Flask) -> None:
    answers = at_once(served, *(partial(_buy, number) for number in range(BUYERS)))

    assert Counter(answers) == {"placed": USES, "CodeRefused": BUYERS - USES}
    assert _sold(served) == (USES, USES, USES)


@pytest.mark.writers_at_once
def test_without_the_guard_more_are_sold_than_there_are(served: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: reading, comparing and writing loses what others do in between."""

    def take_carelessly(code_id: int) -> bool:
        used = db.session.scalars(sa.select(PromoCode.uses_count).where(PromoCode.id == code_id)).one()
        if used >= USES:
            return False
        time.sleep(0.05)
        db.session.execute(sa.update(PromoCode).where(PromoCode.id == code_id).values(uses_count=used + 1))
        return True

    monkeypatch.setattr(service, "_take", take_carelessly)

    at_once(served, *(partial(_buy, number) for number in range(40)))

    assert _sold(served)[1] > USES
