"""The magazine as readers see it."""

import re
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.magazine.statuses import ArticleStatus, CommentStatus
from eventsapp.study_days.statuses import StudyDayStatus
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import (
    CANARY,
    PUBLISHED_AT,
    make_article,
    make_comment,
    make_issue,
    make_section,
    set_terms,
)
from tests.support.makers.study_days import make_city, make_session, make_speaker, make_study_day
from tests.support.makers.subscriptions import make_plan, sign_in_subscriber
from tests.support.queries import QueryCount

#: The rights of a reader hang on today's date.
EVER = {"starts_on": date(2020, 1, 1), "ends_on": date(2099, 12, 31)}
ATOM = "{http://www.w3.org/2005/Atom}"


# The magazine's front


def test_the_front_says_who_it_is_for_what_it_costs_and_how_it_is_paid(client: FlaskClient) -> None:
    make_plan(slug="un-an", price_cents=12900)
    make_plan(price_cents=25000)

    page = client.get("/magazine/").text

    assert "Pour les cadres de la filière administrative des collectivités territoriales." in page
    assert "129\u00a0€" in page
    assert 'action="/panier/abonnements/un-an/"' in page
    assert 'href="/abonnements/"' in page
    assert "Vous abonner (voir les tarifs)" in page
    for method in ("Carte bancaire (CB)", "Chèque bancaire", "Mandat administratif"):
        assert method in page


def test_the_front_without_anything_says_what_will_be_there(client: FlaskClient) -> None:
    answer = client.get("/magazine/")

    assert answer.status_code == 200
    assert "Le premier numéro se prépare" in answer.text


def test_the_front_shows_the_current_issue_the_sections_and_the_archive_by_year(client: FlaskClient) -> None:
    section = make_section("Juridique")
    old, current = make_issue(376, published_on=date(2009, 3, 15)), make_issue(602, published_on=date(2026, 11, 1))
    make_article(issue_id=old.id, title="La mutualisation")
    make_article(issue_id=current.id, section_id=section.id, title="Les cinq oublis")
    make_issue(603)

    page = client.get("/magazine/").text

    assert "Tous les articles du numéro 602" in page
    assert "Les cinq oublis" in page
    assert page.index('<h3 id="annee-2026">') < page.index('<h3 id="annee-2009">')
    assert 'href="/magazine/376/"' in page
    assert "/magazine/603/" not in page


def test_the_archive_is_paged_and_a_wrong_page_is_the_first(client: FlaskClient) -> None:
    for number in range(1, 31):
        make_article(issue_id=make_issue(number).id)

    assert 'href="/magazine/?page=2"' in client.get("/magazine/").text
    second = client.get("/magazine/?page=2").text
    assert 'href="/magazine/6/"' in second
    assert 'href="/magazine/7/"' not in second
    for wrong in ("x", "0", "-1", "99999999999999999999", "²"):
        assert client.get(f"/magazine/?page={wrong}").status_code == 200


@pytest.mark.parametrize("issues", [3, 30])
def test_the_front_asks_the_same_whatever_the_number_of_rows(
    client: FlaskClient, count_queries: AbstractContextManager[QueryCount], issues: int
) -> None:
    section, day = make_section(), make_study_day()
    make_plan()
    for _number in range(issues):
        make_article(issue_id=make_issue().id, section_id=section.id, study_day_id=day.id)

    with count_queries as count:
        client.get("/magazine/")

    assert count() == 6


# An issue


def test_an_issue_shows_all_its_articles_by_section_and_its_editorial(client: FlaskClient) -> None:
    issue = make_issue(376, title="Mutualiser", editorial="Cinq **territoires**.", published_on=date(2009, 3, 15))
    law, field = make_section("Juridique", position=2), make_section("Reportage", position=1)
    make_article(issue_id=issue.id, section_id=law.id, title="Les cinq oublis")
    make_article(issue_id=issue.id, section_id=field.id, title="D’Angers à Cholet")
    make_article(issue_id=issue.id, status=ArticleStatus.DRAFT, title="Pas encore")

    page = client.get("/magazine/376/").text

    assert "Tous les articles du numéro 376" in page
    assert "Cinq <strong>territoires</strong>." in page
    assert page.index("D’Angers à Cholet") < page.index("Les cinq oublis")
    assert "Pas encore" not in page


def test_an_issue_leads_to_the_ones_before_and_after(client: FlaskClient) -> None:
    for number in (374, 376, 380):
        make_article(issue_id=make_issue(number).id)

    page = client.get("/magazine/376/").text

    assert 'href="/magazine/374/" rel="prev"' in page
    assert 'href="/magazine/380/" rel="next"' in page


@pytest.mark.parametrize("number", [375, 0, 10**12])
def test_an_issue_that_readers_may_not_see_is_not_found(client: FlaskClient, number: int) -> None:
    make_issue(375)

    assert client.get(f"/magazine/{number}/").status_code == 404


