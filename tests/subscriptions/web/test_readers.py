"""The readers of an institution for its manager, by the private link and signed in."""

import csv
import io
from contextlib import AbstractContextManager
from datetime import timedelta

import openpyxl
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts import queries as accounts
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.orders.values import Buyer
from eventsapp.subscriptions import queries, service
from eventsapp.subscriptions.models import Contract, ReaderDomain
from eventsapp.subscriptions.statuses import ContractStatus, MemberState
from tests.subscriptions.looking import mails_about
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import make_article, make_issue
from tests.support.makers.orders import place, subscription
from tests.support.makers.readers import (
    BUYER,
    again,
    found,
    invited,
    joined,
    make_institution,
    make_institution_plan,
    manager_of,
    readership,
    seats,
)
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_contract, make_plan
from tests.support.queries import QueryCount

ONE, TWO = "une@ville.example", "deux@ville.example"

pytestmark = pytest.mark.usefixtures("frozen")


def link(contract: Contract, more: str = "") -> str:
    secret = manager_of(contract).secret
    # What the test looked at is over before the request begins, or undoing the one would undo the other.
    db.session.commit()
    return f"/abonnements/lecteurs/{secret}/{more}"


def test_the_manager_sees_the_seats_who_reads_and_no_price(client: FlaskClient) -> None:
    contract = make_institution(5)
    joined(contract, ONE)
    invited(contract, TWO)
    page = client.get(link(contract))

    assert page.status_code == 200
    assert "2 places prises sur 5" in page.text
    assert (ONE in page.text, TWO in page.text) == (True, False)
    assert TWO in client.get(link(contract, "?etat=invites")).text
    assert "€" not in page.text
    assert page.headers["Cache-Control"] == "private, no-store"


def test_an_unknown_link_opens_nothing(client: FlaskClient) -> None:
    make_institution(5)
    assert client.get("/abonnements/lecteurs/rien-de-tout-cela-ici/").status_code == 404


def test_only_whoever_bought_it_is_led_to_the_renewal(client: FlaskClient) -> None:
    contract = make_institution(5)
    with unit_of_work.transaction():
        other = service.add_manager(readership(contract), "doc@ville.example", by=BUYER, locale="fr", now=NOW).secret

    assert again(contract).secret in client.get(link(contract)).text
    assert again(contract).secret not in client.get(f"/abonnements/lecteurs/{other}/").text


def test_several_addresses_are_invited_at_once(client: FlaskClient) -> None:
    contract = make_institution(5)
    answer = client.post(
        link(contract, "inviter/"), data={"addresses": f"Anne Dubois <{ONE}>\n{TWO}\n{BUYER}"}, follow_redirects=True
    )

    assert answer.status_code == 200
    assert "2 invitations sont parties." in answer.text
    assert "Une adresse était déjà sur la liste" in answer.text
    assert [mail.to_address for mail in mails_about("subscriptions/reader_invited")] == [ONE, TWO]


def test_wrong_lines_are_told_one_by_one_and_nothing_typed_is_lost(client: FlaskClient) -> None:
    contract = make_institution(5)
    answer = client.post(link(contract, "inviter/"), data={"addresses": f"{ONE}\njean@\n{TWO}\nmarie"})

    assert answer.status_code == 422
    assert "Ligne 2" in answer.text
    assert "Ligne 4" in answer.text
    assert f"{ONE}\njean@\n{TWO}\nmarie" in answer.text.replace("\r\n", "\n")
    assert mails_about("subscriptions/reader_invited") == []


def test_one_click_joins_signs_in_and_reads(client: FlaskClient) -> None:
    contract = make_institution(5)
    (member,) = invited(contract, ONE)
    make_article(issue=make_issue(376))
    address = f"/abonnements/rejoindre/{member.secret}/"
    page = client.get(address)
    assert "Accepter l’invitation" in page.text
    assert found(contract, ONE).state is MemberState.INVITED

    answer = client.post(address)

    assert (answer.status_code, answer.location) == (303, "/magazine/376/")
    assert ONE in client.get("/compte/").text
    assert seats(contract) == [BUYER, ONE]
    assert "Votre lecture est ouverte" in client.get(address).text
    assert client.post(address).status_code == 410


