"""Views of the list of registrations: saved under a name, shared, renamed, deleted and brought back."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.office.models import SavedView
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.attendance import make_open_day
from tests.support.pages import Page

LIST = "/organisation/inscriptions/"
VIEWS = f"{LIST}vues/"
CHOSEN = "colonnes=participant%2Ccourriel&etat=confirmees&q=roux&tri=participant"

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    return _as(client)


def _as(client: FlaskClient, role: RoleName = RoleName.ORGANISER) -> FlaskClient:
    client.post("/compte/deconnexion/")
    sign_in(client, make_user(role))
    return client


def _save(office: FlaskClient, name: str = "Confirmés", **values: str) -> SavedView:
    page = Page(office.get(f"{LIST}?{CHOSEN}").text)
    answer = office.post(VIEWS, data={**page.fields, "name": name, **values})
    assert answer.status_code == 303
    return db.session.scalars(sa.select(SavedView).order_by(SavedView.id.desc()).limit(1)).one()


def test_a_view_keeps_filters_columns_and_order_and_opens_them_again(office: FlaskClient) -> None:
    make_open_day(2)
    _save(office)

    page = Page(office.get(LIST).text)
    again = Page(office.get(page.links["Vue : Confirmés"]).text)

    assert page.links["Vue : Confirmés"] == f"{LIST}?{CHOSEN}"
    assert again.rows == [
        ["Claude Roux1 Ville d’Exemple", "claude.roux1@ville-exemple.fr"],
        ["Claude Roux2 Ville d’Exemple", "claude.roux2@ville-exemple.fr"],
    ]


def test_saving_under_the_same_name_replaces_the_view(office: FlaskClient) -> None:
    _save(office)
    _save(office, parameters="etat=absentes&format=csv&page=3")

    assert db.session.scalars(sa.select(SavedView.parameters)).all() == ["etat=absentes"]


def test_a_view_is_ones_own_until_it_is_shared(client: FlaskClient) -> None:
    own = _save(_as(client))
    _save(client, "Pour tous", is_shared="y")

    others = _as(client, RoleName.ACCOUNTANT)
    page = Page(others.get(LIST).text)

    assert "Vue : Pour tous équipe" in page.links
    assert "Confirmés" not in others.get(LIST).text
    assert "Pour tous" in others.get(VIEWS).text
    for action in ("", "supprimer/", "retablir/"):
        assert others.post(f"{VIEWS}{own.id}/{action}", data={"name": "À moi"}).status_code == 404


def test_a_view_is_renamed_and_needs_a_name(office: FlaskClient) -> None:
    view = _save(office)

    wrong = office.post(f"{VIEWS}{view.id}/", data={"name": ""})
    office.post(f"{VIEWS}{view.id}/", data={"name": "Tous les miens", "is_shared": "y"})

    assert wrong.status_code == 422
    assert "Donnez un nom à cette vue." in wrong.text
    db.session.refresh(view)
    assert (view.name, view.is_shared) == ("Tous les miens", True)


def test_a_deleted_view_comes_back_from_the_page_that_follows(office: FlaskClient) -> None:
    view = _save(office)

    after = office.post(f"{VIEWS}{view.id}/supprimer/").location
    page = office.get(after).text

    assert "est supprimée" in page
    assert "Confirmés" not in office.get(LIST).text
    office.post(f"{VIEWS}{view.id}/retablir/")
    assert "Confirmés" in office.get(LIST).text
    assert "est supprimée" not in office.get(after).text


def test_only_the_last_deleted_view_is_kept(office: FlaskClient) -> None:
    first, second = _save(office), _save(office, "Autre")

    for view_id in (first.id, second.id):
        office.post(f"{VIEWS}{view_id}/supprimer/")

    assert db.session.scalars(sa.select(SavedView.name)).all() == ["Autre"]


def test_there_is_room_for_thirty(office: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eventsapp.office.service.MOST_OWN", 1)
    _save(office)

    _save(office, "De trop")

    assert db.session.scalars(sa.select(SavedView.name)).all() == ["Confirmés"]


def test_nothing_leads_elsewhere(office: FlaskClient) -> None:
    answer = office.post(VIEWS, data={"name": "A", "list_name": "inscriptions", "back": "//ailleurs.example/"})

    assert answer.location == LIST
