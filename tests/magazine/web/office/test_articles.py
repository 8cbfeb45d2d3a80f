"""Articles in the office: the list, the editor, the preview."""

from contextlib import AbstractContextManager
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from eventsapp.accounts.access import RoleName
from eventsapp.audit import queries as audit
from eventsapp.core.db import db
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import Access, ArticleKind, ArticleStatus
from tests.magazine.web.office.typed import typed
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import make_article, make_issue, make_section
from tests.support.makers.study_days import make_city, make_session, make_speaker, make_study_day
from tests.support.pages import Page
from tests.support.queries import QueryCount

ADDRESSES = [
    "/organisation/articles/",
    "/organisation/articles/nouveau/",
    "/organisation/comptes-rendus/",
    "/organisation/numeros/",
    "/organisation/numeros/nouveau/",
    "/organisation/rubriques/",
    "/organisation/commentaires/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_enters_the_newsroom_without_signing_in(client: FlaskClient, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 303
    assert answer.location.startswith("/compte/connexion/")


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (RoleName.ADMINISTRATOR, 7),
        (RoleName.EDITOR, 7),
        (RoleName.ORGANISER, 3),
        (RoleName.ACCOUNTANT, 0),
        (RoleName.DOOR, 0),
    ],
)
def test_a_role_enters_where_it_works_and_nowhere_else(client: FlaskClient, role: RoleName, allowed: int) -> None:
    sign_in(client, make_user(role))

    statuses = [client.get(address).status_code for address in ADDRESSES]

    assert statuses == [200] * allowed + [403] * (len(ADDRESSES) - allowed)


def test_the_list_shows_each_article_and_counts_each_state(editor: FlaskClient) -> None:
    section, issue = make_section("Juridique"), make_issue(602)
    make_article(title="Les cinq oublis", section_id=section.id, issue_id=issue.id)
    make_article(title="À finir", status=ArticleStatus.DRAFT)

    page = Page(editor.get("/organisation/articles/").text)
    drafts = Page(editor.get("/organisation/articles/?etat=brouillons").text)

    assert {row[0] for row in page.rows} == {"Les cinq oublis Juridique · n° 602", "À finir"}
    assert [row[0] for row in drafts.rows] == ["À finir"]
    assert "Brouillons 1" in page.links
    assert "Publiés 1" in page.links


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=oublis", ["Les cinq oublis Juridique"]),
        ("rubrique=juridique", ["Les cinq oublis Juridique"]),
        ("nature=report", ["D’Angers à Cholet"]),
        ("acces=subscribers", ["D’Angers à Cholet"]),
        ("parution-du=2030-01-01", []),
        ("q=rien", []),
    ],
)
def test_the_list_is_searched_and_filtered(editor: FlaskClient, query: str, found: list[str]) -> None:
    make_article(title="Les cinq oublis", section_id=make_section("Juridique").id)
    make_article(title="D’Angers à Cholet", kind=ArticleKind.REPORT, access=Access.SUBSCRIBERS)

    assert [row[0] for row in Page(editor.get(f"/organisation/articles/?{query}").text).rows] == found


def test_the_list_is_exported_as_it_is_filtered(editor: FlaskClient) -> None:
    day = make_study_day(city=make_city("Angers"))
    make_article(title="=1+1", study_day_id=day.id, status=ArticleStatus.DRAFT)
    make_article(title="Publié")

    answer = editor.get("/organisation/articles/?etat=brouillons&format=xlsx")
    rows = list(load_workbook(BytesIO(answer.data)).active.iter_rows(values_only=True))

    assert len(rows) == 2
    assert "Angers" in rows[1]


@pytest.mark.parametrize("rows", [3, 30])
def test_the_list_asks_the_same_whatever_the_number_of_rows(
    editor: FlaskClient, count_queries: AbstractContextManager[QueryCount], rows: int
) -> None:
    for _number in range(rows):
        make_article(section_id=make_section().id, issue_id=make_issue().id, study_day_id=make_study_day().id)

    with count_queries as count:
        assert editor.get("/organisation/articles/").status_code == 200

    # Who asks, the rows, the counts of the tabs, the sections to filter by, the days without a report.
    assert count() == 6


def test_a_draft_is_written_and_opens_in_its_own_editor(editor: FlaskClient) -> None:
    section = make_section("Juridique")

    answer = editor.post(
        "/organisation/articles/nouveau/",
        data={"title": "Les cinq oublis", "kind": "article", "access": "subscribers", "section": str(section.id)}
        | {"issue": "0", "study_day": "0", "byline": "la rédaction"},
    )

    (article,) = db.session.query(Article)
    assert (answer.status_code, answer.location) == (303, f"/organisation/articles/{article.id}/")
    assert (article.title, article.slug, article.access, article.section_id, article.status) == (
        "Les cinq oublis",
        "les-cinq-oublis",
        Access.SUBSCRIBERS,
        section.id,
        ArticleStatus.DRAFT,
    )
    assert "Le brouillon est enregistré." in editor.get(answer.location).text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "", "Donnez un titre"),
        ("title", "x" * 201, "200 caractères"),
        ("lead", "x" * 1201, "1200 caractères"),
        ("body", "a\x00b", "invisibles"),
        ("slug", "prise", "Un autre article a déjà cette adresse."),
        ("section", "999999", "section"),
        ("kind", "roman", "kind"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    editor: FlaskClient, field: str, value: str, said: str
) -> None:
    make_article(slug="prise")
    article = make_article(slug="libre", title="Avant")
    form = typed(article, subtitle="Tapé à l’instant") | {field: value}

    answer = editor.post(f"/organisation/articles/{article.id}/", data=form)

    assert answer.status_code == 422
    assert said in answer.text
    assert Page(answer.text).fields["subtitle"] == "Tapé à l’instant"
    db.session.expire_all()
    assert (article.title, article.subtitle) == ("Avant", "")


