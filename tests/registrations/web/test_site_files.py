"""A file that answers a question: given on one's own page or by whoever names the seat, read by organisers only."""

import io

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.files import storage
from eventsapp.files.models import StoredFile
from eventsapp.orders.models import Order
from eventsapp.registrations import service as registrations
from eventsapp.registrations.models import Answer
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import QuestionKind
from tests.registrations.looking import seat_of
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import place, seats, unnamed
from tests.support.makers.questions import make_question
from tests.support.makers.study_days import make_study_day
from tests.support.makers.uploads import PDF, a_pdf
from tests.support.pages import Page

pytestmark = pytest.mark.usefixtures("frozen")

PERSON = {"first_name": "Camille", "last_name": "Petit", "email": "camille@ville-exemple.fr"}
FILE, KEPT, WITHOUT = "answers-convention", "answers-convention-kept", "answers-convention-without"


@pytest.fixture
def day(client: FlaskClient) -> StudyDay:
    return make_study_day(slug="angers")


def bought(day: StudyDay, **values: object) -> Order:
    make_question(day, "convention", kind=QuestionKind.FILE, **values)
    return place(seats(day, unnamed()))


def own_page(order: Order) -> str:
    return f"/inscriptions/{seat_of(order).secret}/"


def stored() -> list[StoredFile]:
    return list(db.session.scalars(sa.select(StoredFile).join(Answer, Answer.file_id == StoredFile.id)))


def test_whoever_fills_in_the_seat_gives_it_replaces_it_and_a_correction_leaves_it(
    client: FlaskClient, day: StudyDay
) -> None:
    order = bought(day, required=True)
    page = own_page(order)

    refused = client.post(page, data=PERSON | {"last_name": "", FILE: a_pdf()})
    client.post(page, data=PERSON | {KEPT: Page(refused.text).fields[KEPT]})
    first = stored()[0]
    assert (first.name, storage.path_of(first.key).read_bytes()) == ("Convention.pdf", PDF)
    assert "Convention.pdf" in client.get(page).text

    edit = client.get(f"{page}modifier/").text
    corrected = client.post(f"{page}modifier/", data=PERSON | {"job_title": "DGS"})
    assert "Gardé\u00a0: «\u00a0Convention.pdf\u00a0»" in edit
    assert corrected.status_code == 303
    assert [file.key for file in stored()] == [first.key]

    key = first.key
    client.post(f"{page}modifier/", data=PERSON | {FILE: a_pdf("Signée.pdf")})
    assert [file.name for file in stored()] == ["Signée.pdf"]
    assert not storage.path_of(key).exists()


def test_a_file_that_need_not_be_given_is_taken_away_even_when_something_else_is_to_be_mended(
    client: FlaskClient, day: StudyDay
) -> None:
    order = bought(day)
    page = own_page(order)
    client.post(page, data=PERSON | {FILE: a_pdf()})
    key = stored()[0].key

    refused = client.post(f"{page}modifier/", data=PERSON | {"last_name": "", WITHOUT: "1"})
    assert (refused.status_code, [file.key for file in stored()]) == (422, [key])
    assert Page(refused.text).fields[WITHOUT] == "1"
    assert client.post(f"{page}modifier/", data=PERSON | {WITHOUT: "1"}).status_code == 303

    assert stored() == []
    assert not storage.path_of(key).exists()
    assert "Retirer" not in client.get(f"{page}modifier/").text


def test_a_file_that_must_be_given_stays(client: FlaskClient, day: StudyDay) -> None:
    order = bought(day, required=True)
    page = own_page(order)
    client.post(page, data=PERSON | {FILE: a_pdf()})

    answer = client.post(f"{page}modifier/", data=PERSON | {WITHOUT: "1"})

    assert answer.status_code == 422
    assert "Répondez à cette question." in answer.text
    assert [file.name for file in stored()] == ["Convention.pdf"]
    assert "Retirer" not in client.get(f"{page}modifier/").text


