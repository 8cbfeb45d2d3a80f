"""A gift for whoever has its link, and for its giver below the order."""

from collections.abc import Mapping

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.subscriptions import service
from eventsapp.subscriptions.models import Contract, Gift
from eventsapp.subscriptions.statuses import ContractStatus, Edition
from tests.checkout.looking import PRIVATE, pay
from tests.papers.validator import faults
from tests.subscriptions.looking import contract_of, gift_of, mails_about
from tests.support.makers.orders import a_gift, place
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_contract, make_plan
from tests.support.pages import Page

HOME = {"address": "18, rue des Jardiniers", "postcode": "38000", "city": "Grenoble"}
READER = {"email": "Claude.Roux@exemple.fr", "name": "Claude Roux"}

pytestmark = pytest.mark.usefixtures("frozen")


def offered(*, edition: Edition = Edition.DIGITAL, method: str = "card", paid: bool = True, **wish: object) -> Order:
    order = place(a_gift(make_plan(edition=edition), **wish), payment_method=method, billing=PRIVATE)
    if paid:
        pay(order, order.total_cents)
    return order


def link(order: Order) -> str:
    return f"/abonnements/offert/{gift_of(order).secret}/"


def given(order: Order, more: str = "") -> str:
    return f"/commandes/{order.reference}/{order.secret}/cadeaux/{gift_of(order).id}/{more}"


def accepted() -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(Gift.redeemed_at.is_not(None))) or 0


def test_looking_starts_nothing_and_names_both_and_no_price(client: FlaskClient) -> None:
    order = offered(giver_name="Mamie")

    for _time in range(2):
        answer = client.get(link(order))

    assert answer.status_code == 200
    for part in ("Un an de lecture", "Mamie", "Claude Roux", "Bonne lecture."):
        assert part in answer.text
    assert "129" not in answer.text.replace(gift_of(order).secret, "")
    assert "€" not in answer.text
    assert Page(answer.text).fields["email"] == "claude.roux@exemple.fr"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert accepted() == 0


def test_accepting_starts_it_and_the_page_says_until_when(client: FlaskClient) -> None:
    order = offered()

    answer = client.post(link(order), data=READER)

    assert (answer.status_code, answer.location) == (303, link(order))
    assert contract_of(order).email == "claude.roux@exemple.fr"
    page = client.get(link(order)).text
    assert "C’est commencé" in page
    assert "22\u00a0novembre 2027" in page
    # Whoever else has the link is not told who reads.
    assert "claude.roux@exemple.fr" not in page


def test_a_magazine_on_paper_asks_where_it_goes(client: FlaskClient) -> None:
    order = offered(edition=Edition.BOTH)

    refused = client.post(link(order), data=READER | {"city": "Grenoble"})
    assert refused.status_code == 422
    assert refused.text.count("À remplir\u00a0: le magazine est envoyé") >= 2
    assert Page(refused.text).fields["city"] == "Grenoble"
    assert accepted() == 0

    assert client.post(link(order), data=READER | HOME).status_code == 303
    assert contract_of(order).delivery_line == "Claude Roux, 18, rue des Jardiniers, 38000 Grenoble"


def test_a_second_time_says_that_it_is_accepted(client: FlaskClient) -> None:
    order = offered()
    client.post(link(order), data=READER)

    answer = client.post(link(order), data={"email": "autre@exemple.fr"})

    assert answer.status_code == 409
    assert "C’est commencé" in answer.text
    assert contract_of(order).email == "claude.roux@exemple.fr"


def test_a_subscriber_reads_for_longer(client: FlaskClient) -> None:
    make_contract("claude.roux@exemple.fr")
    order = offered()

    client.post(link(order), data=READER)

    assert "31\u00a0mai 2028" in client.get(link(order)).text


@pytest.mark.parametrize("data", [{"email": ""}, {"email": "claude"}, {"email": "a@b.fr,c@d.fr"}])
def test_what_is_no_address_is_refused_beside_the_field(client: FlaskClient, data: Mapping[str, str]) -> None:
    answer = client.post(link(offered()), data=data)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert accepted() == 0


def test_before_the_money_is_there_the_page_asks_for_patience(client: FlaskClient) -> None:
    order = offered(method="cheque", paid=False)

    assert "Encore un peu de patience" in client.get(link(order)).text
    assert client.post(link(order), data=READER).status_code == 409
    assert accepted() == 0


