"""The page of a renewal by card: three clicks from the mail or the order to the stop, and back."""

from datetime import timedelta
from html import unescape

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core import clock, i18n
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.subscriptions import rules, service
from eventsapp.subscriptions.errors import AlreadyRenewed
from eventsapp.subscriptions.models import CardAgreement, CardCharge, CardRenewal, Contract
from eventsapp.subscriptions.statuses import AgreementEnd, AgreementState, ChargeState
from tests.checkout.looking import PRIVATE, pay
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.by_card import READER, make_agreement
from tests.support.makers.orders import place, subscription
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_contract, make_plan
from tests.support.pages import Page
from tests.support.queries import counting_queries

pytestmark = pytest.mark.usefixtures("frozen")


def an_agreement(**values: object) -> CardAgreement:
    return make_agreement(make_contract(READER), **values)


def page_of(agreement: CardAgreement) -> str:
    return f"/abonnements/par-carte/{agreement.secret}/"


def test_the_page_says_what_comes_and_what_was_agreed_to_and_changes_nothing(client: FlaskClient) -> None:
    agreement = an_agreement()

    answer = client.get(page_of(agreement))

    assert answer.headers["Cache-Control"] == "private, no-store"
    for words in ("Visa •••• 4242", "129,00", "26 mai 2027", "25 mai 2027", "12/2034", agreement.agreed_text[:40]):
        assert words in answer.text.replace("\xa0", " ")
    assert db.session.get_one(CardAgreement, agreement.id).state is AgreementState.ACTIVE
    assert client.get("/abonnements/par-carte/inconnu/").status_code == 404


def test_one_button_stops_it_without_signing_in_and_another_takes_that_back(client: FlaskClient) -> None:
    agreement = an_agreement()

    stopped = client.post(f"{page_of(agreement)}arreter/", follow_redirects=True)
    assert "Rien ne sera prélevé" in stopped.text
    assert db.session.get_one(CardAgreement, agreement.id).state is AgreementState.STOPPED
    resumed = client.post(f"{page_of(agreement)}reprendre/", follow_redirects=True)

    assert "se renouvelle par carte" in resumed.text
    assert db.session.get_one(CardAgreement, agreement.id).state is AgreementState.ACTIVE
    assert list(db.session.scalars(sa.select(OutgoingMail.template).where(OutgoingMail.to_address == READER))) == [
        "subscriptions/card_stopped",
        "subscriptions/card_resumed",
    ]


def test_what_is_over_has_no_button_and_says_why(client: FlaskClient) -> None:
    agreement = an_agreement(state=AgreementState.OVER, end_reason=AgreementEnd.DEARER, ended_at=NOW)

    page = client.get(page_of(agreement)).text

    assert "le prix a changé depuis l’annonce" in page
    assert "<button" not in page.split("<main")[1].split("</main")[0]
    answer = client.post(f"{page_of(agreement)}arreter/", follow_redirects=True)
    assert "déjà terminé" in answer.text


def test_from_the_order_the_stop_is_two_clicks_away(client: FlaskClient) -> None:
    order = place(subscription(make_plan()), payment_method="cheque", billing=PRIVATE)
    pay(order, order.total_cents)
    contract = db.session.scalars(sa.select(Contract)).one()
    agreement = make_agreement(contract, order_id=order.id)

    page = Page(client.get(f"/commandes/{order.reference}/{order.secret}/").text)

    assert page.links["Voir ou arrêter"] == page_of(agreement)
    assert "Arrêter le renouvellement" in client.get(page_of(agreement)).text


def test_the_account_leads_there_too(client: FlaskClient) -> None:
    agreement = an_agreement()
    sign_in(client, make_user(email=READER))

    page = Page(client.get("/compte/").text)

    assert page.links["Se renouvelle par carte"] == page_of(agreement)


def test_the_page_of_the_renewal_by_hand_says_that_a_card_does_it(client: FlaskClient) -> None:
    agreement = an_agreement()
    contract = db.session.get_one(Contract, agreement.contract_id)

    page = client.get(f"/abonnements/renouveler/{contract.secret}/").text

    assert "Déjà prévu par carte" in page
    assert page_of(agreement) in page


