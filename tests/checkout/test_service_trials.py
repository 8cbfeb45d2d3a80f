"""With Stripe's test key in production every order is a trial: numbered apart, in no figure, on no real bank's line."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.books import queries as books
from eventsapp.checkout import service as checkout
from eventsapp.core import listing, unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.dashboard import queries as dashboard
from eventsapp.invoices.models import Invoice, NumberSeries
from eventsapp.invoices.statuses import DocumentKind
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments.models import BankLine, JournalEntry
from eventsapp.payments.values import Part
from eventsapp.receipts import queries as receipts
from eventsapp.receipts import service as receipts_service
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import ContractStatus
from tests.checkout.looking import pay, taken
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import a_request, an_attendee, place, seats, subscription
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("transaction")
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def accountant(transaction: None) -> User:
    return make_user(RoleName.ACCOUNTANT)


@pytest.fixture(autouse=True)
def shop_in_test(app: Flask, transaction: None) -> Iterator[None]:
    """The shop at its public address, with Stripe's test key."""
    yield from set_up(app, "sk_test_123")


def set_up(app: Flask, key: str) -> Iterator[None]:
    before = app.extensions["eventsapp.settings"]
    app.extensions["eventsapp.settings"] = replace(before, public_url="https://lettre.example", stripe_secret_key=key)
    yield
    app.extensions["eventsapp.settings"] = before


def open_shop(app: Flask) -> None:
    """Take real money from now on."""
    app.extensions["eventsapp.settings"] = replace(
        app.extensions["eventsapp.settings"], stripe_secret_key="sk_live_123"
    )


def count_in(state: str) -> int:
    return db.session.scalars(sa.select(listing.counted(orders.order_list(today=NOW.date(), methods={}), state))).one()


def test_whatever_is_ordered_is_a_trial_numbered_apart(app: Flask) -> None:
    trial = place(seats(make_study_day()), payment_method="cheque")
    pay(trial, 62100)
    open_shop(app)

    real = place(seats(make_study_day()), payment_method="cheque")
    pay(real, 62100)

    assert (trial.is_test, real.is_test) == (True, False)
    assert trial.reference.startswith("ESSAI-2026-")
    assert real.reference.startswith("2026-")
    numbers = {row.order_id: row.number for row in db.session.scalars(sa.select(Invoice))}
    assert numbers == {trial.id: "ESSAI-F-2026-00001", real.id: "F-2026-00001"}
    ranks = {row.order_reference: (row.is_test, row.rank) for row in db.session.scalars(sa.select(JournalEntry))}
    assert ranks == {trial.reference: (True, 1), real.reference: (False, 1)}
    series = db.session.scalars(sa.select(NumberSeries.last).where(NumberSeries.kind == DocumentKind.INVOICE)).all()
    assert series == [1, 1]


def test_a_trial_is_in_no_figure_even_while_there_is_nothing_else() -> None:
    """Unlike the demonstration, which holds nothing but trials, and shows what figures look like."""
    late = place(seats(make_study_day()), payment_method="cheque")
    paid = place(seats(make_study_day()), subscription(make_plan()), payment_method="transfer")
    pay(paid, 75000)
    today = date(2027, 6, 1)

    assert not orders.trials_count()
    assert [books.vat_by_rate(*YEAR), books.vat_due_by_rate(*YEAR), books.revenue_by_product(*YEAR)] == [[], [], []]
    assert list(books.entries(*YEAR)) == []
    assert dashboard.money_awaited(now=NOW, today=today) == []
    assert [count_in(state) for state in ("dues", "retard", "payees", "a-rembourser", "a-traiter")] == [0, 0, 0, 0, 0]
    assert count_in("toutes") == 2
    assert {late.is_test, paid.is_test} == {True}


def test_the_office_lists_trials_by_a_filter(app: Flask) -> None:
    trial = place(seats(make_study_day()), payment_method="cheque")
    open_shop(app)
    place(seats(make_study_day()), payment_method="cheque")
    wanted = orders.order_list(today=NOW.date(), methods={})

    asked = listing.read(wanted, {"essai": "oui"})

    assert [row.reference for row in listing.fetch(wanted, asked).page.items] == [trial.reference]