def test_the_coordinator_gives_it_with_the_name(client: FlaskClient, day: StudyDay) -> None:
    order = bought(day)
    address = f"/commandes/{order.reference}/{order.secret}/participants/{seat_of(order).id}/"

    answer = client.post(address, data=PERSON | {FILE: a_pdf()})

    assert answer.status_code == 303
    assert [file.name for file in stored()] == ["Convention.pdf"]


def test_with_the_person_goes_the_file(client: FlaskClient, day: StudyDay) -> None:
    order = bought(day)
    client.post(own_page(order), data=PERSON | {FILE: a_pdf()})
    key = stored()[0].key
    address = f"/commandes/{order.reference}/{order.secret}/participants/{seat_of(order).id}/remplacer/"

    answer = client.post(address, data=PERSON | {"last_name": "Durand", "email": "durand@ville-exemple.fr"})

    assert answer.status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 0
    assert not storage.path_of(key).exists()


@pytest.mark.parametrize(
    ("role", "plain", "reserved"),
    [
        (RoleName.ORGANISER, 200, 200),
        (RoleName.ADMINISTRATOR, 200, 200),
        (RoleName.ACCOUNTANT, 200, 404),
        (RoleName.EDITOR, 403, 403),
    ],
)
def test_who_may_read_it(client: FlaskClient, day: StudyDay, role: RoleName, plain: int, reserved: int) -> None:
    make_question(day, "besoin", kind=QuestionKind.FILE, sensitive=True, position=2)
    order = bought(day)
    client.post(own_page(order), data=PERSON | {FILE: a_pdf(), "answers-besoin": a_pdf("Besoin.pdf")})
    address = f"/organisation/inscriptions/{seat_of(order).id}/fichiers/"
    key = stored()[0].key

    assert client.get(f"{address}convention/").status_code in {302, 303, 401}
    assert client.get(f"/fichiers/{key}/").status_code == 404
    sign_in(client, make_user(role))

    answer = client.get(f"{address}convention/")
    assert (answer.status_code, client.get(f"{address}besoin/").status_code) == (plain, reserved)
    assert client.get(f"{address}autre/").status_code in {403, 404}
    if plain == 200:
        assert answer.data == PDF
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_the_office_leads_to_it_and_the_file_of_the_list_has_its_name(client: FlaskClient, day: StudyDay) -> None:
    order = bought(day)
    client.post(own_page(order), data=PERSON | {FILE: a_pdf()})
    sign_in(client, make_user(RoleName.ORGANISER))

    page = Page(client.get(f"/organisation/commandes/{order.reference}/").text)

    assert page.links["Convention.pdf"] == f"/organisation/inscriptions/{seat_of(order).id}/fichiers/convention/"
    assert "Convention.pdf" in client.get("/organisation/journees/angers/inscriptions/?format=csv").text


def test_a_reserved_file_is_erased_with_its_answer(client: FlaskClient, day: StudyDay) -> None:
    page = own_page(bought(day, sensitive=True, keep_days=0))
    db.session.commit()
    client.post(page, data=PERSON | {FILE: a_pdf()})
    key = stored()[0].key

    with unit_of_work.transaction():
        assert registrations.erase_due(now=day.ends_at) == 0
    with unit_of_work.transaction():
        assert registrations.erase_due(now=day.ends_at.replace(year=day.ends_at.year + 1)) == 1

    assert stored() == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 0
    assert not storage.path_of(key).exists()


def test_what_is_no_document_is_said_and_nothing_typed_is_lost(client: FlaskClient, day: StudyDay) -> None:
    order = bought(day)

    answer = client.post(own_page(order), data=PERSON | {FILE: (io.BytesIO(b"MZ\x90"), "a.pdf")})

    assert answer.status_code == 422
    assert f'id="{FILE}-error"' in answer.text
    assert 'value="Petit"' in answer.text