def test_the_editor_shows_what_is_saved_and_saves_what_is_changed(editor: FlaskClient) -> None:
    day = make_study_day()
    speaker, guest = make_speaker("Michel Monier"), make_speaker("Anne Ailleurs")
    first, second = make_session(day, speakers=[speaker], title="Angers"), make_session(day, title="Mulhouse")
    others = [make_article(title=f"Autre {number}") for number in (1, 2)]
    article = make_article(
        study_day_id=day.id, sessions=[first], speakers=[speaker, guest], related=others, body="Un **texte**."
    )
    page = editor.get(f"/organisation/articles/{article.id}/").text
    assert f'name="sessions" value="{first.id}" checked' in page
    assert f'name="sessions" value="{second.id}" />' in page
    assert f'name="speakers" value="{guest.id}" checked' in page
    assert page.index("Autre 1") < page.index("Autre 2")
    assert "Un <strong>texte</strong>." in page

    answer = editor.post(
        f"/organisation/articles/{article.id}/",
        data=typed(article, title="Après", sessions=[str(second.id)], speakers=[], related=[str(others[1].id)]),
        follow_redirects=True,
    )

    assert "C’est enregistré." in answer.text
    saved = typed(article)
    assert (saved["title"], saved["sessions"], saved["speakers"], saved["related"], saved["version"]) == (
        "Après",
        [str(second.id)],
        [],
        [str(others[1].id)],
        "2",
    )


@pytest.mark.parametrize("version", ["", "0", "x", "²", "99999999999999999999"])
def test_a_version_that_never_was_overwrites_nothing(editor: FlaskClient, version: str) -> None:
    article = make_article(title="Avant")

    answer = editor.post(f"/organisation/articles/{article.id}/", data=typed(article, title="Après", version=version))

    assert answer.status_code == 409
    assert typed(article)["title"] == "Avant"


def test_the_buttons_that_show_something_save_nothing(editor: FlaskClient) -> None:
    day = make_study_day()
    speaker = make_speaker("Anne Écrivain")
    make_session(day, title="Une séance", speakers=[speaker])
    found = make_speaker("Zoé Œuvrard")
    other = make_article(title="Délégations de signature")
    article = make_article(title="Avant")
    address = f"/organisation/articles/{article.id}/"
    form = typed(article, title="Tapé", body="Un **aperçu**.")

    preview = editor.post(address, data=form | {"more": "preview"})
    sessions = editor.post(address, data=form | {"more": "day", "study_day": str(day.id)})
    speakers = editor.post(address, data=form | {"more": "speakers", "speaker_words": "oeuvrard zoe"})
    related = editor.post(address, data=form | {"more": "related", "related_words": "delegations"})

    assert "Un <strong>aperçu</strong>." in preview.text
    assert "Une séance" in sessions.text
    assert "Anne Écrivain" in sessions.text
    assert f'name="speakers" value="{found.id}" />' in speakers.text
    assert f'name="related" value="{other.id}" />' in related.text
    for answer in (preview, sessions, speakers, related):
        assert answer.status_code == 200
        assert Page(answer.text).fields["title"] == "Tapé"
    assert typed(article)["title"] == "Avant"


def test_an_article_of_the_reading_list_moves_up_by_a_button(editor: FlaskClient) -> None:
    first, second, third = (make_article(title=f"À lire {number}") for number in (1, 2, 3))
    article = make_article(related=[first, second, third])

    page = editor.post(f"/organisation/articles/{article.id}/", data=typed(article) | {"more": f"up:{third.id}"}).text

    assert page.index("À lire 1") < page.index("À lire 3") < page.index("À lire 2")


def test_sessions_of_another_day_go_when_the_day_is_changed(editor: FlaskClient) -> None:
    before, after = make_study_day(), make_study_day()
    article = make_article(study_day_id=before.id, sessions=[make_session(before)])

    editor.post(f"/organisation/articles/{article.id}/", data=typed(article, study_day=str(after.id)))

    saved = typed(article)
    assert (saved["study_day"], saved["sessions"]) == (str(after.id), [])


