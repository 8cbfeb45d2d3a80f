"""SIGKILL after each step of ordering, paying, invoicing and mailing, in real processes: all of it converges."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.checkout import service as checkout
from eventsapp.core import clock
from eventsapp.core.db import db, writing
from eventsapp.core.limits import limiter
from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.files.models import StoredFile
from eventsapp.invoices import papers
from eventsapp.invoices import service as invoices
from eventsapp.invoices.models import Invoice
from eventsapp.invoices.statuses import Check
from eventsapp.mail import service as mail
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.payments.models import GatewayEvent, Payment
from eventsapp.payments.statuses import EventOutcome, EventState
from eventsapp.study_days.models import StudyDay
from tests.checkout.web.sending import MANDAT, open_day
from tests.conftest import database_address
from tests.support.database import ENVIRONMENT, migrated_app
from tests.support.invariants import broken
from tests.support.killable import Killable, killable, trust_every_document
from tests.support.mail_server import MailServer, mail_server

pytestmark = pytest.mark.long
KILLED = -9
#: When every hold is over, and what a process that died had claimed may be claimed again.
LATER = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class House:
    """An application that dies, one on the same database that does not, and the world around them."""

    app: Flask
    dying: Killable
    sandbox: RunningSandbox
    post: MailServer


@pytest.fixture(scope="module")
def house(database: str, sandbox_server: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp(f"cuts-{database}")
    with ExitStack() as stack:
        post = stack.enter_context(mail_server())
        place = {
            "DATABASE_URL": database_address(database, folder),
            "STORAGE_URL": f"file://{folder}/files",
            "STRIPE_API_BASE": sandbox_server.url,
            "MAIL_URL": post.url,
        }
        app = migrated_app(place)
        app.config["WTF_CSRF_ENABLED"] = False
        dying = stack.enter_context(killable(ENVIRONMENT | place, log=folder / "log"))
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(papers, "problems", trust_every_document)
        # One address buys all of it, in less than a minute.
        patch.setattr(limiter, "enabled", False)
        sandbox_server.reset()
        sandbox_server.send_webhooks_to(None)
        yield House(app=app, dying=dying, sandbox=sandbox_server, post=post)
        with app.app_context():
            db.engine.dispose()


class Purchase:
    """One seat bought by card, and what a patient buyer and a patient Stripe do about it."""

    def __init__(self, house: House, name: str) -> None:
        self.house, self.name = house, name
        with house.app.app_context(), writing():
            self.slug = open_day(capacity=2).slug
            db.session.remove()
        self.path = f"/journees/{self.slug}/inscription/"
        self.email = f"{name}@ville-exemple.fr"
        self.form = MANDAT | {
            "submission": f"formulaire-{name}-0123456789", "attendees-0-email": self.email, "payment_method": "card",
        }  # fmt: skip
        del self.form["siret"], self.form["organisation"]

    def order(self) -> str:
        """Send the form, as often as it takes; return the address of Stripe's page."""
        answer = self.client().post(self.path, data=self.form)
        assert answer.status_code == 303, answer.text
        return str(answer.location)

    def pay(self) -> None:
        """Pay on the page that the form leads to, unless that was done."""
        if not any(session["payment_status"] == "paid" for session in self.sessions()):
            assert buyer.pay(self.order()).location is not None

    def letter(self) -> dict[str, Any]:
        """Return Stripe's message about it, as a request."""
        event = next(
            event
            for event in self.house.sandbox.events("checkout.session.completed")
            if event["data"]["object"]["customer_email"] == self.email
        )
        body, headers = self.house.sandbox.letter(event)
        return {"path": "/paiement/stripe/webhook", "body": body.decode(), "headers": headers}

    def hear(self) -> None:
        """Be told by Stripe."""
        told = self.letter()
        assert self.client().post(told["path"], data=told["body"], headers=told["headers"]).status_code == 200

    def sweep(self) -> None:
        """Let the worker do what its timetable says, once now and once after claims have lapsed."""
        with self.house.app.app_context():
            for now in (clock.now(), clock.now() + LATER):
                checkout.take_events(now=now)
                checkout.reconcile(now=now)
                checkout.expire_due(now=now)
                invoices.finish_due(now=now)
                mail.send_due(clock=lambda now=now: now)  # type: ignore[misc]
            db.session.remove()

    def client(self) -> FlaskClient:
        return self.house.app.test_client()

    def sessions(self) -> list[dict[str, Any]]:
        sessions = self.house.sandbox.objects("checkout.session")
        return [session for session in sessions if session["customer_email"] == self.email]

    def require_whole(self, *, most_of_a_mail: int = 1) -> None:
        """Require one of everything: order, seat, charge, payment, invoice, paper; and each mail once, or so."""
        assert [session["payment_status"] for session in self.sessions()] == ["paid"]
        with self.house.app.app_context():
            assert broken() == []
            order = db.session.scalars(sa.select(Order).where(Order.email == self.email)).one()
            assert (order.status, order.payment_status) == (OrderStatus.CONFIRMED, PaymentStatus.PAID)
            assert db.session.scalars(sa.select(Payment.amount_cents).filter_by(order_id=order.id)).all() == [62100]
            assert db.session.scalar(sa.select(StudyDay.seats_taken).filter_by(slug=self.slug)) == 1
            invoice = db.session.scalars(sa.select(Invoice).filter_by(order_id=order.id)).one()
            assert invoice.check is Check.VALID
            assert db.session.get_one(StoredFile, invoice.pdf_id).name == f"{invoice.number}.pdf"
            db.session.remove()
        got = [str(message["Subject"]) for message in self.house.post.to(self.email)]
        doubled = len(got) - len(set(got))
        assert doubled <= most_of_a_mail - 1, got
        assert len(set(got)) >= 3, got