def test_a_trial_is_never_proposed_for_a_line_of_the_bank_nor_put_on_a_slip(accountant: User) -> None:
    trial = place(seats(make_study_day()), payment_method="cheque")
    pay(trial, 100, reference="1")

    assert receipts.candidates() == []
    assert receipts.cheques_to_deposit() == []
    assert receipts.matching_orders("620,00") == receipts.matching_orders("Exemple") == []
    # Whoever names it finds it: an office tries things out too.
    assert [row.id for row in receipts.matching_orders(trial.reference)] == [trial.id]


def test_a_line_of_the_bank_is_refused_to_a_trial_that_somebody_names(accountant: User) -> None:
    trial = place(seats(make_study_day()), payment_method="transfer")
    with unit_of_work.transaction():
        receipts_service.import_statement(
            f"Date;Libellé;Montant\n20/11/2026;VIR {trial.reference};621,00\n".encode(), actor=accountant, now=NOW
        )
    line = db.session.scalars(sa.select(BankLine.id)).one()

    with pytest.raises(Invalid, match="commande d’essai"), unit_of_work.transaction():
        receipts_service.match_line(line, [Part(order_id=trial.id, amount_cents=62100)], actor=accountant, now=NOW)

    assert db.session.scalars(sa.select(JournalEntry)).all() == []


def test_a_quote_of_the_test_stays_a_trial_when_it_is_ordered_later(app: Flask) -> None:
    request = a_request(seats(make_study_day()))
    with unit_of_work.transaction():
        quote_id = checkout.make_quote(request, now=NOW).id
    open_shop(app)

    with unit_of_work.transaction():
        order, _is_new = checkout.order_quote(quote_id, locale="fr", now=NOW)

    assert order.is_test


def test_mails_say_that_it_is_a_trial(app: Flask) -> None:
    place(seats(make_study_day()))
    assert {subject.split()[0] for subject in db.session.scalars(sa.select(OutgoingMail.subject))} == {"[Essai]"}
    open_shop(app)

    place(seats(make_study_day(), an_attendee(2)))

    last = db.session.scalars(sa.select(OutgoingMail.subject).order_by(OutgoingMail.id.desc())).first()
    assert last is not None
    assert not last.startswith("[Essai]")


def test_trials_are_cleared_away_before_the_shop_opens(app: Flask) -> None:
    day = make_study_day()
    trial = place(seats(day), subscription(make_plan()))
    open_shop(app)
    real = place(seats(day, an_attendee(2)))
    mails = db.session.scalars(sa.select(OutgoingMail.id)).all()
    runner = app.test_cli_runner()

    answers = [runner.invoke(args=["orders", "cancel-trials"]).output for _ in range(2)]

    db.session.expire_all()
    assert answers == ["1 cancelled\n", "0 cancelled\n"]
    assert (trial.status, real.status, taken(day)) == (OrderStatus.CANCELLED, OrderStatus.CONFIRMED, 1)
    assert db.session.scalars(sa.select(Contract.status)).all() == [ContractStatus.CANCELLED]
    assert db.session.scalars(sa.select(OutgoingMail.id)).all() == mails
    notes = db.session.scalars(sa.select(Invoice.number).where(Invoice.kind == DocumentKind.CREDIT_NOTE)).all()
    assert notes == ["ESSAI-A-2026-00001"]


def test_the_demonstration_is_not_cleared_away(app: Flask) -> None:
    app.extensions["eventsapp.settings"] = replace(app.extensions["eventsapp.settings"], public_url="http://localhost")
    place(seats(make_study_day()), is_test=True)

    answer = app.test_cli_runner().invoke(args=["orders", "cancel-trials"])

    assert answer.exit_code == 1
    assert db.session.scalars(sa.select(Order.status)).all() == [OrderStatus.CONFIRMED]


@pytest.mark.parametrize("is_fictional", [True, False])
def test_what_a_visitor_orders_at_a_demonstration_hides_nothing_of_it(app: Flask, *, is_fictional: bool) -> None:
    app.extensions["eventsapp.settings"] = replace(
        app.extensions["eventsapp.settings"], public_url="http://127.0.0.1:8000"
    )
    day = make_study_day(is_fictional=is_fictional)
    place(seats(day, an_attendee(1)), is_test=True)

    order = place(seats(day, an_attendee(2)))

    assert order.is_test is is_fictional
    assert order.reference.startswith("ESSAI") is is_fictional
    assert orders.trials_count() is is_fictional
