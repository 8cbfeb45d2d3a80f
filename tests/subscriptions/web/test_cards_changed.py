"""Another card for a renewal: given on Stripe's page from the page of the renewal, told by a message or on return."""

import re
from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.audit.models import AuditEntry
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.payments import service as payments
from eventsapp.payments.values import Event, SavedCard
from eventsapp.subscriptions import service
from eventsapp.subscriptions.errors import NotNow
from eventsapp.subscriptions.models import CardAgreement, CardCharge, CardRenewal
from eventsapp.subscriptions.statuses import AgreementState
from tests.support.makers.by_card import BEGUN, announce, charged_at_stripe, on, renewed, subscribe, sweep

pytestmark = pytest.mark.usefixtures("client")


def page_of(agreement: CardAgreement) -> str:
    return f"/abonnements/par-carte/{agreement.secret}/"


def ask_for_page(client: FlaskClient, agreement: CardAgreement) -> str:
    answer = client.post(f"{page_of(agreement)}carte/")
    assert answer.status_code == 303
    return str(answer.location)


def told_by_message(_client: FlaskClient, _agreement: CardAgreement, page_id: str) -> None:
    with on(BEGUN) as now:
        event = Event(event_id="evt_1", kind="checkout.session.completed", session_id=page_id, live=False)
        with unit_of_work.transaction():
            payments.keep_event(event, now=now)
        checkout.take_events(now=now)


def told_on_return(client: FlaskClient, agreement: CardAgreement, page_id: str) -> None:
    page = client.get(f"{page_of(agreement)}?page={page_id}").text
    assert f'value="{page_id}"' in page
    answer = client.post(f"{page_of(agreement)}carte/verifier/", data={"page": page_id}, follow_redirects=True)
    assert "se prélève sur cette carte" in answer.text


@pytest.mark.parametrize("tell", [told_by_message, told_on_return])
def test_the_card_that_is_given_there_renews_from_then_on(
    client: FlaskClient, sandbox: RunningSandbox, tell: Callable[[FlaskClient, CardAgreement, str], None]
) -> None:
    agreement = subscribe(sandbox, card=buyer.DECLINED_LATER)
    former = agreement.method_id
    page = ask_for_page(client, agreement)
    landing = buyer.pay(page, expiry="01 / 35")
    page_id = re.sub(r".*page=", "", landing.location or "")
    assert landing.location == f"http://localhost{page_of(agreement)}?page={page_id}"

    tell(client, agreement, page_id)
    told_by_message(client, agreement, page_id)

    db.session.expire_all()
    assert (agreement.card, agreement.exp_year) == ("Visa •••• 4242", 2035)
    assert agreement.method_id != former
    assert len(sandbox.objects("customer")) == 1
    actions = sa.select(AuditEntry.action).where(AuditEntry.action == "subscriptions.card_changed")
    assert len(list(db.session.scalars(actions))) == 1
    assert sweep(announce(agreement)) == 1
    assert renewed(agreement)
    assert charged_at_stripe(sandbox) == [12900, 12900]


def test_on_return_it_is_said_although_the_message_came_first(client: FlaskClient, sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox)
    page = ask_for_page(client, agreement)
    buyer.pay(page, expiry="01 / 35")
    page_id = page.rsplit("/", 1)[1]
    told_by_message(client, agreement, page_id)

    told_on_return(client, agreement, page_id)


def test_a_page_that_was_opened_before_brings_an_older_card_back_no_more(
    client: FlaskClient, sandbox: RunningSandbox
) -> None:
    agreement = subscribe(sandbox)
    pages = [ask_for_page(client, agreement)]
    sandbox.turn(clock_ahead_seconds=300)
    pages.append(ask_for_page(client, agreement))
    older, newer = (page.rsplit("/", 1)[1] for page in pages)
    buyer.pay(pages[0], expiry="01 / 30")
    told_by_message(client, agreement, older)
    buyer.pay(pages[1], expiry="01 / 35")
    told_on_return(client, agreement, newer)

    answer = client.post(f"{page_of(agreement)}carte/verifier/", data={"page": older}, follow_redirects=True)

    assert "se prélève sur cette carte" not in answer.text
    db.session.expire_all()
    assert agreement.exp_year == 2035


def test_a_card_that_is_refused_there_changes_nothing(client: FlaskClient, sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox)
    former = agreement.method_id
    page = ask_for_page(client, agreement)

    assert buyer.pay(page, card=buyer.DECLINED).status == 402
    challenge = buyer.pay(page, card=buyer.CHALLENGED).location or ""
    buyer.answer_challenge(challenge, accept=False)
    told_by_message(client, agreement, page.rsplit("/", 1)[1])
    db.session.expire_all()
    assert agreement.method_id == former

    buyer.pay(page, card=buyer.CHALLENGED)
    buyer.answer_challenge(challenge)
    with on(BEGUN) as now:
        assert checkout.ask_about_card(page.rsplit("/", 1)[1], now=now).settled == 1
    db.session.expire_all()
    assert agreement.card == "Visa •••• 3220"


def test_none_is_given_where_no_card_renews_or_while_one_is_being_charged(
    client: FlaskClient, sandbox: RunningSandbox
) -> None:
    agreement = subscribe(sandbox)
    page = ask_for_page(client, agreement)
    buyer.pay(page)
    page_id = page.rsplit("/", 1)[1]
    day = announce(agreement)
    _being_charged(day)

    assert "Changer de carte" not in client.get(page_of(agreement)).text
    answer = client.post(f"{page_of(agreement)}carte/", follow_redirects=True)
    assert "ne payez pas de nouveau" in answer.text
    with on(day) as now, pytest.raises(NotNow):
        checkout.ask_about_card(page_id, now=now)
    db.session.rollback()

    db.session.execute(sa.delete(CardCharge))
    db.session.commit()
    with on(day) as now:
        with unit_of_work.transaction():
            service.stop_card(agreement.id, now=now)
        assert "Changer de carte" not in client.get(page_of(agreement)).text
        # Given before it was stopped: it is there if that is taken back.
        assert checkout.ask_about_card(page_id, now=now).settled == 1
    assert db.session.get_one(CardAgreement, agreement.id).state is AgreementState.STOPPED
    answer = client.post(f"{page_of(agreement)}carte/", follow_redirects=True)
    assert "pas de carte à changer" in answer.text


def test_a_page_of_somebody_elses_customer_changes_nothing(sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox)
    card = SavedCard(
        customer_id="cus_other", method_id="pm_other", brand="visa", last4="1111", exp_month=1, exp_year=2035
    )

    with on(BEGUN) as now:
        for reference in (f"card-agreement-{agreement.id}", "A-COMMANDE"):
            assert not service.change_card(reference, card, page_id="cs_other", opened_at=now, now=now)


def _being_charged(day: date) -> None:
    renewal = db.session.scalars(sa.select(CardRenewal)).one()
    with on(day) as now:
        row = CardCharge(renewal_id=renewal.id, number=1, key="renewal-1", amount_cents=12900, asked_at=now)
    db.session.add(row)
    db.session.commit()