ORDERING = {
    "written, not committed": "eventsapp.checkout.service:place_order:after",
    "committed, Stripe not asked": "eventsapp.checkout.service:open_page:before",
    "page opened at Stripe, not remembered": "eventsapp.payments.gateway:open_page:after",
    "page remembered, no answer sent": "eventsapp.checkout.service:open_page:after",
}


@pytest.mark.parametrize("step", ORDERING)
def test_an_order_cut_short_is_sent_again_and_is_one(house: House, step: str) -> None:
    purchase = Purchase(house, f"commande{list(ORDERING).index(step)}")
    assert house.dying.do(do="post", path=purchase.path, form=purchase.form, at=ORDERING[step]) == KILLED

    purchase.order()
    purchase.pay()
    purchase.hear()
    purchase.sweep()

    purchase.require_whole()


HEARING = {
    "read, nothing written": "eventsapp.payments.service:keep_event:before",
    "written, not committed": "eventsapp.payments.service:keep_event:after",
    "committed, no answer sent": "eventsapp.core.queue:ask:before",
}


@pytest.mark.parametrize("repeated", [True, False], ids=["told again", "told no more"])
@pytest.mark.parametrize("step", HEARING)
def test_a_message_cut_short_counts_once(house: House, step: str, *, repeated: bool) -> None:
    purchase = Purchase(house, f"message{list(HEARING).index(step)}{repeated:d}")
    purchase.pay()
    assert house.dying.do(do="post", at=HEARING[step], **purchase.letter()) == KILLED

    if repeated:
        purchase.hear()
    purchase.sweep()

    purchase.require_whole()


DEALING = {
    "claimed, Stripe not asked": "eventsapp.payments.gateway:look_up:before",
    "answer read, nothing written": "eventsapp.checkout.service._events:take_event:before",
    "written, not committed": "eventsapp.checkout.service._events:take_event:after",
    "committed": "eventsapp.checkout.service._events:_try:after",
}


@pytest.mark.parametrize("step", DEALING)
def test_a_message_whose_sweep_is_cut_short_is_dealt_with_by_the_next(house: House, step: str) -> None:
    purchase = Purchase(house, f"balayage{list(DEALING).index(step)}")
    purchase.pay()
    purchase.hear()
    assert house.dying.do(do="sweep", name="payments.events", at=DEALING[step]) == KILLED

    with house.app.app_context():
        # Nobody else asks Stripe: what settles the order is its message, once the claim has lapsed.
        checkout.take_events(now=clock.now() + LATER)
        kept = db.session.scalars(sa.select(GatewayEvent).order_by(GatewayEvent.id.desc())).first()
        assert kept is not None
        assert (kept.state, kept.outcome) == (EventState.DONE, EventOutcome.SETTLED)
        db.session.remove()
    purchase.sweep()

    purchase.require_whole()