def test_the_live_preview_shows_markdown_cleaned(editor: FlaskClient) -> None:
    answer = editor.post("/organisation/articles/apercu/", data={"text": "## Titre\n\n<script>x</script> **gras**"})

    assert answer.status_code == 200
    shown = "<h2>Titre</h2>\n<p>&lt;script&gt;x&lt;/script&gt; <strong>gras</strong></p>\n"
    assert answer.text.strip() == f'<div class="prose">{shown}</div>'


def test_the_live_preview_shows_title_and_lead_as_they_will_be_printed(editor: FlaskClient) -> None:
    typed = {"text": "Un texte.", "title": 'Le "vrai" coût ?', "lead": "<b>Ce qu'on en sait"}

    answer = editor.post("/organisation/articles/apercu/", data=typed)

    assert "<h2>Le «\u00a0vrai\u00a0» coût\u202f?</h2>" in answer.text
    assert '<p class="lead">&lt;b&gt;Ce qu’on en sait</p>' in answer.text


def test_the_editor_has_title_and_lead_sent_to_the_live_preview(editor: FlaskClient) -> None:
    assert 'data-preview-with="title lead"' in editor.get("/organisation/articles/nouveau/").text


def test_the_live_preview_is_for_who_edits(client: FlaskClient) -> None:
    sign_in(client, make_user(RoleName.ACCOUNTANT))

    assert client.post("/organisation/articles/apercu/", data={"text": "x"}).status_code == 403


@pytest.mark.parametrize("status", ArticleStatus)
def test_an_article_is_read_as_a_reader_will_before_it_is_published(editor: FlaskClient, status: ArticleStatus) -> None:
    article = make_article(status=status, body="Un **brouillon**.", access=Access.SUBSCRIBERS)

    answer = editor.get(f"/organisation/articles/{article.id}/lire/")

    assert answer.status_code == 200
    assert "Un <strong>brouillon</strong>." in answer.text
    assert "/commenter/" not in answer.text
    assert "/envoyer/" not in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("address", ["/organisation/articles/{}/", "/organisation/articles/{}/lire/"])
def test_an_article_that_is_not_there_is_not_found(editor: FlaskClient, address: str) -> None:
    assert editor.get(address.format(999_999)).status_code == 404


def test_the_history_says_who_did_what(editor: FlaskClient) -> None:
    article = make_article(status=ArticleStatus.DRAFT)
    editor.post(
        f"/organisation/articles/{article.id}/publier/", data=typed(article, note="Relu par deux <b>personnes</b>.")
    )

    page = editor.get(f"/organisation/articles/{article.id}/").text
    (line,) = audit.history_of("article", article.id)

    assert "Relu par deux &lt;b&gt;personnes&lt;/b&gt;." in page
    assert line.actor_label in page


@pytest.mark.parametrize("rows", [3, 30])
def test_the_editor_asks_the_same_whatever_the_number_of_rows(
    editor: FlaskClient, count_queries: AbstractContextManager[QueryCount], rows: int
) -> None:
    day = make_study_day()
    speakers = [make_speaker() for _number in range(rows)]
    sessions = [make_session(day, speakers=[speaker]) for speaker in speakers]
    others = [make_article(issue_id=make_issue().id) for _number in range(rows)]
    article = make_article(study_day_id=day.id, sessions=sessions, speakers=speakers, related=others)
    address = f"/organisation/articles/{article.id}/"

    with count_queries as count:
        assert editor.get(address).status_code == 200

    # Who asks; the article with its sessions, people, authors, tags and what to read (6); what can be chosen (1); the
    # day with its sessions and their people (2); the titles to read (1); the history (1). A desk, not a page
    # that is read.
    assert count() == 16


@pytest.mark.parametrize("number", ["2147483648", "99999999999999999999", "-1"])
@pytest.mark.parametrize("field", ["section", "issue", "study_day", "sessions", "speakers", "related"])
def test_a_number_that_no_row_can_have_is_wrong_and_not_an_error(editor: FlaskClient, field: str, number: str) -> None:
    article = make_article(title="Avant")
    address = f"/organisation/articles/{article.id}/"
    form = typed(article, title="Après") | {field: number}

    assert editor.post(address, data=form | {"more": "day"}).status_code == 200
    assert editor.post(address, data=form).status_code == 422
    assert typed(article)["title"] == "Avant"


def test_an_address_with_such_a_number_is_not_found(editor: FlaskClient) -> None:
    assert editor.get(f"/organisation/articles/{10**12}/").status_code == 404


def test_the_editor_says_what_to_mend_and_offers_who_spoke_to_be_quoted(editor: FlaskClient) -> None:
    day = make_study_day()
    speaker = make_speaker("Anne Roux")
    make_session(day, speakers=[speaker])
    article = make_article(study_day_id=day.id, body="#### Trop bas\n\nUn texte.")

    page = editor.get(f"/organisation/articles/{article.id}/").text
    fragment = editor.post("/organisation/articles/apercu/", data={"text": "Un[^1]."}).text

    assert "« Trop bas »" in page.replace("\u00a0", " ")
    assert f"::: quote [Anne Roux](/intervenants/{speaker.slug}/)" in page
    assert "L’appel [^1] n’a pas de note" in fragment
