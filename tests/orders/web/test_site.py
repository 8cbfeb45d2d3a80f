"""An order for whoever has its link, and finding that link again."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.checkout import service as checkout
from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from tests.checkout.looking import pay
from tests.support.makers.orders import an_attendee, place, seats, subscription
from tests.support.makers.payments import a_held_method, make_method
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan
from tests.support.queries import counting_queries


def address(order: Order) -> str:
    return f"/commandes/{order.reference}/{order.secret}/"


def mails_to(email: str) -> list[OutgoingMail]:
    return list(
        db.session.scalars(
            sa.select(OutgoingMail).where(
                OutgoingMail.to_address == email, OutgoingMail.template == "checkout/order_links"
            )
        )
    )


def test_the_link_opens_the_order_and_nothing_else_does(client: FlaskClient) -> None:
    order = place(seats(make_study_day()))
    other = place(seats(make_study_day()))

    assert client.get(address(order)).status_code == 200
    for wrong in ("", "x", order.secret[:-1], order.secret + "x", other.secret):
        assert client.get(f"/commandes/{order.reference}/{wrong}/").status_code == 404


def test_the_page_belongs_to_one_person(client: FlaskClient) -> None:
    answer = client.get(address(place(seats(make_study_day()))))

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("method", "said"),
    [
        (
            "mandat",
            ["À régler", "SIRET facturé", "217 500 016 00019", "EJ-2026-0417", "mercredi 23\u00a0décembre 2026"],
        ),
        ("cheque", ["Les Éditions de l’Essai", "1, rue de l’Essai, 38000 Grenoble", "au dos"]),
        ("transfer", ["FR76 3000 6000 0112 3456 7890 189", "AGRIFRPP"]),
        ("card", ["Payez par carte", "Payer 621,00\u00a0€"]),
    ],
)
def test_each_method_says_how_to_pay(frozen: None, client: FlaskClient, method: str, said: list[str]) -> None:
    order = place(seats(make_study_day()), payment_method=method)

    text = client.get(address(order)).text

    assert [words for words in said if words not in text] == []
    assert order.reference in text


def test_the_page_names_everybody_and_every_line(client: FlaskClient) -> None:
    plan = make_plan(name="individuel, un an")
    order = place(seats(make_study_day(), an_attendee(1), an_attendee(2, rate="elected")), subscription(plan))

    text = client.get(address(order)).text

    for words in ("Claude Roux1", "Claude Roux2", "tarif élu", "Individuel, un an", "1\u00a0140,00\u00a0€"):
        assert words in text


def test_an_order_that_was_not_paid_in_time_offers_no_payment_before_anybody_closes_it(client: FlaskClient) -> None:
    long_ago = clock.now() - timedelta(minutes=103)
    order = place(seats(make_study_day()), payment_method="card", now=long_ago)

    text = client.get(address(order)).text

    assert order.status == "pending"
    assert "Le délai est passé" in text
    assert "Il vous reste" not in text
    assert "/payer/" not in text
    assert "/verifier/" in text
    assert "Ajouter à mon agenda" not in text
    assert "place retenue" not in text


def test_an_order_to_be_paid_counts_down_and_goes_into_the_calendar(client: FlaskClient) -> None:
    text = client.get(address(place(seats(make_study_day()), payment_method="card", now=clock.now()))).text

    assert [words for words in ("Il vous reste", "/payer/", "Ajouter à mon agenda") if words not in text] == []


@pytest.mark.usefixtures("frozen")
class TestWaitingForATransfer:
    def test_the_page_says_until_when_and_how_and_speaks_of_no_card(self, client: FlaskClient) -> None:
        order = place(seats(make_study_day()), payment_method=make_method(a_held_method()).code)

        text = client.get(address(order)).text

        for words in (
            "À régler\u00a0: 621,00\u00a0€, virement préalable",
            "retenues jusqu’au jeudi 3\u00a0décembre 2026 à 10\u00a0h\u00a000",
            "Faites le virement", "FR76 3000 6000 0112 3456 7890 189", order.reference, "pro-forma.pdf",
        ):  # fmt: skip
            assert words in text, words
        for words in ("carte", "/payer/", "/verifier/", "débité"):
            assert words not in text.split("<main")[1].split("</main>")[0].lower(), words
        assert client.post(f"{address(order)}payer/", follow_redirects=True).status_code == 200

    def test_when_it_did_not_come_the_way_on_is_told(self, client: FlaskClient) -> None:
        order = place(seats(make_study_day()), payment_method=make_method(a_held_method()).code)
        with time_machine.travel(NOW + timedelta(days=11), tick=False):
            lapsed = client.get(address(order)).text
            assert checkout.expire_due(now=clock.now()) == 1
            over = client.get(address(order)).text

        assert "S’il est en route, répondez au courriel de la commande" in lapsed
        assert "FR76" not in lapsed
        assert "Rien n’est dû" in over
        assert "Si votre règlement est en route" in over

    def test_the_pro_forma_invoice_is_there_until_the_invoice_is(self, client: FlaskClient) -> None:
        order = place(seats(make_study_day()), payment_method=make_method(a_held_method()).code)
        paper = client.get(f"{address(order)}pro-forma.pdf")

        assert (paper.status_code, paper.data[:5]) == (200, b"%PDF-")
        assert f"pro-forma-{order.reference}.pdf" in paper.headers["Content-Disposition"]
        assert paper.headers["Cache-Control"] == "private, no-store"
        assert client.get(f"/commandes/{order.reference}/faux/pro-forma.pdf").status_code == 404

        pay(order, order.total_cents)

        assert client.get(f"{address(order)}pro-forma.pdf").status_code == 404
        assert "pro-forma.pdf" not in client.get(address(order)).text

    def test_there_is_none_for_who_has_the_invoice(self, client: FlaskClient) -> None:
        order = place(seats(make_study_day()), payment_method="transfer")

        assert client.get(f"{address(order)}pro-forma.pdf").status_code == 404


def test_the_tax_is_told_by_rate(client: FlaskClient) -> None:
    plan = make_plan(vat_rate=210, price_cents=12900)
    text = client.get(address(place(seats(make_study_day()), subscription(plan)))).text

    assert re.findall(r"TVA ([^<]+) <span class=\"money\">([^<]+)<", text) == [
        ("20\u00a0%", "103,50\u00a0€"),
        ("2,1\u00a0%", "2,65\u00a0€"),
    ]


def test_the_name_of_a_method_keeps_its_capitals_within_a_sentence(client: FlaskClient) -> None:
    order = place(seats(make_study_day()), payment_method="card", now=clock.now())

    assert "carte bancaire (CB)" in client.get(address(order)).text


def test_each_participant_is_described_by_office_and_address(client: FlaskClient) -> None:
    day = make_study_day()
    order = place(seats(day, an_attendee(1, job_title="Directrice"), an_attendee(2)))

    text = client.get(address(order)).text

    assert re.findall(r'<p class="role">([^<]+)</p>', text) == [
        "Directrice, claude.roux1@ville-exemple.fr, tarif non-abonné",
        "claude.roux2@ville-exemple.fr, tarif non-abonné",
    ]


@pytest.mark.parametrize(
    ("method", "unset", "said"),
    [
        ("transfer", {"iban": ""}, "Nos coordonnées bancaires vous sont données sur demande"),
        ("mandat", {"iban": ""}, "Nos coordonnées bancaires vous sont données sur demande"),
        ("cheque", {"address": ""}, "L’adresse où envoyer le règlement est donnée sur demande"),
    ],
)
def test_what_is_not_set_is_not_promised(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, method: str, unset: dict[str, str], said: str
) -> None:
    settings = app.extensions["eventsapp.settings"]
    monkeypatch.setitem(
        app.extensions, "eventsapp.settings", replace(settings, seller=replace(settings.seller, **unset))
    )

    order = place(seats(make_study_day()), payment_method=method)

    text = client.get(address(order)).text
    mail = db.session.scalars(sa.select(OutgoingMail).where(OutgoingMail.template == "checkout/order_placed")).one()
    assert all(said in where for where in (text, mail.text, mail.html))
    assert all("ci-dessous" not in where for where in (text, mail.text, mail.html))


def test_the_page_asks_the_same_number_of_queries_for_one_and_for_twenty(client: FlaskClient) -> None:
    counts = []
    for people in (1, 20):
        order = place(seats(make_study_day(), *[an_attendee(number) for number in range(people)]))
        where = address(order)
        with counting_queries() as counted:
            client.get(where)
        counts.append(counted())

    assert counts[0] == counts[1]
    assert counts[0] <= 10


def test_what_people_type_is_shown_literally(client: FlaskClient) -> None:
    order = place(seats(make_study_day(), an_attendee(last_name="<script>alert(1)</script>", job_title="{{7*7}}")))

    text = client.get(address(order)).text

    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "{{7*7}}" in text


def test_the_links_are_sent_to_their_address_and_the_answer_tells_nothing(client: FlaskClient) -> None:
    first, second = (place(seats(make_study_day())) for _ in range(2))

    known = client.post("/commandes/retrouver/", data={"email": " Finances@Ville-Exemple.fr "})
    unknown = client.post("/commandes/retrouver/", data={"email": "inconnu@ville-exemple.fr"})

    assert known.status_code == unknown.status_code == 200
    assert known.text.replace("finances@", "") == unknown.text.replace("inconnu@", "")
    (mail,) = mails_to("finances@ville-exemple.fr")
    assert all(f"http://localhost{address(order)}" in mail.text for order in (first, second))
    assert mails_to("inconnu@ville-exemple.fr") == []


def test_links_to_one_address_are_asked_for_so_often_wherever_from(client: FlaskClient) -> None:
    statuses = [
        client.post(
            "/commandes/retrouver/",
            data={"email": f"{'Finances' if number % 2 else 'finances'}@ville-exemple.fr"},
            environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
        ).status_code
        for number in range(21)
    ]

    assert statuses == [200] * 20 + [429]


@pytest.mark.parametrize("email", ["", "pas-une-adresse", "a@b@c", "a" * 250 + "@exemple.fr"])
def test_what_is_no_address_is_said_beside_the_field(client: FlaskClient, email: str) -> None:
    answer = client.post("/commandes/retrouver/", data={"email": email})

    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text


def test_links_in_mails_are_built_from_the_settings_not_from_the_request(client: FlaskClient) -> None:
    place(seats(make_study_day()))

    client.post(
        "/commandes/retrouver/", data={"email": "finances@ville-exemple.fr"}, headers={"X-Forwarded-Host": "evil.test"}
    )

    (mail,) = mails_to("finances@ville-exemple.fr")
    assert "evil.test" not in mail.text + mail.html


@pytest.mark.parametrize("host", ["evil.test", "localhost.evil.test", "evil.test:80"])
def test_another_host_is_not_answered(client: FlaskClient, host: str) -> None:
    answer: Any = client.get("/commandes/retrouver/", headers={"Host": host})

    assert answer.status_code == 400
