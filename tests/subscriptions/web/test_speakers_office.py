"""A complimentary year for the speakers of a day, in the office."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.subscriptions.models import Contract, Plan
from eventsapp.subscriptions.statuses import ContractStatus
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.study_days import make_session, make_speaker, make_study_day
from tests.support.makers.subscriptions import make_contract, make_plan
from tests.support.pages import Page
from tests.support.queries import counting_queries

ADDRESS = "/organisation/journees/angers-2026/annee-offerte/"

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(RoleName.ORGANISER))
    return client


def a_day(count: int = 3) -> list[Speaker]:
    """Make a day with so many speakers; the first has a subscription, the last no address."""
    plan = make_plan()
    speakers = [
        make_speaker(f"P Nom{number}", email="" if number == count - 1 else f"p{number}@exemple.fr")
        for number in range(count)
    ]
    make_session(make_study_day(slug="angers-2026"), speakers=speakers)
    make_contract("p0@exemple.fr", plan=plan)
    return speakers


def test_it_says_who_gets_one_before_anything_is_given(office: FlaskClient) -> None:
    a_day(4)

    page = office.get(ADDRESS).text

    assert "2 recevront un an" in page
    assert "1 en a déjà un" in page
    assert "1 sans adresse" in page
    assert "Offrir un an à 2 intervenants" in page
    assert Page(page).fields["expected"] == "2"
    assert db.session.scalar(sa.select(sa.func.count(Contract.id))) == 1


def test_one_press_gives_it_and_another_takes_it_back(office: FlaskClient) -> None:
    a_day(4)
    fields = Page(office.get(ADDRESS).text).fields
    fields["plan"] = db.session.scalars(sa.select(Plan.slug)).one()

    assert office.post(ADDRESS, data=fields).status_code == 303

    page = office.get(ADDRESS).text
    assert "2 abonnements en cours" in page
    assert "Offrir un an à" not in page
    assert office.post(f"{ADDRESS}reprendre/").status_code == 303
    statuses = db.session.scalars(sa.select(Contract.status).order_by(Contract.id)).all()
    assert statuses == [ContractStatus.ACTIVE, ContractStatus.CANCELLED, ContractStatus.CANCELLED]


def test_an_address_that_is_typed_counts_after_a_recount_and_is_kept(office: FlaskClient) -> None:
    last = a_day(3)[-1]
    fields = Page(office.get(ADDRESS).text).fields
    fields["plan"] = db.session.scalars(sa.select(Plan.slug)).one()
    place = next(name for name, value in fields.items() if value == str(last.id)).removesuffix("key")
    typed = {**fields, f"{place}email": "nouvelle@exemple.fr", f"{place}picked": "y"}

    recounted = office.post(ADDRESS, data={**typed, "check": "1"})
    stale = office.post(ADDRESS, data=typed)
    given = office.post(ADDRESS, data={**typed, "expected": Page(recounted.text).fields["expected"]})

    assert "Offrir un an à 2 intervenants" in recounted.text
    assert (stale.status_code, given.status_code) == (409, 303)
    assert "le compte a changé" in stale.text
    assert db.session.get_one(Speaker, last.id).email == "nouvelle@exemple.fr"


def test_what_is_wrong_is_said(office: FlaskClient) -> None:
    a_day()
    fields = Page(office.get(ADDRESS).text).fields
    fields["plan"] = db.session.scalars(sa.select(Plan.slug)).one()

    assert office.post(ADDRESS, data={**fields, "ends_on": "2020-01-01"}).status_code == 422
    assert office.post(ADDRESS, data={**fields, "reason": ""}).status_code == 422
    assert db.session.scalar(sa.select(sa.func.count(Contract.id))) == 1


def test_a_draft_has_none_and_a_day_without_speakers_says_so(office: FlaskClient) -> None:
    make_plan()
    make_study_day(slug="angers-2026", status=StudyDayStatus.DRAFT)
    make_study_day(slug="nantes-2026")

    assert office.get(ADDRESS).status_code == 404
    assert "Aucun intervenant" in office.get(ADDRESS.replace("angers", "nantes")).text


def test_the_programme_leads_there(office: FlaskClient) -> None:
    a_day()

    links = Page(office.get("/organisation/journees/angers-2026/programme/").text).links
    assert links["Offrir un an aux intervenants"] == ADDRESS


@pytest.mark.parametrize("count", [2, 5])
def test_the_page_asks_the_same_number_of_queries(office: FlaskClient, count: int) -> None:
    a_day(count)
    office.get(ADDRESS)

    with counting_queries() as asked:
        office.get(ADDRESS)

    assert asked() == 10


def test_the_address_of_a_speaker_is_shown_nowhere_on_the_site(client: FlaskClient) -> None:
    speakers = a_day()

    for address in (f"/intervenants/{speakers[0].slug}/", "/intervenants/", "/journees/angers-2026/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "p0@exemple.fr" not in answer.text
