"""Legal texts, for their readers and in the office."""

import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.audit.models import AuditEntry
from eventsapp.core.db import db
from eventsapp.site import queries
from eventsapp.site.models import SitePage
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.study_days import NOW

pytestmark = pytest.mark.usefixtures("frozen")

TYPED = {"title": "Mentions", "body": "## Éditeur\n\n[[seller_name]] écrit."}


def write(slug: str, locale: str, body: str, title: str = "Écrit") -> None:
    db.session.add(SitePage(slug=slug, locale=locale, title=title, body=body, updated_at=NOW))
    db.session.commit()


@pytest.fixture
def editor(client: FlaskClient) -> FlaskClient:
    """Somebody who may change the texts, signed in."""
    sign_in(client, make_user(RoleName.EDITOR))
    return client


# Readers


@pytest.mark.parametrize("slug", queries.SLUGS)
@pytest.mark.parametrize(("prefix", "language"), [("", "fr"), ("/en", "en")])
def test_every_text_is_shipped_in_both_languages(client: FlaskClient, slug: str, prefix: str, language: str) -> None:
    answer = client.get(f"{prefix}/{slug}/")

    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert "[[" not in answer.text
    assert answer.headers["X-Page-Cache"] == "magazine,site"
    assert len(re.findall(r'<h2 id="[a-z0-9-]+">', answer.text)) >= 4


def test_the_settings_of_the_seller_stand_in_the_texts(client: FlaskClient) -> None:
    page = client.get("/mentions-legales/").text

    assert "Les Éditions de l’Essai" in page
    assert "1, rue de l’Essai, 38000 Grenoble" in page
    assert "<em>à renseigner</em>" in page


def test_accessibility_claims_no_rate(client: FlaskClient) -> None:
    page = client.get("/accessibilite/").text

    assert "<strong>non conforme</strong>" in page
    assert not re.search(r"partiellement conforme</|totalement conforme|\d+(,\d+)?\s*%\s*de conformité", page)


def test_a_text_that_its_owner_wrote_stands_for_the_shipped_one(client: FlaskClient) -> None:
    write("mentions-legales", "fr", "## Éditeur\n\nNous, [[seller_name]].")

    page = client.get("/mentions-legales/").text

    assert "Nous, Les Éditions de l’Essai." in page
    assert "<h1>Écrit</h1>" in page
    assert "Dernière mise à jour le 23\u00a0novembre 2026." in page
    assert '<h2 id="editeur">Éditeur</h2>' in page


def test_a_changed_french_text_counts_more_than_a_shipped_translation(client: FlaskClient) -> None:
    write("mentions-legales", "fr", "Nous.")

    page = client.get("/en/mentions-legales/").text

    assert '<div class="prose" lang="fr"><p>Nous.</p>' in page


def test_a_written_translation_is_read_in_its_language(client: FlaskClient) -> None:
    write("mentions-legales", "fr", "Nous.")
    write("mentions-legales", "en", "We.")

    assert "<p>We.</p>" in client.get("/en/mentions-legales/").text
    assert "<p>Nous.</p>" in client.get("/mentions-legales/").text


def test_markup_in_a_text_cannot_harm(client: FlaskClient) -> None:
    write(
        "mentions-legales",
        "fr",
        "## <script>alert(1)</script>\n\n<img src=x onerror=alert(1)> [x](javascript:alert(1))",
    )

    page = client.get("/mentions-legales/").text

    assert "<script>alert" not in page
    assert "<img" not in page
    assert "javascript:" not in re.findall(r'href="([^"]*)"', page)


def test_two_headings_alike_have_two_addresses(client: FlaskClient) -> None:
    write("mentions-legales", "fr", "## Prix\n\na\n\n## Prix\n\nb")

    assert re.findall(r'<h2 id="(prix[^"]*)">', client.get("/mentions-legales/").text) == ["prix", "prix-2"]


# The office