def test_somebody_with_a_password_is_not_signed_in_by_a_mail_that_may_be_passed_on(client: FlaskClient) -> None:
    contract = make_institution(5)
    make_user(email=ONE)
    (member,) = invited(contract, ONE)

    answer = client.post(f"/abonnements/rejoindre/{member.secret}/")

    assert answer.location == "/compte/connexion/"
    assert seats(contract) == [BUYER, ONE]
    assert client.get("/compte/").status_code == 303


@pytest.mark.parametrize("has", ["an order", "a contract", "readers to look after"])
def test_somebody_whose_account_shows_more_than_a_seat_is_not_signed_in_by_the_mail(
    client: FlaskClient, has: str
) -> None:
    contract = make_institution(5)
    if has == "an order":
        place(subscription(make_plan()), buyer=Buyer(email=ONE, first_name="Une", last_name="Lectrice"))
    elif has == "a contract":
        make_contract(ONE)
    else:
        with unit_of_work.transaction():
            service.add_manager(readership(contract), ONE, by=BUYER, locale="fr", now=NOW)
    (member,) = invited(contract, ONE)

    answer = client.post(f"/abonnements/rejoindre/{member.secret}/")

    assert answer.location == "/compte/connexion/"
    assert seats(contract) == [BUYER, ONE]
    assert client.get("/compte/").status_code == 303


def test_a_full_contract_says_so_and_the_invitation_holds(client: FlaskClient) -> None:
    contract = make_institution(2)
    joined(contract, ONE)
    (member,) = invited(contract, TWO)

    shown = client.get(f"/abonnements/rejoindre/{member.secret}/")
    answer = client.post(f"/abonnements/rejoindre/{member.secret}/")

    assert (shown.status_code, answer.status_code) == (200, 409)
    for page in (shown, answer):
        assert "Aucune place n’est libre" in page.text
        assert "Les 2 places sont prises." in page.text
        assert f"mailto:{BUYER}" in page.text
        assert "Une place vous attend" not in page.text

    service.remove(readership(contract), found(contract, ONE).id, by=BUYER, now=NOW)
    db.session.commit()
    assert "Accepter l’invitation" in client.get(f"/abonnements/rejoindre/{member.secret}/").text


def test_somebody_is_taken_off_and_put_back(client: FlaskClient) -> None:
    contract = make_institution(5)
    (member,) = joined(contract, ONE)
    gone = client.post(link(contract, f"{member.id}/retirer/"), follow_redirects=True)
    assert "la place est libre" in gone.text
    assert seats(contract) == [BUYER]
    assert f"{member.id}/remettre/" in gone.text

    back = client.post(link(contract, f"{member.id}/remettre/"), follow_redirects=True)
    assert "a de nouveau une place" in back.text
    assert seats(contract) == [BUYER, ONE]


def test_nobody_is_put_back_where_no_seat_is_left(client: FlaskClient) -> None:
    contract = make_institution(2)
    (member,) = joined(contract, ONE)
    assert "la place est libre" in client.post(link(contract, f"{member.id}/retirer/"), follow_redirects=True).text
    assert seats(contract) == [BUYER]
    joined(contract, TWO)

    told = client.post(link(contract, f"{member.id}/remettre/"), follow_redirects=True).text
    assert "Les 2 places de l’abonnement sont prises." in told
    assert (seats(contract), found(contract, ONE).state) == ([BUYER, TWO], MemberState.REMOVED)


def test_an_invitation_is_sent_again_or_taken_back(client: FlaskClient) -> None:
    contract = make_institution(5)
    (member,) = invited(contract, ONE)
    assert "est repartie" in client.post(link(contract, f"{member.id}/renvoyer/"), follow_redirects=True).text
    client.post(link(contract, f"{member.id}/retirer/"))

    assert len(mails_about("subscriptions/reader_invited")) == 2
    assert client.post(f"/abonnements/rejoindre/{found(contract, ONE).secret}/").status_code == 410


