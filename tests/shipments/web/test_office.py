"""What goes out on paper, in the office: numbers, who is to get one, labels, files."""

import csv
import io

import openpyxl
import pypdf
import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.shipments import papers
from eventsapp.subscriptions.statuses import UndeliveredReason
from tests.papers.validator import faults
from tests.shipments.test_service import DAY, on_paper
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import make_issue
from tests.support.pages import Page
from tests.support.queries import counting_queries

NUMBER = 376
ADDRESS = f"/organisation/envois/{NUMBER}/"

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    make_issue(NUMBER, published_on=DAY)
    sign_in(client, make_user(RoleName.ORGANISER))
    return client


def test_labels_are_made_in_one_press_and_lead_to_their_files(office: FlaskClient) -> None:
    on_paper("a@exemple.fr")
    on_paper("b@exemple.fr", copies=3, delivery_name="Michel Monier", delivery_postcode="01000")

    before = office.get(ADDRESS).text
    assert "2 abonnements" in before
    assert "4 exemplaires" in before
    assert office.post(f"{ADDRESS}figer/").status_code == 303

    page = Page(office.get(f"{ADDRESS}etiquettes/").text)
    assert [row[0] for row in page.rows] == ["Michel Monier", "Claude Roux"]
    assert page.links["Étiquettes (PDF)"] == f"{ADDRESS}etiquettes-1.pdf"
    row = Page(office.get("/organisation/envois/").text).rows[0]
    assert (row[0], row[2], row[3]) == ("N° 376", "2", "4")


def test_pressed_again_with_nobody_new_it_says_so(office: FlaskClient) -> None:
    on_paper()
    office.post(f"{ADDRESS}figer/")

    office.post(f"{ADDRESS}figer/")

    page = office.get(ADDRESS).text
    assert "Toutes les étiquettes de ce numéro sont faites" in page
    assert "Figer" not in page


def test_who_is_left_aside_is_listed_with_the_reason_and_leads_to_the_address(office: FlaskClient) -> None:
    back = on_paper("a@exemple.fr", undelivered_on=DAY, undelivered_reason=UndeliveredReason.UNKNOWN)
    on_paper("b@exemple.fr", delivery_name="Michel Monier", delivery_city="")

    page = Page(office.get(f"{ADDRESS}?etat=de-cote").text)

    assert sorted(row[-2] for row in page.rows) == ["adresse incomplète", "exemplaire revenu"]
    assert f"/organisation/abonnes/{back.id}/livraison/" in page.links.values()


def test_what_changed_since_is_shown_and_the_label_stays(office: FlaskClient) -> None:
    moved = on_paper("a@exemple.fr")
    on_paper("b@exemple.fr", delivery_name="Michel Monier")
    office.post(f"{ADDRESS}figer/")
    moved.delivery_city = "Lyon"
    db.session.commit()

    (row,) = Page(office.get(f"{ADDRESS}etiquettes/?etat=changees").text).rows

    assert "44000 Nantes" in row[1]
    assert row[-1] == "adresse changée depuis"


def test_the_files_hold_every_label_and_no_formula(office: FlaskClient) -> None:
    on_paper("a@exemple.fr", delivery_name="=1+1", delivery_address="12, rue Neuve")
    office.post(f"{ADDRESS}figer/")

    text = office.get(f"{ADDRESS}etiquettes/?format=csv").data.decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(text), delimiter=";")
    assert line["Destinataire"] == "'=1+1"
    assert (line["Ligne 2"], line["Ligne 6"]) == ("12 rue Neuve", "44000 NANTES")

    book = openpyxl.load_workbook(io.BytesIO(office.get(f"{ADDRESS}etiquettes/?format=xlsx").data))
    head, row = book.worksheets[0].iter_rows(values_only=True)
    assert dict(zip(head, row, strict=True))["Ligne 6"] == "44000 NANTES"
    cell = book.worksheets[0]["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


def test_the_sheets_are_accessible_and_say_the_address_in_order(office: FlaskClient) -> None:
    for number in range(16):
        on_paper(f"r{number}@exemple.fr", delivery_name=f"Lectrice {number:02d}", copies=1 + 2 * (number == 3))
    office.post(f"{ADDRESS}figer/")

    answer = office.get(f"{ADDRESS}etiquettes-1.pdf")

    assert answer.content_type == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert faults(answer.data) == []
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages]
    assert [page.count("44000 NANTES") for page in pages] == [14, 2]
    words = " ".join(pages[0].split())
    assert "Lectrice 00 1 place de la Mairie 44000 NANTES" in words
    assert "3 ex." in words


def test_many_labels_make_several_files(office: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "PER_PAPER", 2)
    for number in range(3):
        on_paper(f"r{number}@exemple.fr", delivery_name=f"Lectrice {number}")
    office.post(f"{ADDRESS}figer/")

    links = Page(office.get(f"{ADDRESS}etiquettes/").text).links
    second = office.get(links["Étiquettes (PDF), partie 2"])

    assert "Lectrice 2" in pypdf.PdfReader(io.BytesIO(second.data)).pages[0].extract_text()
    assert office.get(f"{ADDRESS}etiquettes-1.pdf?partie=3").status_code == 404


def test_who_only_sees_money_sees_the_labels_and_makes_none(client: FlaskClient) -> None:
    make_issue(NUMBER, published_on=DAY)
    on_paper()
    sign_in(client, make_user(RoleName.ACCOUNTANT))

    assert "Figer" not in client.get(ADDRESS).text
    assert client.post(f"{ADDRESS}figer/").status_code == 403


def test_a_number_that_does_not_exist_has_no_page(office: FlaskClient) -> None:
    for address in ("99/", "99/etiquettes/", "99/etiquettes-1.pdf", f"{NUMBER}/etiquettes-1.pdf"):
        assert office.get(f"/organisation/envois/{address}").status_code == 404
    assert office.post("/organisation/envois/99/figer/").status_code == 404


@pytest.mark.parametrize("readers", [1, 3])
def test_the_pages_ask_the_same_number_of_queries(office: FlaskClient, readers: int) -> None:
    for number in range(readers):
        on_paper(f"r{number}@exemple.fr")
        make_issue(number + 1)
    office.get(ADDRESS)
    counts = []
    for address in ("/organisation/envois/", ADDRESS):
        with counting_queries() as count:
            office.get(address)
        counts.append(count())
    office.post(f"{ADDRESS}figer/")
    with counting_queries() as count:
        office.get(f"{ADDRESS}etiquettes/")

    assert [*counts, count()] == [4, 7, 7]