def test_what_was_withdrawn_says_so(client: FlaskClient) -> None:
    order = offered()
    service.cancel_of_order(order.id)
    db.session.commit()

    assert "Ce cadeau a été retiré" in client.get(link(order)).text
    assert client.post(link(order), data=READER).status_code == 410


def test_an_unknown_link_opens_nothing(client: FlaskClient) -> None:
    assert client.get("/abonnements/offert/inconnu/").status_code == 404
    assert client.post("/abonnements/offert/inconnu/", data=READER).status_code == 404


def test_in_english_the_reader_is_written_to_in_english(client: FlaskClient) -> None:
    order = offered()

    assert "One year of reading" in client.get(f"/en{link(order)}").text
    client.post(f"/en{link(order)}", data=READER)

    assert db.session.scalars(sa.select(Contract.locale)).all() == ["en"]
    assert mails_about("subscriptions/gift_started")[0].locale == "en"


def test_the_giver_sees_whether_it_is_accepted(client: FlaskClient) -> None:
    order = offered()
    assert "À annoncer le" in client.get(given(order)).text
    service.announce_due(now=NOW)
    assert "pas encore accepté" in client.get(given(order)).text
    client.post(link(order), data=READER)

    page = client.get(given(order)).text
    assert "Accepté le 23\u00a0novembre 2026" in page
    assert link(order) not in page
    assert "accepté le" in client.get(f"/commandes/{order.reference}/{order.secret}/").text


def test_the_card_is_the_givers_to_download_until_it_is_accepted(client: FlaskClient) -> None:
    order = offered(recipient_email="")
    assert "La carte est prête à imprimer" in client.get(given(order)).text

    answer = client.get(given(order, "carte.pdf"))

    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert faults(answer.data) == []
    client.post(link(order), data=READER)
    assert client.get(given(order, "carte.pdf")).status_code == 404


def test_no_card_before_the_money_is_there(client: FlaskClient) -> None:
    order = offered(method="cheque", paid=False)

    assert "Prêt dès que la commande est réglée" in client.get(given(order)).text
    assert client.get(given(order, "carte.pdf")).status_code == 404
    assert link(order) not in client.get(given(order)).text


def test_the_mail_is_sent_again_to_a_corrected_address(client: FlaskClient) -> None:
    order = offered(recipient_email="clade@exemple.fr")
    service.announce_due(now=NOW)

    answer = client.post(given(order, "renvoyer/"), data={"email": "claude@exemple.fr"})

    assert answer.location == given(order)
    assert "claude@exemple.fr" in client.get(given(order)).text
    assert [mail.to_address for mail in mails_about("subscriptions/gift_announced")][-1] == "claude@exemple.fr"
    assert client.post(given(order, "renvoyer/"), data={"email": "claude"}).status_code == 422


def test_what_cannot_be_sent_again_says_why(client: FlaskClient) -> None:
    order = offered(announce_on=NOW.date().replace(month=12))

    answer = client.post(given(order, "renvoyer/"), data={"email": "claude@exemple.fr"})

    assert answer.status_code == 409
    assert "rien n’est envoyé" in answer.text


def test_a_gift_is_shown_below_its_own_order_only(client: FlaskClient) -> None:
    order, other = offered(), offered()

    for more, method in (("", "GET"), ("carte.pdf", "GET"), ("renvoyer/", "POST")):
        address = f"/commandes/{order.reference}/{order.secret}/cadeaux/{gift_of(other).id}/{more}"
        assert client.open(address, method=method, data={"email": "x@exemple.fr"}).status_code == 404
        address = f"/commandes/{order.reference}/faux/cadeaux/{gift_of(order).id}/{more}"
        assert client.open(address, method=method, data={"email": "x@exemple.fr"}).status_code == 404


def test_a_gift_of_an_expired_order_comes_back_with_its_money(client: FlaskClient) -> None:
    order = offered(paid=False)
    service.cancel_of_order(order.id)
    db.session.commit()
    assert contract_of(order).status is ContractStatus.CANCELLED
    with unit_of_work.transaction():
        service.start_of_order(order.id, today=NOW.date(), now=NOW)

    assert client.post(link(order), data=READER).status_code == 303