def test_who_stays_is_chosen_by_ticking(client: FlaskClient) -> None:
    contract = make_institution(3)
    joined(contract, ONE, TWO)
    renewal = make_institution(2, renews=contract)
    assert "2 places seulement" in client.get(link(contract)).text
    keys = [found(contract, email).id for email in (ONE, TWO)]
    address = link(contract, f"choisir/{renewal.id}/")
    assert client.get(address).text.count("checked") == 2

    assert client.post(address, data={"members": [*keys, found(contract, BUYER).id]}).status_code == 422
    assert client.post(address, data={"members": keys}).status_code == 303
    assert seats(renewal) == [ONE, TWO]
    assert client.get(link(contract, f"choisir/{renewal.id + 99}/")).status_code == 404


def test_a_domain_is_verified_by_its_code_and_joined(client: FlaskClient) -> None:
    contract = make_institution(5)
    assert "Chacun peut avoir une adresse" in _ask(client, contract, "moi@gmail.com")
    assert "Le code est parti" in _ask(client, contract, "accueil@ville.example")
    text = mails_about("subscriptions/domain_code")[0].text
    code = next(line for line in text.splitlines() if line.replace(" ", "").isdigit())
    (domain_id,) = db.session.scalars(sa.select(ReaderDomain.id))
    verify = link(contract, f"acces/domaine/{domain_id}/code/")
    assert "n’est pas le bon" in client.post(verify, data={"code": "12"}, follow_redirects=True).text
    assert db.session.scalar(sa.select(ReaderDomain.wrong_codes)) == 1
    page = client.post(verify, data={"code": code}, follow_redirects=True).text
    secret = db.session.scalars(sa.select(ReaderDomain.secret)).one()
    assert f"/abonnements/rejoindre/domaine/{secret}/" in page

    join = f"/abonnements/rejoindre/domaine/{secret}/"
    assert client.post(join, data={"email": "moi@autre.example"}).status_code == 422
    told = client.post(join, data={"email": ONE}, follow_redirects=True)
    assert "Un courriel est parti" in told.text
    assert seats(contract) == [BUYER]

    sign_in(client, make_user(email=TWO))
    assert TWO in client.get(join).text
    assert client.post(join).location == "/magazine/"
    assert seats(contract) == [BUYER, TWO]


def _ask(client: FlaskClient, contract: Contract, email: str) -> str:
    return client.post(link(contract, "acces/domaine/"), data={"domain-email": email}, follow_redirects=True).text


def test_a_manager_is_added_and_the_first_one_leaves(client: FlaskClient) -> None:
    contract = make_institution(5)
    first = manager_of(contract)
    before = link(contract)
    client.post(link(contract, "acces/gestionnaire/"), data={"manager-email": "doc@ville.example"})
    answer = client.post(f"{before}acces/gestionnaire/{first.id}/retirer/")

    assert answer.location == "/"
    assert client.get(before).status_code == 404
    assert [row.email for row in queries.managers_of(readership(contract))] == ["doc@ville.example"]


def test_usage_says_how_much_and_of_people_only_the_month(client: FlaskClient) -> None:
    contract = make_institution(5)
    joined(contract, ONE, TWO)
    with unit_of_work.transaction():
        service.count_read(readership(contract), ONE, now=NOW)
    page = client.get(link(contract, "lectures/")).text
    assert "Novembre 2026" in page
    assert "jamais-venus" in page
    assert ONE not in page
    assert ONE not in client.get(link(contract, "?etat=jamais-venus")).text

    rows = list(csv.DictReader(io.StringIO(_file(client, contract, "csv").decode("utf-8-sig")), delimiter=";"))
    months = {row["Adresse"]: row["Dernier mois de lecture"] for row in rows}
    assert months == {BUYER: "", ONE: "novembre 2026", TWO: ""}
    sheet = openpyxl.load_workbook(io.BytesIO(_file(client, contract, "xlsx"))).active
    assert sheet is not None
    assert sheet.max_row == 4


