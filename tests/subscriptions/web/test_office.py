"""Subscribers and plans in the office."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.subscriptions import queries, service
from eventsapp.subscriptions.models import Contract, Plan
from eventsapp.subscriptions.statuses import ContractKind, Edition
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import a_gift, place, subscription
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_contract, make_plan
from tests.support.pages import Page
from tests.support.queries import counting_queries

SUBSCRIBERS, PLANS = "/organisation/abonnes/", "/organisation/formules/"
FORM = {
    "name": "Collectivité",
    "audience": "institution",
    "edition": "both",
    "months": "12",
    "readers": "5",
    "copies": "2",
    "price": "349,00",
    "vat_category": "press",
    "position": "2",
    "published": "y",
}

pytestmark = pytest.mark.usefixtures("frozen")


def _as(client: FlaskClient, role: RoleName) -> FlaskClient:
    sign_in(client, make_user(role))
    return client


def test_subscribers_lead_to_their_page_and_it_to_the_order_that_they_came_by(client: FlaskClient) -> None:
    make_contract("lectrice@exemple.fr")
    order = place(subscription(make_plan()))
    bought = queries.contracts_of_order(order.id)[0]
    address = f"{SUBSCRIBERS}{bought.id}/"
    office = _as(client, RoleName.ORGANISER)

    page = Page(office.get(SUBSCRIBERS).text)

    assert len(page.rows) == 2
    assert address in page.links.values()
    assert f"/organisation/commandes/{order.reference}/" in Page(office.get(address).text).links.values()


@pytest.mark.parametrize("role", [RoleName.EDITOR, RoleName.DOOR])
def test_others_see_no_subscriber(client: FlaskClient, role: RoleName) -> None:
    assert _as(client, role).get(SUBSCRIBERS).status_code == 403


def test_a_plan_is_written_and_changed_by_the_administrator(client: FlaskClient) -> None:
    office = _as(client, RoleName.ADMINISTRATOR)

    assert office.post(f"{PLANS}nouvelle/", data=FORM).status_code == 303
    plan = db.session.scalars(sa.select(Plan)).one()
    assert (plan.slug, plan.price_cents, plan.readers, plan.published) == ("collectivite", 34900, 5, True)
    assert plan.copies == 2

    office.post(f"{PLANS}collectivite/", data={**FORM, "price": "360"})
    assert db.session.scalars(sa.select(Plan.price_cents)).one() == 36000


def _made_of(slug: str) -> list[tuple[str, str, int]]:
    plan = queries.any_plan(slug)
    assert plan is not None
    return [(part.label, part.category, part.cents) for part in plan.components]


def test_a_price_of_several_parts_is_split_its_main_part_having_the_rest(client: FlaskClient) -> None:
    office = _as(client, RoleName.ADMINISTRATOR)
    assert office.post(f"{PLANS}nouvelle/", data=FORM).status_code == 303
    assert _made_of("collectivite") == [("", "press", 34900)]
    split = {
        "main_label": "Magazine",
        "components-0-label": "Base documentaire", "components-0-category": "standard", "components-0-amount": "60",
    }  # fmt: skip

    office.post(f"{PLANS}collectivite/", data=FORM | split)
    fields = Page(office.get(f"{PLANS}collectivite/").text).fields
    office.post(f"{PLANS}collectivite/", data=fields | {"price": "400"})

    assert fields["components-0-amount"] == "60,00"
    assert fields["components-1-label"] == ""
    assert _made_of("collectivite") == [("Magazine", "press", 34000), ("Base documentaire", "standard", 6000)]
    office.post(f"{PLANS}collectivite/", data=fields | {"components-0-label": "", "components-0-amount": ""})
    assert _made_of("collectivite") == [("", "press", 34900)]


@pytest.mark.parametrize(
    ("label", "amount", "main", "told"),
    [
        ("Base", "349", "Magazine", "Les autres parts dépassent le prix."),
        ("Base", "60", "", "Nommez la part principale"),
        ("", "60", "Magazine", "Donnez un nom à cette part"),
        ("Base", "soixante", "Magazine", "Écrivez un montant en euros"),
        ("Base", "0", "Magazine", "Écrivez un montant en euros"),
    ],
)
def test_parts_that_do_not_make_the_price_are_told_and_kept(
    client: FlaskClient, label: str, amount: str, main: str, told: str
) -> None:
    office = _as(client, RoleName.ADMINISTRATOR)
    split = {"main_label": main, "components-0-label": label, "components-0-amount": amount}

    answer = office.post(f"{PLANS}nouvelle/", data=FORM | split | {"components-0-category": "standard"})

    assert answer.status_code == 422
    assert told in answer.text
    assert db.session.scalars(sa.select(Plan)).all() == []


@pytest.mark.parametrize("changes", [{"name": ""}, {"price": "beaucoup"}, {"months": "0"}, {"edition": "vinyle"}])
def test_what_is_wrong_with_a_plan_is_said_and_nothing_is_written(client: FlaskClient, changes: dict[str, str]) -> None:
    answer = _as(client, RoleName.ADMINISTRATOR).post(f"{PLANS}nouvelle/", data=FORM | changes)

    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Plan)) == 0


def test_plans_are_the_administrators(client: FlaskClient) -> None:
    make_plan(slug="individuel")
    office = _as(client, RoleName.ORGANISER)

    assert [office.get(f"{PLANS}{page}").status_code for page in ("", "nouvelle/", "individuel/")] == [403] * 3


def test_the_page_of_a_contract_says_why_it_is_there_and_what_its_reader_was_told(client: FlaskClient) -> None:
    contract = make_contract("lectrice@exemple.fr", ends_on=date(2027, 1, 20))
    service.remind_due(now=NOW)

    text = _as(client, RoleName.ORGANISER).get(f"{SUBSCRIBERS}{contract.id}/").text

    assert "Payé · En cours" in text
    assert "60 jours avant la fin (20\u00a0janvier 2027)" in text
    assert "Le prochain\u00a0: 30 jours avant la fin, le 21\u00a0décembre 2026." in text
    assert "Votre abonnement se termine le 20\u00a0janvier 2027" in text


def test_the_chain_of_renewals_is_followed_both_ways(client: FlaskClient) -> None:
    plan = make_plan()
    first = make_contract("lectrice@exemple.fr", plan=plan)
    second = make_contract(
        "lectrice@exemple.fr", plan=plan, starts_on=date(2027, 6, 1), ends_on=date(2028, 5, 31), renews_id=first.id
    )
    office = _as(client, RoleName.ORGANISER)

    for here, there in ((first, second), (second, first)):
        page = Page(office.get(f"{SUBSCRIBERS}{here.id}/").text)
        assert f"{SUBSCRIBERS}{there.id}/" in page.links.values()
        assert len(page.rows) == 2


def test_what_begins_on_a_day_to_come_does_not_run_yet_and_is_counted_once(client: FlaskClient) -> None:
    first = make_contract("lectrice@exemple.fr")
    to_come = {"starts_on": date(2027, 6, 1), "ends_on": date(2028, 5, 31), "renews_id": first.id}
    later = make_contract("lectrice@exemple.fr", **to_come)
    office = _as(client, RoleName.ORGANISER)

    for state, shown, hidden in (("en-cours", first, later), ("a-venir", later, first)):
        links = Page(office.get(f"{SUBSCRIBERS}?etat={state}").text).links.values()
        assert f"{SUBSCRIBERS}{shown.id}/" in links
        assert f"{SUBSCRIBERS}{hidden.id}/" not in links
    assert "Payé · À venir" in office.get(f"{SUBSCRIBERS}{later.id}/").text
    page = Page(office.get(f"{SUBSCRIBERS}{first.id}/").text)
    assert [word in " ".join(row) for word, row in zip(("En cours", "À venir"), page.rows, strict=True)] == [True, True]


def test_a_gift_is_listed_and_shown_with_where_it_stands(client: FlaskClient) -> None:
    order = place(a_gift(make_plan()), payment_method="mandat")
    contract = queries.contracts_of_order(order.id)[0]
    office = _as(client, RoleName.ORGANISER)

    (row,) = Page(office.get(f"{SUBSCRIBERS}?etat=cadeaux").text).rows
    page = office.get(f"{SUBSCRIBERS}{contract.id}/").text

    assert row[0].startswith("Claude Roux")
    assert "Offert à annoncer" in " ".join(row)
    for part in ("Dominique Martin", "claude.roux@exemple.fr", "Bonne lecture.", "À annoncer"):
        assert part in page
    assert Page(office.get(f"{SUBSCRIBERS}?etat=attente").text).rows == []


@pytest.mark.parametrize(("kind", "shown"), [("paid", 1), ("gift", 0), ("complimentary", 1), ("trial", 0)])
def test_the_list_is_narrowed_by_kind(client: FlaskClient, kind: str, shown: int) -> None:
    make_contract("lectrice@exemple.fr")
    make_contract("intervenant@exemple.fr", kind=ContractKind.COMPLIMENTARY)

    assert len(Page(_as(client, RoleName.ORGANISER).get(f"{SUBSCRIBERS}?nature={kind}").text).rows) == shown


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_asks_as_many_queries_for_few_rows_and_for_many(client: FlaskClient, count: int) -> None:
    plan = make_plan()
    for number in range(count):
        place(a_gift(plan, recipient_email=f"lecteur{number}@exemple.fr"), payment_method="mandat")
    office = _as(client, RoleName.ORGANISER)

    with counting_queries() as queries_asked:
        assert len(Page(office.get(f"{SUBSCRIBERS}?etat=cadeaux").text).rows) == count
    assert queries_asked() <= 5


GRANT = {
    "kind": "complimentary",
    "plan": "numerique",
    "ends_on": "2027-11-22",
    "reason": "Intervenant à Nantes",
    "email": "michel.monier@exemple.fr",
    "name": "Michel Monier",
    "tell": "y",
}


def test_a_subscription_is_given_with_its_reason(client: FlaskClient) -> None:
    make_plan(slug="numerique")
    office = _as(client, RoleName.ORGANISER)

    answer = office.post(f"{SUBSCRIBERS}nouveau/", data=GRANT)

    assert answer.status_code == 303
    page = office.get(answer.location).text
    for part in ("Gratuit · En cours", "Michel Monier", "Intervenant à Nantes", "Donné par", "22\u00a0novembre 2027"):
        assert part in page
    assert office.post(f"{answer.location}terminer/").status_code == 303
    assert "Gratuit · Annulé" in office.get(answer.location).text


@pytest.mark.parametrize(
    "changes",
    [{"reason": ""}, {"email": "x"}, {"ends_on": ""}, {"ends_on": "2026-11-01"}, {"kind": "paid"}, {"plan": "x"}],
)
def test_what_is_wrong_with_it_is_said_and_nothing_is_given(client: FlaskClient, changes: dict[str, str]) -> None:
    make_plan(slug="numerique")

    answer = _as(client, RoleName.ORGANISER).post(f"{SUBSCRIBERS}nouveau/", data=GRANT | changes)

    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Contract)) == 0


def test_one_on_paper_needs_its_address(client: FlaskClient) -> None:
    make_plan(slug="numerique", edition=Edition.PRINT)
    office = _as(client, RoleName.ORGANISER)

    assert office.post(f"{SUBSCRIBERS}nouveau/", data=GRANT).status_code == 422
    where = {"address": "1, rue", "postcode": "44000", "city": "Nantes"}
    assert office.post(f"{SUBSCRIBERS}nouveau/", data=GRANT | where).status_code == 303


def test_reminders_are_switched_for_one_contract(client: FlaskClient) -> None:
    contract = make_contract("lectrice@exemple.fr")
    office = _as(client, RoleName.ADMINISTRATOR)
    address = f"{SUBSCRIBERS}{contract.id}/"

    assert office.post(f"{address}rappels/non/").location == address
    assert "désactivés" in office.get(address).text
    office.post(f"{address}rappels/oui/")
    assert "Le prochain" in office.get(address).text


def test_who_may_act_for_a_reader_sees_the_link_that_renews(client: FlaskClient) -> None:
    contract = make_contract("lectrice@exemple.fr")

    assert contract.secret in _as(client, RoleName.ORGANISER).get(f"{SUBSCRIBERS}{contract.id}/").text


def test_the_accountant_sees_contracts_and_changes_none(client: FlaskClient) -> None:
    contract = make_contract("lectrice@exemple.fr")
    office = _as(client, RoleName.ACCOUNTANT)

    page = office.get(f"{SUBSCRIBERS}{contract.id}/").text
    assert "Désactiver les rappels" not in page
    assert contract.secret not in page
    assert office.post(f"{SUBSCRIBERS}{contract.id}/rappels/non/").status_code == 403
    assert office.get(f"{SUBSCRIBERS}nouveau/").status_code == 403
