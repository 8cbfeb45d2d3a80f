"""Reminders in the office: the list by age, one order's, pauses, steps, rates."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.audit.models import AuditEntry
from eventsapp.core.db import db
from eventsapp.dunning import queries
from eventsapp.dunning.models import ReminderPause, ReminderStep
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import PaymentStatus
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import place, seats
from tests.support.makers.payments import make_method
from tests.support.makers.study_days import make_study_day
from tests.support.queries import counting_queries

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
#: What the form of an order without any reminder carries.
FIRST = {"step": "1"}


@pytest.fixture
def accountant(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    return client


def late(days: int, method: str = "cheque", *, grace_days: int = 0) -> Order:
    """An order whose last day to pay was so many days ago, whatever grace its method gives."""
    order = place(seats(make_study_day()), payment_method=method, now=NOW)
    order.due_on = NOW.date() - timedelta(days=days)
    order.tolerated_until = order.due_on + timedelta(days=grace_days)
    db.session.execute(
        sa.text("UPDATE invoices SET due_on = :due, issued_on = :issued WHERE order_id = :key"),
        {
            "due": order.due_on.isoformat() if db.engine.dialect.name == "sqlite" else order.due_on,
            "issued": (order.due_on - timedelta(days=30)).isoformat()
            if db.engine.dialect.name == "sqlite"
            else order.due_on - timedelta(days=30),
            "key": order.id,
        },
    )
    db.session.commit()
    return order


def of(order: Order) -> str:
    return f"/organisation/commandes/{order.reference}/relances/"


@pytest.mark.usefixtures("frozen")
class TestOffice:
    def test_the_list_is_by_age_and_what_is_paused_apart(self, accountant: FlaskClient) -> None:
        young, middle, old, paused = (late(days) for days in (30, 31, 61, 5))
        late(-3)
        accountant.post(f"{of(paused)}suspendre/", data={"until": "2026-12-31", "reason": "Promis"})

        def shown(tab: str) -> set[str]:
            text = accountant.get(f"/organisation/relances/?etat={tab}").text
            return {order.reference for order in (young, middle, old, paused) if of(order) in text}

        assert [shown(tab) for tab in ("0-30", "31-60", "plus", "suspendues")] == [
            {young.reference}, {middle.reference}, {old.reference}, {paused.reference},
        ]  # fmt: skip
        assert len(shown("toutes")) == 4

    def test_the_office_sends_one_and_finds_its_letter_on_both_pages(self, accountant: FlaskClient) -> None:
        order = late(20)

        answer = accountant.post(f"{of(order)}envoyer/", data=FIRST)
        again = accountant.get(answer.location).text
        on_order = accountant.get(f"/organisation/commandes/{order.reference}/").text
        letter = accountant.get(f"{of(order)}1.pdf")
        theirs = accountant.get(f"/commandes/{order.reference}/{order.secret}/relances/1.pdf")
        wrong = accountant.get(f"/commandes/{order.reference}/faux/relances/1.pdf")

        assert answer.status_code == 303
        assert "«\u00a0Rappel de règlement\u00a0» est partie." in again
        assert "Relance «\u00a0Rappel de règlement\u00a0»" in on_order
        assert f"{of(order)}1.pdf" in on_order
        assert (letter.content_type, letter.data[:5]) == ("application/pdf", b"%PDF-")
        assert theirs.data == letter.data
        assert wrong.status_code == 404
        assert "/relances/1.pdf" in accountant.get(f"/commandes/{order.reference}/{order.secret}/").text

    def test_a_form_sent_twice_sends_the_letter_it_showed_and_no_other(self, accountant: FlaskClient) -> None:
        order = late(200)
        assert 'name="step" value="1"' in accountant.get(of(order)).text

        first, replay, stale = (
            accountant.post(f"{of(order)}envoyer/", data=data, follow_redirects=True).text
            for data in (FIRST, FIRST, {"step": "3"})
        )

        assert "«\u00a0Rappel de règlement\u00a0» est partie." in first
        assert "«\u00a0Rappel de règlement\u00a0» est déjà partie\u00a0: rien n’est envoyé." in replay
        assert "n’est pas celle que cette page montrait" in stale
        assert [row.step for row in queries.reminders_of(order.id)] == [1]
        assert 'name="step" value="2"' in stale

    def test_what_is_not_late_is_not_sent(self, accountant: FlaskClient) -> None:
        order = late(0)

        page = accountant.get(of(order)).text
        answer = accountant.post(f"{of(order)}envoyer/", data=FIRST, follow_redirects=True)

        assert "Envoyer maintenant" not in page
        assert "Rien n’est échu pour cette commande." in answer.text
        assert queries.reminders_of(order.id) == []

    def test_what_is_in_its_days_of_grace_is_no_list_s_yet_and_a_person_may_write_all_the_same(
        self, accountant: FlaskClient
    ) -> None:
        order = late(5, grace_days=5)

        page = accountant.get(of(order)).text

        assert of(order) not in accountant.get("/organisation/relances/").text
        assert order.reference not in accountant.get("/organisation/commandes/?etat=retard").text
        assert "un délai de grâce court jusqu’au 23\u00a0novembre 2026" in page
        assert accountant.post(f"{of(order)}envoyer/", data=FIRST).status_code == 303
        assert len(queries.reminders_of(order.id)) == 1

    def test_a_pause_of_a_customer_holds_for_all_their_orders_and_is_lifted(self, accountant: FlaskClient) -> None:
        order, other = late(20), late(40)
        data = {"until": "2026-12-31", "reason": "Litige sur la facture", "whole_customer": "y"}

        assert accountant.post(f"{of(order)}suspendre/", data=data).status_code == 303
        page = accountant.get(of(other)).text
        refused = accountant.post(f"{of(other)}envoyer/", data=FIRST, follow_redirects=True).text
        key = db.session.scalars(sa.select(ReminderPause.id)).one()
        accountant.post(f"{of(other)}suspensions/{key}/lever/")

        assert "Litige sur la facture" in page
        assert "Les relances sont suspendues" in refused
        assert "Litige sur la facture" not in accountant.get(of(order)).text

    def test_of_whoever_left_no_address_only_the_order_is_paused(self, accountant: FlaskClient) -> None:
        order, known = late(20), late(20)
        order.siret = order.email = ""
        db.session.commit()
        data = {"until": "2026-12-31", "reason": "Litige", "whole_customer": "y"}

        assert 'name="whole_customer"' in accountant.get(of(known)).text
        assert 'name="whole_customer"' not in accountant.get(of(order)).text
        assert accountant.post(f"{of(order)}suspendre/", data=data).status_code == 303
        assert db.session.scalars(sa.select(ReminderPause.order_id)).one() == order.id

    @pytest.mark.parametrize(
        "data", [{"until": "", "reason": "x"}, {"until": "2026-11-22", "reason": "x"}, {"until": "2099-01-01",
                 "reason": "x"}, {"until": "2026-12-31", "reason": ""}],
    )  # fmt: skip
    def test_a_pause_without_end_or_reason_is_refused(self, accountant: FlaskClient, data: dict[str, str]) -> None:
        answer = accountant.post(f"{of(late(20))}suspendre/", data=data)

        assert answer.status_code == 422
        assert 'class="error-text"' in answer.text

    def test_the_interest_of_a_public_body_is_shown_once_its_rate_is_typed(self, accountant: FlaskClient) -> None:
        order = late(30, "mandat")
        before = accountant.get(of(order)).text
        bad = accountant.post(
            "/organisation/relances/taux/", data={"since": "2026-07-02", "ecb": "x", "margin": "", "fee": ""}
        )
        typed = {"since": "2026-07-01", "ecb": "2,15", "margin": "8", "fee": "40"}

        assert accountant.post("/organisation/relances/taux/", data=typed).status_code == 303

        claim = queries.claim_of(order.id)
        assert claim is not None
        cents = round(claim.owed_cents * 30 * 1015 / 3_650_000)
        amount = f"{cents // 100},{cents % 100:02}\u00a0€"
        assert "n’est pas saisi" in before
        assert (bad.status_code, bad.text.count('class="error-text"')) == (422, 4)
        for address in (of(order), f"/organisation/commandes/{order.reference}/"):
            page = accountant.get(address).text
            assert amount in page
            assert "rien n’est facturé de soi-même" in page
        total = cents + 4000
        assert f"{total // 100},{total % 100:02}\u00a0€" in accountant.get("/organisation/relances/").text

    def test_a_step_is_edited(self, accountant: FlaskClient) -> None:
        step = db.session.scalars(
            sa.select(ReminderStep).where(ReminderStep.method == "cheque", ReminderStep.step == 1)
        ).one()
        address = f"/organisation/relances/etapes/{step.id}/"
        form = {
            "title": "Petit rappel", "title_en": "Reminder", "counted_from": "invoice", "days": "0", "level": "firm",
            "text": "Bonjour.", "text_en": "Hello.",
        }  # fmt: skip

        shown = accountant.get(address)
        bad = accountant.post(address, data=form | {"days": "-1", "level": "rude", "text": ""})
        done = accountant.post(address, data=form)

        assert (shown.status_code, bad.status_code, done.status_code) == (200, 422, 303)
        assert "Petit rappel" in accountant.get("/organisation/relances/etapes/").text
        db.session.refresh(step)
        assert (step.days, step.level) == (0, "firm")

    def test_the_list_asks_the_same_number_of_queries_for_three_and_thirty_rows(self, accountant: FlaskClient) -> None:
        counts = []
        for count in (3, 27):
            for number in range(count):
                late(number + 1, "mandat" if number % 2 else "cheque")
            with counting_queries() as counted:
                assert accountant.get("/organisation/relances/").status_code == 200
            counts.append(counted())

        assert counts[0] == counts[1]
        assert counts[0] <= 7


@pytest.mark.usefixtures("frozen")
def test_the_page_of_a_paid_order_says_that_nothing_is_to_be_asked(accountant: FlaskClient) -> None:
    with time_machine.travel(NOW, tick=False):
        order = late(20)
        order.paid_cents, order.payment_status = order.total_cents, PaymentStatus.PAID
        db.session.commit()

        text = accountant.get(of(order)).text

    assert "Rien n’est à relancer" in text
    assert "Envoyer maintenant" not in text


@pytest.mark.usefixtures("frozen")
def test_a_method_without_reminders_is_listed_and_copies_those_of_another(accountant: FlaskClient) -> None:
    method = make_method()
    page = accountant.get("/organisation/relances/etapes/").text
    assert page.count("Aucune relance\u00a0: un impayé n’est rappelé à personne.") == 1
    assert 'id="method-card"' not in page

    address = f"/organisation/relances/etapes/{method.code}/reprendre/"
    wrong = accountant.post(address, data={"like": "card"}, follow_redirects=True).text
    assert "Choisissez un mode qui a des relances" in wrong
    assert accountant.post(address, data={"like": "cheque"}).status_code == 303

    copied, own = queries.steps_of("cheque"), queries.steps_of(method.code)
    assert [(row.days, row.text) for row in own] == [(row.days, row.text) for row in copied]
    assert (
        "«\u00a0Virement à 45 jours\u00a0» a maintenant ses relances"
        in accountant.get("/organisation/relances/etapes/").text
    )
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "reminders.copy")).one()
    assert entry.changes == {"steps": 3, "like": "cheque"}
    assert accountant.post(address, data={"like": "mandat"}).status_code == 303
    assert len(queries.steps_of(method.code)) == 3


def test_of_a_trial_no_reminder_is_announced_and_its_letter_may_be_read(accountant: FlaskClient) -> None:
    order = late(40)
    order.is_test = True
    db.session.commit()

    listed = accountant.get("/organisation/relances/").text
    page = accountant.get(f"/organisation/commandes/{order.reference}/relances/").text
    letter = accountant.get(f"/organisation/commandes/{order.reference}/relances/apercu.pdf")

    assert order.reference in listed
    assert "Aucune\u00a0: commande d’essai" in listed.replace("\u202f", "\u00a0")
    assert "Rappel de règlement" not in listed
    assert "Aperçu de la prochaine lettre" in page
    assert (letter.status_code, letter.content_type, letter.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert queries.reminders_of(order.id) == []