def _file(client: FlaskClient, contract: Contract, kind: str) -> bytes:
    return bytes(client.get(link(contract, f"?etat=tous&format={kind}")).data)


def test_pages_and_mails_lead_to_the_readers(client: FlaskClient) -> None:
    contract = make_institution(5)
    with unit_of_work.transaction():
        service.add_manager(readership(contract), ONE, by=BUYER, locale="fr", now=NOW)
    secrets = {row.email: row.secret for row in queries.managers_of(readership(contract))}
    for email in (BUYER, ONE):
        user = accounts.by_email(email) or make_user(email=email)
        client.post("/compte/connexion/code/", data={"email": email})
        code = "".join(filter(str.isdigit, mails_about("accounts/sign_in_code")[-1].text.split("connecter")[1]))[:8]
        client.post("/compte/connexion/code/saisie/", data={"email": user.email, "code": code})
        assert f"/abonnements/lecteurs/{secrets[email]}/" in client.get("/compte/").text
        client.post("/compte/deconnexion/")


def test_the_order_leads_its_buyer_to_the_readers_and_so_does_the_renewal(client: FlaskClient) -> None:
    order = place(subscription(make_institution_plan(5, slug="cinq")), payment_method="mandat")
    (contract,) = queries.contracts_of_order(order.id)
    joined(contract, *(f"agent{number}@ville.example" for number in range(3)))
    make_institution_plan(2, slug="deux")
    own = link(contract)

    assert own in client.get(f"/commandes/{order.reference}/{order.secret}/").text
    renewal = f"/abonnements/renouveler/{again(contract).secret}/"
    assert own in client.get(renewal).text
    assert "vous choisirez qui reste" in client.get(f"{renewal}?formule=deux").text
    assert "vous choisirez qui reste" not in client.get(f"{renewal}?formule=cinq").text


def test_the_pages_speak_english(client: FlaskClient) -> None:
    contract = make_institution(5)
    invited(contract, ONE)
    for more, said in (
        ("", "One seat taken of 5"),
        ("inviter/", "Send the invitations"),
        ("lectures/", "Not come yet"),
        ("acces/", "Joining by domain"),
    ):
        assert said in client.get(f"/en{link(contract, more)}").text
    secret = found(contract, ONE).secret
    db.session.commit()
    assert "Accept the invitation" in client.get(f"/en/abonnements/rejoindre/{secret}/").text


def test_a_reader_sees_whose_seat_they_have(client: FlaskClient) -> None:
    contract = make_institution(5)
    make_user(email=ONE)
    joined(contract, ONE)
    user = accounts.by_email(ONE)
    assert user is not None
    sign_in(client, user)

    page = client.get("/compte/").text
    assert "une place dans l’abonnement de Ville de Saint-Aubry" in page


def test_a_contract_that_is_over_says_so_and_invites_nobody(client: FlaskClient) -> None:
    contract = make_institution(5)
    invited(contract, ONE)
    assert contract.ends_on is not None
    with unit_of_work.transaction():
        service.expire_due(today=contract.ends_on + timedelta(days=1))
    page = client.get(link(contract, "?etat=invites")).text

    assert "L’abonnement s’est terminé" in page
    assert "Inviter des lecteurs" not in page
    assert "/renvoyer/" not in page


def test_a_contract_that_was_cancelled_says_so(client: FlaskClient) -> None:
    contract = make_institution(5)
    db.session.get_one(Contract, contract.id).status = ContractStatus.CANCELLED
    page = client.get(link(contract)).text

    assert "L’abonnement est annulé" in page
    assert "Inviter des lecteurs" not in page


@pytest.mark.parametrize("people", [3, 30])
def test_the_list_asks_the_same_whatever_its_length(
    client: FlaskClient, count_queries: AbstractContextManager[QueryCount], people: int
) -> None:
    contract = make_institution(40)
    members = [f"agent{number}@ville.example" for number in range(people)]
    joined(contract, *members)
    address = link(contract)
    with count_queries as count:
        assert client.get(address).status_code == 200

    assert count() == 6