def test_the_list_says_who_wrote_each_text_and_what_is_missing(editor: FlaskClient) -> None:
    write("mentions-legales", "fr", "Tout y est.")

    page = editor.get("/organisation/textes/").text

    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)[1:]
    assert len(rows) == len(queries.EDITED) * len(queries.LOCALES)
    assert "modifié le 23\u00a0novembre 2026" in rows[0]
    assert '<span class="good">0</span>' in rows[0]
    assert "texte proposé" in rows[1]
    assert '<span class="wait">' in rows[1]


def test_a_text_is_changed_and_the_history_keeps_both(editor: FlaskClient) -> None:
    answer = editor.post("/organisation/textes/mentions-legales/fr/", data=TYPED)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/organisation/textes/mentions-legales/fr/")
    assert "Les Éditions de l’Essai écrit." in editor.get("/mentions-legales/").text
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "site.edit")).one()
    assert entry.changes["body"][1] == TYPED["body"]
    assert entry.changes["title"] == ["Mentions légales", "Mentions"]


def test_the_shipped_text_can_be_put_back(editor: FlaskClient) -> None:
    write("mentions-legales", "fr", "Nous.")

    answer = editor.post("/organisation/textes/mentions-legales/fr/retablir/")

    assert answer.status_code == 303
    assert "<h1>Mentions légales</h1>" in editor.get("/mentions-legales/").text
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "site.edit")).one()
    assert entry.changes["body"][0] == "Nous."


def test_putting_back_what_nobody_changed_changes_nothing(editor: FlaskClient) -> None:
    editor.post("/organisation/textes/mentions-legales/fr/retablir/")

    assert db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "site.edit")).all() == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": ""}, "Donnez un titre à la page."),
        ({"title": "x" * 151}, "Pas plus de 150 caractères."),
        ({"body": "  "}, "Le texte est vide."),
        ({"body": "x" * 60_001}, "Pas plus de 60000 caractères."),
        ({"body": "a\x00b"}, "caractères invisibles"),
    ],
)
def test_a_wrong_text_is_refused_beside_its_field_and_kept(
    editor: FlaskClient, changed: dict[str, str], said: str
) -> None:
    answer = editor.post("/organisation/textes/mentions-legales/fr/", data=TYPED | changed)

    assert answer.status_code == 422
    assert answer.text.count(said) >= 2
    assert db.session.scalars(sa.select(SitePage)).all() == []
    if "title" in changed:
        assert "[[seller_name]] écrit." in answer.text


def test_a_text_is_seen_before_it_is_kept(editor: FlaskClient) -> None:
    answer = editor.post(
        "/organisation/textes/mentions-legales/fr/apercu/", data={"text": "[[seller_name]] <script>alert(1)</script>"}
    )

    assert "Les Éditions de l’Essai" in answer.text
    assert "<script>" not in answer.text
    assert db.session.scalars(sa.select(SitePage)).all() == []


@pytest.mark.parametrize("path", ["autre/fr/", "mentions-legales/de/", "mentions-legales/fr/autre/"])
def test_other_texts_are_not_there(editor: FlaskClient, path: str) -> None:
    assert editor.get(f"/organisation/textes/{path}").status_code == 404
    assert editor.post(f"/organisation/textes/{path}", data=TYPED).status_code == 404


@pytest.mark.parametrize("role", [RoleName.ORGANISER, RoleName.ACCOUNTANT, RoleName.DOOR])
def test_others_may_not(client: FlaskClient, role: RoleName) -> None:
    sign_in(client, make_user(role))

    assert client.get("/organisation/textes/").status_code == 403
    assert client.post("/organisation/textes/mentions-legales/fr/", data=TYPED).status_code == 403
    assert client.post("/organisation/textes/mentions-legales/fr/retablir/").status_code == 403
    assert client.post("/organisation/textes/mentions-legales/fr/apercu/").status_code == 403


def test_strangers_sign_in_first(client: FlaskClient) -> None:
    assert client.get("/organisation/textes/").status_code == 303
    assert db.session.scalars(sa.select(SitePage)).all() == []