def _announced(agreement: CardAgreement) -> None:
    contract = db.session.get_one(Contract, agreement.contract_id)
    assert contract.ends_on is not None
    renewal = CardRenewal(
        agreement_id=agreement.id,
        contract_id=contract.id,
        ends_on=contract.ends_on,
        announced_at=NOW,
        price_cents=13900,
        charge_on=contract.ends_on,
    )
    db.session.add(renewal)
    db.session.flush()
    charge = CardCharge(
        renewal_id=renewal.id,
        number=1,
        key="renewal-1",
        amount_cents=13900,
        state=ChargeState.DECLINED,
        asked_at=NOW,
        answered_at=NOW,
        reason="insufficient_funds",
    )
    db.session.add(charge)
    db.session.commit()


@pytest.mark.parametrize("stopped", [False, True])
def test_while_stripe_has_not_said_both_pages_say_why_and_until_when(client: FlaskClient, stopped: bool) -> None:
    agreement = an_agreement(state=AgreementState.STOPPED if stopped else AgreementState.ACTIVE)
    _announced(agreement)
    db.session.execute(sa.update(CardCharge).values(state=ChargeState.ASKED, answered_at=None, reason=""))
    db.session.commit()
    contract = db.session.get_one(Contract, agreement.contract_id)
    by_hand = f"/abonnements/renouveler/{contract.secret}/"

    pages = [client.get(address).text for address in (page_of(agreement), by_hand)]

    soon, late = (
        f"{i18n.date_long(clock.local_date(moment))} à {i18n.clock_time(moment)}"
        for moment in (NOW + hours + timedelta(minutes=20) for hours in (rules.LONG_ASKED, rules.KEY_LASTS))
    )
    for page in pages:
        assert "ne payez pas de nouveau" in page
        assert f"{soon if stopped else late} au plus tard" in page
        assert (f"à partir du {soon}" in page) is not stopped
    assert page_of(agreement) in pages[1]
    with pytest.raises(AlreadyRenewed) as refusal:
        service.require_renewable(contract, now=NOW)
    assert refusal.value.message in unescape(pages[1])


def test_the_office_sees_consent_notice_and_tries_and_stops_it_for_the_reader(client: FlaskClient) -> None:
    agreement = an_agreement()
    _announced(agreement)
    contract_id = agreement.contract_id
    address = f"/organisation/abonnes/{contract_id}/"
    sign_in(client, make_user(RoleName.ORGANISER))

    page = client.get(address).text

    for words in ("Texte accepté", "Visa •••• 4242", "139,00", "insufficient_funds", "une carte le renouvelle"):
        assert words in page
    answer = client.post(f"{address}carte/arreter/", follow_redirects=True)
    assert "arrêté" in answer.text
    found = db.session.get_one(CardAgreement, agreement.id)
    assert (found.state, found.stopped_by_id is None) == (AgreementState.STOPPED, False)
    assert client.post("/organisation/abonnes/999/carte/arreter/").status_code == 404


def test_who_stops_while_the_card_is_charged_reads_that_it_is_given_back(client: FlaskClient) -> None:
    agreement = an_agreement()
    _announced(agreement)
    (charge,) = db.session.scalars(sa.select(CardCharge))
    charge.state, charge.answered_at, charge.reason = ChargeState.ASKED, None, ""
    db.session.commit()

    page = client.post(f"{page_of(agreement)}arreter/", follow_redirects=True).text

    assert "il vous est rendu" in page
    assert "Rien ne sera prélevé" not in page
    assert "/reprendre/" not in page
    charge.state, charge.answered_at, charge.reason = ChargeState.PAID, NOW, CardCharge.UNWANTED
    db.session.commit()
    sign_in(client, make_user(RoleName.ORGANISER))
    assert "arrêté entre-temps, à rendre" in client.get(f"/organisation/abonnes/{agreement.contract_id}/").text


def test_the_office_asks_as_often_for_many_tries_as_for_one(client: FlaskClient) -> None:
    agreement = an_agreement()
    address = f"/organisation/abonnes/{agreement.contract_id}/"
    sign_in(client, make_user(RoleName.ORGANISER))
    _announced(agreement)
    client.get(address)
    with counting_queries() as one:
        client.get(address)
    renewal_id = db.session.scalars(sa.select(CardRenewal.id)).one()
    for number in (2, 3):
        given = {"state": ChargeState.DECLINED, "asked_at": NOW, "answered_at": NOW, "amount_cents": 13900}
        db.session.add(CardCharge(renewal_id=renewal_id, number=number, key=f"renewal-{number}", **given))
    db.session.commit()

    with counting_queries() as three:
        client.get(address)

    assert one() == three()
