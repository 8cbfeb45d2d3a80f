"""Orders in every state, paid by people who do not exist."""

from collections import Counter

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import joinedload

from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.demo import service
from eventsapp.invoices.models import QuoteRecord
from eventsapp.magazine.models import Article, Comment, CommentReport
from eventsapp.magazine.statuses import ArticleStatus, CommentStatus
from eventsapp.mail import service as mail
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import MailStatus
from eventsapp.mandats.models import MandatDossier
from eventsapp.mandats.statuses import MandatStatus
from eventsapp.orders.models import Order, OrderLine
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.organisations.models import Organisation
from eventsapp.organisations.rules import siret_problem
from eventsapp.payments.models import Payment
from eventsapp.promotions.models import PromoCode
from eventsapp.registrations import queries as registration_queries
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import Audience, ContractKind, ContractStatus


def test_every_state_of_seats_and_money_occurs(demo: Flask) -> None:
    orders = db.session.scalars(sa.select(Order)).all()

    assert {order.status for order in orders} == set(OrderStatus)
    assert {order.payment_status for order in orders} == set(PaymentStatus)
    assert {order.payment_method for order in orders} == {"card", "mandat", "cheque", "transfer"}
    assert [order.idempotency_key for order in orders if order.paid_without_seat] == ["demo-reims-payee-sans-place"]


def test_every_story_ends_as_its_key_says(demo: Flask) -> None:
    told = {
        "nantes-mandat-du": ("confirmed", "due"),
        "nantes-mandat-en-retard": ("confirmed", "due"),
        "nantes-cheque-partiel": ("confirmed", "part_paid"),
        "rennes-cheque-trop-percu": ("confirmed", "overpaid"),
        "dijon-carte-en-attente": ("pending", "due"),
        "rennes-carte-expiree": ("expired", "due"),
        "pau-carte-payee-apres-coup": ("confirmed", "paid"),
        "reims-payee-sans-place": ("expired", "paid"),
        "nantes-remboursement-partiel": ("confirmed", "part_refunded"),
        "caen-remboursement-du": ("cancelled", "overpaid"),
        "caen-rembourse": ("cancelled", "refunded"),
        "caen-mandat-annule": ("cancelled", "none"),
        "limoges-elus": ("confirmed", "none"),
    }

    found = {
        str(order.idempotency_key).removeprefix("demo-"): (order.status.value, order.payment_status.value)
        for order in db.session.scalars(sa.select(Order))
    }

    assert {key: found[key] for key in told} == told


def test_a_mandat_is_late_beyond_its_grace(demo: Flask) -> None:
    late = db.session.scalars(sa.select(Order).where(Order.idempotency_key == "demo-nantes-mandat-en-retard")).one()

    assert late.due_on is not None
    assert (clock.local_date(clock.now()) - late.due_on).days > 15


def test_one_basket_held_a_seat_at_the_subscriber_rate_and_the_subscription(demo: Flask) -> None:
    order = db.session.scalars(
        sa.select(Order)
        .where(Order.idempotency_key == "demo-nantes-place-et-abonnement")
        .options(joinedload(Order.lines).joinedload(OrderLine.vat_parts))
    ).unique().one()  # fmt: skip

    assert [(line.total_cents, line.vat_rates) for line in order.lines] == [(54000, [2000]), (12900, [210])]


def test_registrations_are_in_every_state_and_some_ask_for_something(demo: Flask) -> None:
    registrations = db.session.scalars(sa.select(Registration)).all()
    states = Counter(registration.status for registration in registrations)

    assert set(states) == set(RegistrationStatus)
    assert 120 <= len(registrations) <= 250
    assert 5 <= sum(bool(registration.access_needs) for registration in registrations) <= 20


def test_subscriptions_are_in_every_state(demo: Flask) -> None:
    contracts = db.session.scalars(sa.select(Contract)).all()
    today = clock.local_date(clock.now())
    ending = [row for row in contracts if row.status is ContractStatus.ACTIVE and row.ends_on]

    assert {contract.status for contract in contracts} == set(ContractStatus)
    assert {contract.kind for contract in contracts} == set(ContractKind)
    assert any((row.ends_on - today).days < 30 for row in ending if row.ends_on)
    assert all(row.ends_on >= today for row in ending if row.ends_on)


