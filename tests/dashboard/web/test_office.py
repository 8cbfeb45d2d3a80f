"""The first page of the office, its navigation, and its search."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime, time, timedelta

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import MailStatus
from eventsapp.study_days.statuses import StudyDayStatus
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import make_article, make_comment
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import make_city, make_session, make_speaker, make_study_day
from tests.support.pages import Page
from tests.support.queries import QueryCount

TODAY, SEARCH = "/organisation/", "/organisation/recherche/"


def _as(client: FlaskClient, role: RoleName) -> FlaskClient:
    sign_in(client, make_user(role))
    return client


def _late_order() -> None:
    day = make_study_day(starts_at=clock.now() + timedelta(days=90))
    order = place(seats(day), payment_method="mandat", now=clock.now() - timedelta(days=50))
    order.due_on = order.tolerated_until = clock.local_date(clock.now()) - timedelta(days=5)
    db.session.commit()


def _failed_mail() -> None:
    now = clock.now()
    db.session.add(
        OutgoingMail(
            template="checkout/order_placed", to_address="a@exemple.fr", subject="S", text="T", html="H",
            created_at=now, due_at=now, locale="fr", message_id="<a>", status=MailStatus.FAILED,
        )
    )  # fmt: skip
    db.session.commit()


def test_nothing_to_do_is_said(client: FlaskClient) -> None:
    page = _as(client, RoleName.ADMINISTRATOR).get(TODAY).text

    assert "Rien n’attend" in page
    assert "Aucune journée à venir" in page
    assert "Tout est encaissé" in page


def test_what_waits_leads_to_the_list_that_shows_it(client: FlaskClient) -> None:
    _late_order()
    _failed_mail()
    make_comment(make_article())
    make_study_day(status=StudyDayStatus.DRAFT)
    make_session(make_study_day(starts_at=clock.now() - timedelta(days=9)))
    office = _as(client, RoleName.ADMINISTRATOR)

    page = Page(office.get(TODAY).text)

    for verb, address, count in (
        ("Voir", "/organisation/commandes/?etat=retard", "En retard 1"),
        ("Corriger", "/organisation/courriels/?etat=refuses", "Refusés 1"),
        ("Compléter", "/organisation/journees/?etat=brouillons", "Brouillons 1"),
    ):
        assert page.links[verb] == address
        assert count in Page(office.get(address).text).links
    assert page.links["Rédiger"] == "/organisation/comptes-rendus/"
    assert page.links["Relire"] == "/organisation/commentaires/"


def test_the_navigation_counts_what_waits_and_shows_what_the_role_may_do(client: FlaskClient) -> None:
    _late_order()
    office = _as(client, RoleName.ACCOUNTANT)

    links = Page(office.get(TODAY).text).links

    assert links["Commandes 1"] == "/organisation/commandes/"
    assert "Équipe" not in links
    assert "Commentaires" not in links


@pytest.mark.parametrize("role", list(RoleName))
def test_every_entry_of_the_navigation_opens(client: FlaskClient, role: RoleName) -> None:
    office = _as(client, role)
    html = office.get(TODAY).text
    navigation = Page(html[html.index('class="office-nav"') : html.index('class="office-page"')])

    assert len(navigation.links) >= 2
    assert {address: office.get(address).status_code for address in navigation.links.values()} == dict.fromkeys(
        navigation.links.values(), 200
    )


def test_an_editor_is_told_nothing_of_money(client: FlaskClient) -> None:
    _late_order()

    page = _as(client, RoleName.EDITOR).get(TODAY).text

    assert "Règlements en retard" not in page
    assert "Argent attendu" not in page


def test_the_next_days_say_how_full_they_are(client: FlaskClient) -> None:
    soon = clock.now() + timedelta(days=20)
    make_study_day(city=make_city("Nantes"), capacity=140, seats_taken=118, starts_at=soon)
    make_study_day(city=make_city("Brest"), starts_at=soon, status=StudyDayStatus.CANCELLED)

    page = _as(client, RoleName.ORGANISER).get(TODAY).text

    assert "118 sur 140" in page
    assert "84\u00a0%" in page
    assert "Brest" not in page


def test_money_awaited_is_told_by_method_and_age(client: FlaskClient) -> None:
    _late_order()
    day = make_study_day(starts_at=clock.now() + timedelta(days=90))
    # A cheque is awaited for fifteen days and tolerated for ten.
    for number, days in enumerate((26, 25, 1)):
        place(seats(day, an_attendee(number)), payment_method="cheque", now=clock.now() - timedelta(days=days))
    db.session.commit()

    rows = Page(_as(client, RoleName.ACCOUNTANT).get(TODAY).text).rows

    assert rows[-3:] == [
        ["0,00 €", "0,00 €", "621,00 €"],
        ["621,00 €", "621,00 €", "621,00 €"],
        ["621,00 €", "621,00 €", "1 242,00 €"],
    ]


def test_the_curve_has_its_table(client: FlaskClient) -> None:
    day = make_study_day(city=make_city("Nantes"), starts_at=clock.now() + timedelta(days=25))
    place(seats(day), payment_method="mandat", now=clock.now() - timedelta(days=10))
    place(seats(day, an_attendee(2)), payment_method="mandat", now=clock.now())
    db.session.commit()

    page = _as(client, RoleName.ORGANISER).get(TODAY).text

    assert "Nantes, 2 à ce jour" in page
    assert [row[0] for row in Page(page).rows if len(row) == 1] == ["0", "0", "0", "1", "", "", ""]


def test_the_door_sees_the_days_of_today_and_no_other(client: FlaskClient) -> None:
    noon = datetime.combine(clock.local_date(clock.now()), time(11), tzinfo=UTC)
    make_study_day(slug="aujourdhui", city=make_city("Nantes"), starts_at=noon)
    make_study_day(city=make_city("Dijon"), starts_at=noon + timedelta(days=2))
    make_study_day(city=make_city("Brest"), starts_at=noon, status=StudyDayStatus.CANCELLED)

    page = _as(client, RoleName.DOOR).get(TODAY)

    assert "Nantes" in page.text
    assert "Dijon" not in page.text
    assert "Brest" not in page.text
    assert client.get("/organisation/journees/aujourdhui/inscriptions/").status_code == 200


@pytest.mark.parametrize("days", [3, 12])
def test_the_page_asks_at_most_eight_queries(
    client: FlaskClient, days: int, count_queries: AbstractContextManager[QueryCount]
) -> None:
    for number in range(days):
        day = make_study_day(starts_at=clock.now() + timedelta(days=30 + number))
        make_study_day(starts_at=clock.now() - timedelta(days=30 + number))
        place(seats(day), payment_method="mandat", now=clock.now())
    db.session.commit()
    office = _as(client, RoleName.ADMINISTRATOR)

    with count_queries as count:
        assert office.get(TODAY).status_code == 200

    assert count() <= 8


def test_one_search_finds_days_people_and_orders(client: FlaskClient) -> None:
    day = make_study_day(title="Mutualiser", city=make_city("Sète"), starts_at=clock.now() + timedelta(days=90))
    make_speaker("Hélène Sete")
    order = place(seats(day), now=clock.now())
    reference, email = order.reference, order.email
    db.session.commit()
    office = _as(client, RoleName.ORGANISER)

    found = Page(office.get(f"{SEARCH}?q=sete").text)
    assert [row[0] for row in found.rows] == ["Mutualiser", "Hélène Sete"]
    assert reference in office.get(f"{SEARCH}?q={reference}").text
    assert reference in str(Page(office.get(f"{SEARCH}?q=@{email.partition('@')[2]}").text).links)


def test_a_search_shows_nothing_that_the_role_may_not_see(client: FlaskClient) -> None:
    order = place(seats(make_study_day(starts_at=clock.now() + timedelta(days=90))), now=clock.now())
    reference = order.reference
    db.session.commit()
    office = _as(client, RoleName.EDITOR)

    assert "Rien de trouvé" in office.get(f"{SEARCH}?q={reference}").text


def test_more_than_fits_leads_to_the_list_with_the_same_search(client: FlaskClient) -> None:
    for _ in range(8):
        make_study_day(title="Mutualiser")
    office = _as(client, RoleName.ORGANISER)

    page = Page(office.get(f"{SEARCH}?q=mutualiser").text)

    assert len(page.rows) == 6
    assert len(Page(office.get(page.links["Voir tout"]).text).rows) == 8


@pytest.mark.parametrize("words", ["", "%", "\x00", "' OR 1=1", "<script>alert(1)</script>", "x" * 3000])
def test_no_search_breaks_or_runs_anything(client: FlaskClient, words: str) -> None:
    answer = _as(client, RoleName.ADMINISTRATOR).get(SEARCH, query_string={"q": words})

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_the_search_asks_at_most_seven_queries(
    client: FlaskClient, count_queries: AbstractContextManager[QueryCount]
) -> None:
    office = _as(client, RoleName.ADMINISTRATOR)

    with count_queries as count:
        office.get(f"{SEARCH}?q=a")

    assert count() <= 7
