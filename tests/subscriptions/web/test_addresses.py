"""Where the reader's paper goes: by the private link, and in the office."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.subscriptions import rules
from eventsapp.subscriptions.models import Contract, ContractAddress
from eventsapp.subscriptions.statuses import ContractStatus, Edition, UndeliveredReason
from tests.subscriptions.test_service_addresses import HOME, NEW, on_paper
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_contract, make_plan
from tests.support.pages import Page
from tests.support.queries import counting_queries

FORM = {"name": NEW.name, "address": NEW.address, "postcode": NEW.postcode, "city": NEW.city}

pytestmark = pytest.mark.usefixtures("frozen")


def city() -> str:
    return db.session.scalars(sa.select(Contract.delivery_city)).one()


def test_the_reader_changes_it_by_the_link_without_signing_in(client: FlaskClient) -> None:
    address = f"/abonnements/adresse/{on_paper().secret}/"
    page = client.get(address)

    assert Page(page.text).fields["city"] == HOME.city
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "noindex" in page.text
    assert client.post(address, data=FORM).status_code == 303
    assert city() == NEW.city
    assert "le prochain envoi part à cette adresse" in client.get(address).text


def test_a_move_to_come_is_shown_until_its_day(client: FlaskClient) -> None:
    address = f"/abonnements/adresse/{on_paper().secret}/"
    day = NOW.date() + timedelta(days=30)
    client.post(address, data={**FORM, "from_on": day.isoformat()})

    page = client.get(address).text
    assert city() == HOME.city
    assert "À partir du 23\u00a0décembre 2026" in page
    assert NEW.address in page


def test_a_move_to_come_is_given_up_by_the_reader_or_the_office_and_one_that_counts_stays(client: FlaskClient) -> None:
    contract = on_paper()
    address, office = f"/abonnements/adresse/{contract.secret}/", f"/organisation/abonnes/{contract.id}/livraison/"
    moved = {**FORM, "from_on": (NOW.date() + timedelta(days=30)).isoformat()}
    sign_in(client, make_user(RoleName.ORGANISER))
    for where in (address, office):
        client.post(address, data=moved)
        coming = db.session.scalars(sa.select(ContractAddress.id).where(ContractAddress.applied_at.is_(None))).one()
        assert "Renoncer à ce changement" in client.get(where).text
        assert client.post(f"{where}{coming}/renoncer/").status_code == 303
    (first,) = db.session.scalars(sa.select(ContractAddress.id)).all()
    client.post(f"{address}{first}/renoncer/")
    client.post(f"{address}9999/renoncer/")

    assert db.session.scalars(sa.select(ContractAddress.id)).all() == [first]
    assert "Renoncer à ce changement" not in client.get(address).text


def test_nobody_gives_up_the_move_of_another(client: FlaskClient) -> None:
    mine, other = on_paper(), on_paper("autre@exemple.fr")
    moved = {**FORM, "from_on": (NOW.date() + timedelta(days=30)).isoformat()}
    client.post(f"/abonnements/adresse/{other.secret}/", data=moved)
    coming = db.session.scalars(sa.select(ContractAddress.id).where(ContractAddress.applied_at.is_(None))).one()

    client.post(f"/abonnements/adresse/{mine.secret}/{coming}/renoncer/")

    assert db.session.get(ContractAddress, coming) is not None


def test_the_account_says_how_many_numbers_are_left(client: FlaskClient) -> None:
    user = make_user()
    on_paper(user.email, issues=11, issues_sent=4)
    sign_in(client, user)

    assert "encore 7 numéros sur papier" in client.get("/compte/").text


def test_what_is_wrong_is_said_and_what_was_typed_stays(client: FlaskClient) -> None:
    address = f"/abonnements/adresse/{on_paper().secret}/"
    past = client.post(address, data={**FORM, "from_on": "2020-01-01"})
    lacking = client.post(address, data={**FORM, "city": ""})
    short = client.post(address, data={**FORM, "postcode": "6922"})

    assert (past.status_code, lacking.status_code, short.status_code) == (422, 422, 422)
    assert "En France, cinq chiffres" in short.text
    assert "Cette date est passée" in past.text
    assert Page(lacking.text).fields["address"] == NEW.address
    assert city() == HOME.city


def test_what_is_read_online_has_no_address(client: FlaskClient) -> None:
    contract = make_contract("lectrice@exemple.fr")
    address = f"/abonnements/adresse/{contract.secret}/"

    assert "Rien n’est envoyé par la poste" in client.get(address).text
    assert client.post(address, data=FORM).status_code == 409


def test_an_unknown_link_opens_nothing(client: FlaskClient) -> None:
    assert client.get("/abonnements/adresse/rien/").status_code == 404
    assert client.post("/abonnements/adresse/rien/", data=FORM).status_code == 404


def test_it_is_reached_from_the_account(client: FlaskClient) -> None:
    user = make_user()
    contract = on_paper(user.email)
    sign_in(client, user)

    links = Page(client.get("/compte/").text).links
    assert links["Changer d’adresse"] == f"/abonnements/adresse/{contract.secret}/"


def test_it_is_reached_from_the_page_of_the_renewal(client: FlaskClient) -> None:
    secret = on_paper().secret

    assert (
        f"/abonnements/adresse/{secret}/" in Page(client.get(f"/abonnements/renouveler/{secret}/").text).links.values()
    )


def test_the_office_changes_address_and_copies_and_sees_who_wrote_what(client: FlaskClient) -> None:
    contract = on_paper()
    address = f"/organisation/abonnes/{contract.id}/livraison/"
    sign_in(client, make_user(RoleName.ORGANISER))

    assert client.post(address, data=FORM).status_code == 303
    assert client.post(f"{address}exemplaires/", data={"copies": "3"}).status_code == 303
    assert client.post(f"{address}exemplaires/", data={"copies": "0"}).status_code == 422
    page = Page(client.get(address).text)
    assert [row[1].split(", ")[-1] for row in page.rows] == ["38000 Grenoble", "44000 Nantes"]
    assert page.fields["copies"] == "3"
    assert "Adresse et livraison" in Page(client.get(f"/organisation/abonnes/{contract.id}/").text).links


def test_a_copy_that_came_back_is_noted_listed_counted_today_and_mended(client: FlaskClient) -> None:
    contract = on_paper()
    on_paper("autre@exemple.fr")
    address = f"/organisation/abonnes/{contract.id}/livraison/"
    sign_in(client, make_user(RoleName.ORGANISER))

    form = {"reason": "unknown", "on": NOW.date().isoformat(), "tell": "y"}
    assert client.post(f"{address}revenu/", data=form).status_code == 303
    assert len(Page(client.get("/organisation/abonnes/?etat=revenus").text).rows) == 1
    assert "Exemplaire revenu" in client.get("/organisation/").text
    assert "Destinataire inconnu à l’adresse" in client.get(address).text

    assert client.post(f"{address}remettre/").status_code == 303
    assert "Exemplaire revenu" not in client.get("/organisation/").text


def test_a_return_on_a_day_to_come_is_refused(client: FlaskClient) -> None:
    contract = on_paper()
    sign_in(client, make_user(RoleName.ORGANISER))
    day = (NOW.date() + timedelta(days=2)).isoformat()

    answer = client.post(
        f"/organisation/abonnes/{contract.id}/livraison/revenu/", data={"reason": "refused", "on": day}
    )

    assert answer.status_code == 422
    assert db.session.scalars(sa.select(Contract.undelivered_on)).one() is None


def test_the_reader_is_told_on_the_page_that_nothing_arrives(client: FlaskClient) -> None:
    contract = on_paper(undelivered_on=NOW.date(), undelivered_reason=UndeliveredReason.UNKNOWN)

    assert "Votre magazine ne vous parvient pas" in client.get(f"/abonnements/adresse/{contract.secret}/").text


@pytest.mark.parametrize("moves", [1, 3])
def test_the_pages_ask_the_same_number_of_queries(client: FlaskClient, moves: int) -> None:
    contract = on_paper()
    for number in range(moves):
        day = (NOW.date() + timedelta(days=number + 1)).isoformat()
        client.post(f"/abonnements/adresse/{contract.secret}/", data={**FORM, "from_on": day})
    sign_in(client, make_user(RoleName.ORGANISER))

    with counting_queries() as site:
        client.get(f"/abonnements/adresse/{contract.secret}/")
    with counting_queries() as office:
        client.get(f"/organisation/abonnes/{contract.id}/livraison/")

    assert (site(), office()) == (5, 5)


def test_the_plan_says_how_many_numbers_are_promised_and_the_contract_how_many_went(client: FlaskClient) -> None:
    plan = make_plan(edition=Edition.PRINT, issues=10)
    contract = make_contract("a@exemple.fr", plan=plan, issues=10, issues_sent=4, status=ContractStatus.ACTIVE)
    sign_in(client, make_user(RoleName.ORGANISER))

    assert "10 numéros sur papier" in client.get(f"/abonnements/{plan.slug}/").text
    assert "4 envoyés sur 10" in client.get(f"/organisation/abonnes/{contract.id}/").text


TOO_LONG = "Centre administratif départemental du Lac et de la Forêt, aile nord, " * 3 + "12, rue Neuve"


def test_an_address_that_no_label_holds_is_told_beside_its_field(client: FlaskClient) -> None:
    contract = on_paper()
    sign_in(client, make_user(RoleName.ORGANISER))
    for where in (
        f"/abonnements/adresse/{contract.secret}/",
        f"/organisation/abonnes/{contract.id}/livraison/",
    ):
        answer = client.post(where, data={**FORM, "address": TOO_LONG})

        assert answer.status_code == 422
        assert "Trop long pour l’étiquette" in answer.text
    assert city() == HOME.city


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("city", "Saint-Maurice-sous-les-Côtes-et-des-Eaux-Vives"),
        ("name", "Communauté d’agglomération " * 7),
        ("address", TOO_LONG),
    ],
)
def test_what_is_too_long_is_told_where_it_is(field: str, value: str) -> None:
    assert list(rules.label_problems(replace(NEW, **{field: value}))) == [field]
    assert not rules.label_problems(NEW)


def test_a_name_and_an_address_that_are_both_too_long_are_both_told() -> None:
    both = replace(NEW, name="Direction " * 30, address="allée des Marronniers " * 20)

    assert list(rules.label_problems(both)) == ["name", "address"]


def test_the_name_of_an_institution_takes_room_on_the_label() -> None:
    where = replace(
        NEW, address="Hôtel du Département de Loire-Atlantique\nEntrée des services, escalier C\n12 rue Neuve"
    )

    assert not rules.label_problems(where)
    assert list(rules.label_problems(where, organisation="Direction des archives du Département")) == ["address"]