def test_the_siret_of_the_hints_opens_the_subscriber_rate_for_five(demo: Flask) -> None:
    _name, siret = service.subscribed_siret()

    today = clock.local_date(clock.now())
    assert subscriptions.covered_seats(email="inconnu@courrier.example", siret=siret, on=today) == 5


def test_plans_are_for_people_and_for_institutions_in_both_languages(demo: Flask) -> None:
    plans = subscriptions.plans()

    assert [(plan.audience, plan.months, plan.readers, plan.price_cents) for plan in plans] == [
        (Audience.INDIVIDUAL, 12, 1, 12900),
        (Audience.INDIVIDUAL, 12, 1, 16900),
        (Audience.INDIVIDUAL, 24, 1, 29900),
        (Audience.INDIVIDUAL, 12, 1, 24900),
        (Audience.INSTITUTION, 12, 5, 49000),
        (Audience.INSTITUTION, 12, 15, 119000),
    ]
    assert all(plan.name_en and plan.summary_en for plan in plans)


def test_nothing_of_it_counts_as_real(demo: Flask) -> None:
    assert {order.is_test for order in db.session.scalars(sa.select(Order))} == {True}
    assert {row.is_test for row in db.session.scalars(sa.select(Registration))} == {True}
    assert {row.is_test for row in db.session.scalars(sa.select(Contract))} == {True}


def test_bodies_have_valid_sirets_of_a_department_that_does_not_exist(demo: Flask) -> None:
    bodies = db.session.scalars(sa.select(Organisation)).all()

    assert len(bodies) >= 15
    assert {siret_problem(body.siret) for body in bodies} == {None}
    assert {body.siret[2:4] for body in bodies} == {"00"}
    assert {body.postcode[:2] for body in bodies} == {"00"}


def test_no_money_came_in_the_future(demo: Flask) -> None:
    today = clock.local_date(clock.now())

    assert max(payment.received_on for payment in db.session.scalars(sa.select(Payment))) <= today
    assert max(order.placed_at for order in db.session.scalars(sa.select(Order))) <= clock.now()


def test_its_mails_are_kept_and_never_sent_even_with_a_mail_server(demo: Flask) -> None:
    mails = db.session.scalars(sa.select(OutgoingMail)).all()

    assert len(mails) > 200
    assert {row.status for row in mails} == {MailStatus.KEPT}
    assert demo.extensions["eventsapp.settings"].mail_server is not None
    assert mail.send_due(clock=clock.now) == 0


def test_articles_and_comments_are_in_every_state(demo: Flask) -> None:
    articles = db.session.scalars(sa.select(Article)).all()

    assert {article.status for article in articles} == set(ArticleStatus)
    assert {article.access for article in articles if article.status is ArticleStatus.PUBLISHED} == {
        "public",
        "subscribers",
    }
    assert {comment.status for comment in db.session.scalars(sa.select(Comment))} == set(CommentStatus)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CommentReport)) == 1


def test_every_step_of_a_mandat_and_every_state_of_a_quote_occurs(demo: Flask) -> None:
    quotes = db.session.scalars(sa.select(QuoteRecord).options(joinedload(QuoteRecord.order)))

    assert set(db.session.scalars(sa.select(MandatDossier.status))) == set(MandatStatus)
    assert {quote.state(clock.local_date(clock.now())) for quote in quotes} == {"valid", "ordered", "expired"}
    assert len(db.session.scalars(sa.select(PromoCode)).all()) == 2


def test_a_team_has_seats_whose_people_are_not_known_yet_and_one_of_them_is_asked(demo: Flask) -> None:
    order = db.session.scalars(sa.select(Order).where(Order.idempotency_key == "demo-nantes-equipe-a-nommer")).one()
    rows = registration_queries.of_order(order.id)
    seated = registration_queries.people_seated({rows[0].study_day_id}, emails={rows[1].invited_email})

    assert [(row.is_named, bool(row.invited_email)) for row in rows] == [
        (True, False),
        (False, True),
        (False, False),
        (False, False),
    ]
    assert not seated