def test_a_message_that_kills_its_process_is_set_aside_and_stops_no_other(house: House) -> None:
    poison, other = Purchase(house, "poison"), Purchase(house, "voisine")
    for purchase in (poison, other):
        purchase.pay()
        purchase.hear()
    for minutes in range(0, 25, 5):
        at = "eventsapp.payments.gateway:look_up:before"
        assert house.dying.do(do="sweep", name="payments.events", minutes=minutes, at=at) == KILLED
        if minutes == 0:
            with house.app.app_context():
                assert checkout.take_events(now=clock.now()) == 1
                db.session.remove()

    with house.app.app_context():
        assert checkout.take_events(now=clock.now() + LATER) == 0
        assert db.session.scalars(sa.select(GatewayEvent.attempts).filter_by(state=EventState.SET_ASIDE)).all() == [5]
        db.session.remove()
    # Its money is found all the same.
    poison.sweep()
    for purchase in (poison, other):
        purchase.require_whole()


SWEEPING = {
    "reconcile: answer read": ("payments.reconcile", 0, "eventsapp.payments.gateway:look_up:after"),
    "reconcile: written, not committed": ("payments.reconcile", 0, "eventsapp.checkout.service._ask:take_answer:after"),
    "expire: page closed at Stripe": ("orders.expire", 31, "eventsapp.payments.gateway:close_page:after"),
    "expire: settled": ("orders.expire", 31, "eventsapp.checkout.service._expire:_expire:after"),
}


@pytest.mark.parametrize("step", SWEEPING)
def test_a_payment_that_no_message_told_is_found_after_a_cut(house: House, step: str) -> None:
    purchase = Purchase(house, f"silence{list(SWEEPING).index(step)}")
    purchase.pay()
    name, minutes, point = SWEEPING[step]
    assert house.dying.do(do="sweep", name=name, minutes=minutes, at=point) == KILLED

    purchase.sweep()

    purchase.require_whole()


def test_a_hold_cut_short_gives_its_seat_back_once(house: House) -> None:
    purchase = Purchase(house, "expiree")
    purchase.order()
    point = "eventsapp.checkout.service._expire:_expire:after"
    assert house.dying.do(do="sweep", name="orders.expire", minutes=31, at=point) == KILLED

    with house.app.app_context():
        for minutes in (31, 32):
            checkout.expire_due(now=clock.now() + timedelta(minutes=minutes))
        assert broken() == []
        assert db.session.scalars(sa.select(Order.status).filter_by(email=purchase.email)).all() == [
            OrderStatus.EXPIRED
        ]
        assert db.session.scalar(sa.select(StudyDay.seats_taken).filter_by(slug=purchase.slug)) == 0
        db.session.remove()
    assert [session["status"] for session in purchase.sessions()] == ["expired"]


FINISHING = {
    "files made": ("invoices.finish", "eventsapp.invoices.service._finish:_make:after", 1),
    "paper stored, not committed": ("invoices.finish", "eventsapp.files.service:store_paper:after", 1),
    "committed": ("invoices.finish", "eventsapp.core.unit_of_work:_commit:after", 1),
    "mail claimed": ("mail.send", "eventsapp.mail.service:_claim:after", 1),
    "mail sent, not marked": ("mail.send", "eventsapp.mail.service:_hand_over:after", 2),
    "mail marked": ("mail.send", "eventsapp.mail.service:_mark_sent:after", 1),
}


@pytest.mark.parametrize("step", FINISHING)
def test_papers_and_mails_cut_short_leave_once(house: House, step: str) -> None:
    purchase = Purchase(house, f"papiers{list(FINISHING).index(step)}")
    purchase.pay()
    purchase.hear()
    with house.app.app_context():
        assert checkout.take_events(now=clock.now()) == 1
        db.session.remove()
    name, point, most_of_a_mail = FINISHING[step]
    assert house.dying.do(do="sweep", name=name, at=point) == KILLED

    purchase.sweep()

    purchase.require_whole(most_of_a_mail=most_of_a_mail)