@pytest.mark.parametrize("articles", [3, 30])
def test_an_issue_asks_the_same_whatever_the_number_of_rows(
    client: FlaskClient, count_queries: AbstractContextManager[QueryCount], articles: int
) -> None:
    issue = make_issue(376)
    for _number in range(articles):
        make_article(issue_id=issue.id, section_id=make_section().id)

    with count_queries as count:
        client.get("/magazine/376/")

    assert count() == 4


# An article


def test_an_article_shows_its_text_its_people_in_the_role_of_that_day_and_what_to_read_next(
    client: FlaskClient,
) -> None:
    day = make_study_day(
        slug="angers-2009",
        title="La mutualisation",
        city=make_city("Angers"),
        starts_at=datetime(2009, 2, 24, 8, tzinfo=UTC),
    )
    speaker = make_speaker("Michel Monier")
    sessions = [make_session(day, position=1, speakers=[speaker]), make_session(day, position=2)]
    issue = make_issue(376)
    other = make_article(slug="agglo", title="Angers et son agglo", issue_id=make_issue(374).id)
    make_article(
        slug="mutualisation",
        title="Avec ceux qui l’ont conduite !",
        section_id=make_section("Reportage").id,
        issue_id=issue.id,
        study_day_id=day.id,
        sessions=sessions,
        speakers=[speaker],
        related=[other],
        published_at=datetime(2009, 3, 15, 8, tzinfo=UTC),
        body="## Mulhouse : tenir la dépense\n\nOn parle.\n\n::: box Doc-Doc | En commun\nTout.\n:::",
    )

    set_terms(comments_days=0)
    sign_in_subscriber(client)
    page = client.get("/articles/mutualisation/").text

    assert "Avec ceux qui l’ont conduite\u202f!" in page
    assert "<h2>Mulhouse&nbsp;: tenir la dépense</h2>" in page
    assert '<p class="box-label">Doc-Doc</p>' in page
    assert "15\u00a0mars 2009" in page
    assert "1 min de lecture" in page
    assert "À propos des séances" in page
    assert 'href="/journees/angers-2009/"' in page
    assert "directrice générale des services, Ville" in page
    assert 'href="/articles/agglo/"' in page
    assert "Tous les articles du numéro 376" in page
    assert "Rédigez le premier commentaire." in page
    assert "Télécharger cet article en PDF" in page
    assert 'href="/articles/mutualisation/envoyer/"' in page
    assert re.search(r"<button[^>]*data-print hidden>Imprimer</button>", page)


def test_an_article_about_one_session_leads_to_that_session(client: FlaskClient) -> None:
    day = make_study_day(slug="angers-2009")
    session = make_session(day, position=4, title="Blois et le pays de Chambord")
    make_article(slug="blois", study_day_id=day.id, sessions=[session])

    page = client.get("/articles/blois/").text

    assert "À propos de la séance" in page
    assert 'href="/journees/angers-2009/seances/4/"' in page


def test_an_article_does_not_lead_to_a_day_that_visitors_may_not_see(client: FlaskClient) -> None:
    day = make_study_day(slug="secrete", status=StudyDayStatus.DRAFT)
    make_article(slug="avant", study_day_id=day.id)

    assert "/journees/secrete/" not in client.get("/articles/avant/").text


def test_the_french_of_an_article_is_said_to_be_french_on_the_english_page(client: FlaskClient) -> None:
    make_article(slug="angers")

    page = client.get("/en/articles/angers/").text

    assert '<html lang="en">' in page
    assert '<h1 lang="fr">' in page
    assert '<div class="prose opening" lang="fr">' in page
    assert '<h1 lang="fr">' not in client.get("/articles/angers/").text


def test_an_invented_article_says_so(client: FlaskClient) -> None:
    make_article(slug="invente", is_fictional=True)
    make_article(slug="vrai")

    assert "imaginé pour la démonstration" in client.get("/articles/invente/").text
    assert "imaginé pour la démonstration" not in client.get("/articles/vrai/").text


def test_the_text_of_an_editor_cannot_harm_its_readers(client: FlaskClient) -> None:
    body = "<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![y](http://ailleurs.test/z.png)"
    make_article(slug="a", body=body, title="<img src=x onerror=alert(1)>", lead="<svg onload=alert(1)>", byline="<i>")

    page = client.get("/articles/a/").text

    for harm in ("<script>alert", 'href="javascript', "ailleurs.test", "<img src=x", "<svg onload", "<i>"):
        assert harm not in page


@pytest.mark.parametrize("status", [ArticleStatus.DRAFT, ArticleStatus.IN_REVIEW, ArticleStatus.SCHEDULED])
def test_what_is_not_published_is_not_found(client: FlaskClient, status: ArticleStatus) -> None:
    make_article(slug="pas-encore", status=status)

    for address in ("/articles/pas-encore/", "/articles/pas-encore.pdf", "/articles/pas-encore/commenter/"):
        assert client.get(address).status_code == 404


