"""Orders, registrations, payments, subscribers and plans in the office."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.audit.models import AuditEntry
from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.payments.models import Payment
from eventsapp.registrations import queries as registrations
from eventsapp.subscriptions.models import Plan
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import an_attendee, place, seats, subscription, unnamed
from tests.support.makers.payments import a_held_method, make_method
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan
from tests.support.queries import counting_queries

TODAY = datetime.now(UTC).date()


@pytest.fixture
def accountant(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    return client


@pytest.fixture
def administrator(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(RoleName.ADMINISTRATOR))
    return client


def of(order: Order) -> str:
    return f"/organisation/commandes/{order.reference}/"


def a_payment(**changes: str) -> dict[str, str]:
    return {"method": "cheque", "amount": "621,00", "received_on": TODAY.isoformat(), "reference": "0001234"} | changes


def test_a_cheque_is_recorded_and_the_order_is_paid(accountant: FlaskClient) -> None:
    order = place(seats(make_study_day()), payment_method="cheque")

    answer = accountant.post(f"{of(order)}reglement/", data=a_payment(bank="Banque de l’Essai"))

    assert (answer.status_code, answer.location) == (303, of(order))
    assert order.payment_status is PaymentStatus.PAID
    payment = db.session.scalars(sa.select(Payment)).one()
    assert (payment.amount_cents, payment.reference, payment.bank) == (62100, "0001234", "Banque de l’Essai")
    page = accountant.get(answer.location).text
    assert "Règlement de 621,00\u00a0€ enregistré." in page
    assert "0001234" in page


@pytest.mark.parametrize(("typed", "cents"), [("100", 10000), ("1 290,5", 129050), ("1\u202f290.05 €", 129005)])
def test_amounts_are_read_as_people_type_them(accountant: FlaskClient, typed: str, cents: int) -> None:
    order = place(seats(make_study_day()), payment_method="transfer")

    accountant.post(f"{of(order)}reglement/", data=a_payment(method="transfer", amount=typed, surely_too_much="y"))

    assert order.paid_cents == cents


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": ""}, {"amount": "0"}, {"amount": "-5"}, {"amount": "1e3"}, {"amount": "１２"}, {"amount": "abc"},
        {"amount": "999999999"}, {"received_on": ""}, {"received_on": "hier"}, {"method": ""}, {"method": "card"},
        {"received_on": (TODAY + timedelta(days=2)).isoformat()}, {"reference": "x" * 101},
    ],
)  # fmt: skip
def test_a_payment_that_makes_no_sense_is_refused_beside_the_field(
    accountant: FlaskClient, changes: dict[str, str]
) -> None:
    order = place(seats(make_study_day()), payment_method="cheque")

    answer = accountant.post(f"{of(order)}reglement/", data=a_payment(**changes))

    assert answer.status_code == 422
    assert "-error" in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Payment)) == 0


def test_cancelling_says_what_follows_and_is_written_down(administrator: FlaskClient) -> None:
    day = make_study_day()
    order = place(seats(day, an_attendee(1), an_attendee(2)))
    page = administrator.get(f"{of(order)}annuler/").text
    assert "2 places sont rendues à la vente." in page

    assert administrator.post(f"{of(order)}annuler/", data={"reason": ""}).status_code == 422
    assert administrator.post(f"{of(order)}annuler/", data={"reason": "Empêchement"}).status_code == 303

    assert (order.status, day.seats_taken) == (OrderStatus.CANCELLED, 0)
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "orders.cancel")).one()
    assert entry.changes == {"reason": "Empêchement"}
    again = administrator.post(f"{of(order)}annuler/", data={"reason": "Encore"})
    assert (again.status_code, again.location) == (303, of(order))
    assert "Cette commande est déjà annulée." in administrator.get(again.location).text


def test_a_refund_is_recorded_up_to_what_was_paid(accountant: FlaskClient) -> None:
    order = place(seats(make_study_day()), payment_method="cheque")
    accountant.post(f"{of(order)}reglement/", data=a_payment())
    refund = {"method": "cheque", "amount": "621,01", "refunded_on": TODAY.isoformat(), "reason": "Geste",
              "surely_due": "y"}  # fmt: skip

    assert accountant.post(f"{of(order)}remboursement/", data=refund).status_code == 422
    assert accountant.post(f"{of(order)}remboursement/", data=refund | {"amount": "21,00"}).status_code == 303

    assert order.payment_status is PaymentStatus.PART_REFUNDED


@pytest.mark.parametrize(
    ("state", "expected"),
    [("toutes", 3), ("dues", 2), ("attente", 1), ("payees", 0), ("a-rembourser", 0), ("nimporte", 3)],
)
def test_the_list_of_orders_has_tabs(administrator: FlaskClient, state: str, expected: int) -> None:
    for method in ("mandat", "cheque", "card"):
        place(seats(make_study_day()), payment_method=method)

    text = administrator.get(f"/organisation/commandes/?etat={state}").text

    assert text.count('href="/organisation/commandes/2026-') == expected


@pytest.mark.parametrize("words", ["roux3", "ROUX3", "@ailleurs.fr"])
def test_registrations_are_found_by_name_and_by_domain(administrator: FlaskClient, words: str) -> None:
    place(seats(make_study_day(), an_attendee(1), an_attendee(2), an_attendee(3, email="c@ailleurs.fr")))

    text = administrator.get("/organisation/inscriptions/", query_string={"q": words}).text

    assert "Claude Roux3" in text
    assert "Claude Roux1" not in text


def test_the_export_is_what_the_list_shows_and_formulas_are_harmless(administrator: FlaskClient) -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1, last_name="=1+1"), an_attendee(2, access_needs="Boucle")))

    answer = administrator.get(f"/organisation/journees/{day.slug}/inscriptions/?format=csv&q=boucle")
    everything = administrator.get(f"/organisation/journees/{day.slug}/inscriptions/?format=csv")

    assert answer.status_code == 200
    rows = list(csv.DictReader(io.StringIO(everything.get_data().decode("utf-8-sig")), delimiter=";"))
    assert {row["Participant"] for row in rows} == {"Claude =1+1", "Claude Roux2"}
    assert [row["Besoin d’accessibilité"] for row in rows if row["Participant"] == "Claude Roux2"] == ["Boucle"]


def test_an_xlsx_export_opens(administrator: FlaskClient) -> None:
    place(seats(make_study_day()))

    answer = administrator.get("/organisation/inscriptions/?format=xlsx")

    assert answer.data[:2] == b"PK"
    assert "inscriptions-" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "path",
    ["/organisation/commandes/", "/organisation/inscriptions/", "/organisation/abonnes/", "/organisation/reglements/"],
)
def test_lists_ask_the_same_number_of_queries_for_three_and_thirty_rows(administrator: FlaskClient, path: str) -> None:
    def add(count: int) -> None:
        for number in range(count):
            order = place(
                seats(make_study_day(), an_attendee(number)), subscription(make_plan()), payment_method="cheque"
            )
            administrator.post(f"{of(order)}reglement/", data=a_payment(amount="750,00"))

    counts = []
    for count in (3, 27):
        add(count)
        with counting_queries() as counted:
            assert administrator.get(path).status_code == 200
        counts.append(counted())

    assert counts[0] == counts[1]
    assert counts[0] <= 7


def test_the_door_sees_the_people_of_a_day_only_when_it_is_held(client: FlaskClient) -> None:
    now = datetime.now(UTC)
    today = make_study_day(starts_at=now, registration_closes_at=now + timedelta(hours=1))
    later = make_study_day()
    place(seats(later, an_attendee(9)))
    sign_in(client, make_user(RoleName.DOOR))

    assert client.get(f"/organisation/journees/{today.slug}/inscriptions/").status_code == 200
    assert client.get(f"/organisation/journees/{later.slug}/inscriptions/").status_code == 403


def test_a_plan_is_written_and_changed(administrator: FlaskClient) -> None:
    form: dict[str, Any] = {
        "name": "organisme, cinq lecteurs", "audience": "institution", "edition": "both", "months": "12",
        "readers": "5", "copies": "5", "price": "490", "vat_category": "press", "position": "3", "published": "y",
    }  # fmt: skip
    assert administrator.post("/organisation/formules/nouvelle/", data=form).status_code == 303
    plan = db.session.scalars(sa.select(Plan)).one()
    assert (plan.slug, plan.price_cents, plan.readers, plan.copies) == ("organisme-cinq-lecteurs", 49000, 5, 5)

    changed = {name: value for name, value in form.items() if name != "published"} | {"price": "510,50"}
    assert administrator.post(f"/organisation/formules/{plan.slug}/", data=changed).status_code == 303

    assert (plan.price_cents, plan.published) == (51050, False)
    assert administrator.get("/abonnements/organisme-cinq-lecteurs/").status_code == 404
    bad = administrator.post("/organisation/formules/nouvelle/", data=form | {"months": "0", "price": "x"})
    assert (bad.status_code, bad.text.count('class="error-text"')) == (422, 2)


def test_the_timeline_of_an_order_is_paged_and_leaves_nothing_out(
    administrator: FlaskClient,
) -> None:
    order = place(seats(make_study_day()))
    happenings = 203
    db.session.add_all(
        AuditEntry(
            at=NOW + timedelta(minutes=number), actor_label="Ana", action="mandats.codes", subject_kind="order",
            subject_id=order.id, subject_label=order.reference, changes={"reason": f"événement {number}."},
        )
        for number in range(happenings)
    )  # fmt: skip
    db.session.commit()
    address = f"/organisation/commandes/{order.reference}/"
    first = administrator.get(address).text

    pages = [administrator.get(f"{address}?journal={number}").text for number in range(1, 7)]

    assert all(sum(f"événement {number}." in page for page in pages) == 1 for number in range(happenings))
    assert "événement 202." in first
    assert f'href="{address}?journal=6#journal"' in first
    assert "Commande passée" in pages[-1]
    assert "Commande passée" in administrator.get(f"{address}?journal=99").text
    with counting_queries() as queries:
        administrator.get(f"{address}?journal=3")
    assert queries() <= 30


@pytest.mark.parametrize(("role", "given"), [(RoleName.ACCOUNTANT, False), (RoleName.ORGANISER, True)])
def test_no_page_of_the_office_gives_a_secret_to_whoever_may_not_read_what_it_opens(
    client: FlaskClient, role: RoleName, *, given: bool
) -> None:
    order = place(seats(make_study_day(), an_attendee(access_needs="Fauteuil roulant"), unnamed()))
    secrets = {order.secret, *(seat.secret for seat in registrations.of_order(order.id))}
    sign_in(client, make_user(role))

    pages = [client.get(of(order)).text, client.get(f"{of(order)}participants/").text]

    assert [any(secret in page for secret in secrets) for page in pages] == [given, given]


def test_the_office_has_the_pro_forma_invoice_without_the_secret_of_the_buyer(accountant: FlaskClient) -> None:
    order = place(seats(make_study_day()), payment_method=make_method(a_held_method()).code)

    assert f'href="{of(order)}pro-forma.pdf"' in accountant.get(of(order)).text
    paper = accountant.get(f"{of(order)}pro-forma.pdf")

    assert paper.content_type == "application/pdf"
    assert paper.data == accountant.get(f"/commandes/{order.reference}/{order.secret}/pro-forma.pdf").data
    assert accountant.get("/organisation/commandes/2026-AAAA-AAAA/pro-forma.pdf").status_code == 404