def test_a_withdrawn_article_is_gone_and_says_why(client: FlaskClient) -> None:
    make_article(slug="retire", status=ArticleStatus.WITHDRAWN, withdrawn_note="Une donnée était fausse.")

    for address in ("/articles/retire/", "/articles/retire.pdf"):
        answer = client.get(address)
        assert answer.status_code == 410
        assert "Une donnée était fausse." in answer.text
        assert CANARY not in answer.text


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("/articles/ancienne/", "/articles/nouvelle/"),
        ("/articles/ancienne.pdf", "/articles/nouvelle.pdf"),
        ("/en/articles/ancienne/", "/en/articles/nouvelle/"),
    ],
)
def test_a_former_address_leads_to_the_present_one(client: FlaskClient, address: str, target: str) -> None:
    editor = make_user(RoleName.EDITOR)
    article = make_article(slug="ancienne")
    sign_in(client, editor)
    form = client.get(f"/organisation/articles/{article.id}/")
    assert form.status_code == 200
    client.post(
        f"/organisation/articles/{article.id}/",
        data={
            "title": article.title,
            "lead": article.lead,
            "body": article.body,
            "kind": "article",
            "access": "public",
            "section": "0",
            "issue": "0",
            "study_day": "0",
            "slug": "nouvelle",
            "version": "1",
        },
    )

    answer = client.application.test_client().get(address)

    assert (answer.status_code, answer.location) == (301, target)


@pytest.mark.parametrize("rows", [3, 30])
def test_an_article_asks_the_same_whatever_the_number_of_rows(
    client: FlaskClient, count_queries: AbstractContextManager[QueryCount], rows: int
) -> None:
    day, issue = make_study_day(), make_issue()
    speakers = [make_speaker() for _number in range(rows)]
    sessions = [make_session(day, speakers=[speaker]) for speaker in speakers]
    others = [make_article(issue_id=issue.id, section_id=make_section().id) for _number in range(rows)]
    article = make_article(
        slug="angers", study_day_id=day.id, issue_id=issue.id, sessions=sessions, speakers=speakers, related=others
    )
    for _number in range(rows):
        make_comment(article, status=CommentStatus.PUBLISHED)

    with count_queries as count:
        assert client.get("/articles/angers/").status_code == 200

    # The article, terms and all; its people; what its sessions handed out; what may be read next, and what is;
    # comments; the masthead.
    assert count() == 7


# Comments under an article


def test_comments_are_shown_literally_and_only_those_published(client: FlaskClient) -> None:
    article = make_article(slug="angers")
    make_comment(
        article,
        author_name="<script>alert(1)</script>",
        body="<img src=x onerror=alert(1)>\n\nDeuxième [paragraphe](javascript:x)",
        status=CommentStatus.PUBLISHED,
    )
    make_comment(article, body="Pas encore relu")
    make_comment(article, body="Refusé", status=CommentStatus.REJECTED)

    page = client.get("/articles/angers/").text

    assert "<p>&lt;img src=x onerror=alert(1)&gt;</p><p>Deuxième [paragraphe](javascript:x)</p>" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "dominique@exemple.fr" not in page
    assert "Pas encore relu" not in page
    assert "Refusé" not in page
    assert "Rédigez le premier" not in page


# Feed


def test_the_feed_tells_titles_and_leads_the_newest_first(client: FlaskClient) -> None:
    section = make_section("Juridique")
    make_article(slug="ancien", published_at=PUBLISHED_AT)
    make_article(
        slug="nouveau",
        title="Angers & <son> agglo",
        lead="Cinq territoires.\x01",
        section_id=section.id,
        published_at=PUBLISHED_AT + timedelta(days=1),
    )
    make_article(slug="brouillon", status=ArticleStatus.DRAFT)

    answer = client.get("/articles/flux.atom")
    feed = ET.fromstring(answer.data)  # noqa: S314 - our own
    entries = feed.findall(f"{ATOM}entry")

    assert answer.content_type == "application/atom+xml; charset=utf-8"
    assert [entry.find(f"{ATOM}link").get("href") for entry in entries] == [  # type: ignore[union-attr]
        "http://localhost/articles/nouveau/",
        "http://localhost/articles/ancien/",
    ]
    assert entries[0].findtext(f"{ATOM}title") == "Angers & <son> agglo"
    assert entries[0].findtext(f"{ATOM}summary") == "Cinq territoires."
    assert CANARY not in answer.text


def test_an_empty_feed_is_a_feed(client: FlaskClient) -> None:
    feed = ET.fromstring(client.get("/articles/flux.atom").data)  # noqa: S314 - our own

    assert feed.tag == f"{ATOM}feed"


@pytest.mark.parametrize("articles", [3, 30])
def test_the_feed_asks_the_same_whatever_the_number_of_rows(
    client: FlaskClient, count_queries: AbstractContextManager[QueryCount], articles: int
) -> None:
    for _number in range(articles):
        make_article(section_id=make_section().id)

    with count_queries as count:
        client.get("/articles/flux.atom")

    # What appeared and what was taken away.
    assert count() == 2
