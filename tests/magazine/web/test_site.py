"""The magazine as readers see it."""

import io
import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from eventsapp.accounts.access import RoleName
from eventsapp.magazine.statuses import Access, ArticleKind, ArticleStatus, CommentStatus
from eventsapp.study_days.statuses import StudyDayStatus
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import (
    CANARY,
    PUBLISHED_AT,
    make_article,
    make_comment,
    make_issue,
    make_section,
)
from tests.support.makers.study_days import make_city, make_session, make_speaker, make_study_day
from tests.support.makers.subscriptions import make_contract, make_plan
from tests.support.queries import QueryCount

#: The rights of a reader hang on today's date.
EVER = {"starts_on": date(2020, 1, 1), "ends_on": date(2099, 12, 31)}
ATOM = "{http://www.w3.org/2005/Atom}"


def structured(page: str) -> dict[str, object]:
    """Return the JSON-LD of a page."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data: dict[str, object] = json.loads(found[1])
    return data


def pdf_text(body: bytes) -> str:
    """Return what a PDF says, on one line."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).split())


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
    for method in ("Carte bancaire", "Chèque bancaire", "Mandat administratif"):
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
    assert "Soyez le premier à rédiger un commentaire." in page
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


def test_search_engines_and_networks_are_told_what_it_is(client: FlaskClient) -> None:
    section = make_section("Juridique")
    make_article(slug="angers", title="Angers </script><b>", lead="Cinq territoires.", section_id=section.id)

    page = client.get("/articles/angers/").text
    data = structured(page)

    assert (data["@type"], data["headline"], data["isAccessibleForFree"]) == (
        "NewsArticle",
        "Angers </script><b>",
        True,
    )
    assert (data["articleSection"], data["description"]) == ("Juridique", "Cinq territoires.")
    assert data["url"] == "http://localhost/articles/angers/"
    assert '<link rel="canonical" href="http://localhost/articles/angers/" />' in page
    assert 'hreflang="en" href="http://localhost/en/articles/angers/"' in page
    assert '<meta property="og:type" content="article" />' in page
    assert "Angers </script><b>" not in page


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

    assert count() == 5


# What is reserved to subscribers


def reserve(slug: str = "reserve") -> None:
    section, issue = make_section(), make_issue(602)
    make_article(
        slug=slug,
        access=Access.SUBSCRIBERS,
        lead="Le chapô est à tous.",
        section_id=section.id,
        issue_id=issue.id,
        kind=ArticleKind.REPORT,
    )
    make_plan(slug="un-an")


REPRESENTATIONS: dict[str, Callable[[FlaskClient], str]] = {
    "page": lambda client: client.get("/articles/reserve/").text,
    "page in English": lambda client: client.get("/en/articles/reserve/").text,
    "HEAD": lambda client: client.head("/articles/reserve/").text,
    "PDF": lambda client: client.get("/articles/reserve.pdf").get_data(as_text=True),
    "PDF, followed": lambda client: client.get("/articles/reserve.pdf", follow_redirects=True).text,
    "feed": lambda client: client.get("/articles/flux.atom").text,
    "magazine": lambda client: client.get("/magazine/").text,
    "issue": lambda client: client.get("/magazine/602/").text,
    "comment form": lambda client: client.get("/articles/reserve/commenter/", follow_redirects=True).text,
    "comment held": lambda client: client.get("/articles/reserve/commenter/merci/", follow_redirects=True).text,
    "share form": lambda client: client.get("/articles/reserve/envoyer/").text,
    "home": lambda client: client.get("/").text,
    "sitemap": lambda client: client.get("/sitemap.xml").text,
    "search": lambda client: client.get("/recherche/?q=phrase").text,
}


@pytest.mark.parametrize("name", REPRESENTATIONS)
def test_the_reserved_text_never_leaves_the_server(client: FlaskClient, name: str) -> None:
    reserve()

    assert CANARY not in REPRESENTATIONS[name](client)
    assert CANARY.split()[3] not in REPRESENTATIONS[name](client)


@pytest.mark.parametrize("name", ["page", "page in English"])
def test_the_guard_of_the_test_above_would_be_heard(client: FlaskClient, name: str) -> None:
    make_article(slug="reserve")

    assert CANARY in REPRESENTATIONS[name](client)


def test_the_page_of_a_reserved_article_shows_the_lead_and_the_offer(client: FlaskClient) -> None:
    reserve()

    answer = client.get("/articles/reserve/")
    data = structured(answer.text)

    assert answer.status_code == 200
    assert "Le chapô est à tous." in answer.text
    assert "La suite est réservée aux abonnés" in answer.text
    assert 'action="/panier/abonnements/un-an/"' in answer.text
    assert 'href="/compte/connexion/?next=/articles/reserve/"' in answer.text
    assert "en PDF" not in answer.text
    assert "commenter" not in answer.text
    assert data["isAccessibleForFree"] is False
    assert data["hasPart"] == {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".reserved"}
    assert 'class="paywall reserved"' in answer.text


def test_the_pdf_of_a_reserved_article_leads_to_the_offer(client: FlaskClient) -> None:
    reserve()

    answer = client.get("/articles/reserve.pdf")

    assert (answer.status_code, answer.location) == (303, "/articles/reserve/#lire")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_subscriber_reads_and_nobody_else_gets_that_page(client: FlaskClient) -> None:
    reserve()
    reader = make_user(email="lectrice@exemple.fr")
    make_contract("lectrice@exemple.fr", **EVER)
    sign_in(client, reader)

    page = client.get("/articles/reserve/")
    paper = client.get("/articles/reserve.pdf")

    assert CANARY in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "X-Page-Cache" not in page.headers
    assert CANARY in pdf_text(paper.data)
    assert f"Exemplaire de {reader.name}" in pdf_text(paper.data)
    assert paper.headers["Cache-Control"] == "private, no-store"


def test_a_reader_whose_subscription_ended_sees_the_offer_again(client: FlaskClient) -> None:
    reserve()
    reader = make_user(email="lectrice@exemple.fr")
    make_contract("lectrice@exemple.fr", starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31))
    sign_in(client, reader)

    assert CANARY not in client.get("/articles/reserve/").text
    assert client.get("/articles/reserve.pdf").status_code == 303


def test_a_remembered_reader_without_a_session_is_served_the_page_that_everybody_gets(client: FlaskClient) -> None:
    # The page without a session cookie is kept for all: no other cookie may change it.
    reserve()
    make_contract("lectrice@exemple.fr", **EVER)
    sign_in(client, make_user(email="lectrice@exemple.fr"))
    assert CANARY in client.get("/articles/reserve/").text
    client.delete_cookie("session")

    answer = client.get("/articles/reserve/")

    assert CANARY not in answer.text
    assert answer.headers["X-Page-Cache"] == "days,magazine,plans,site"


@pytest.mark.parametrize("role", [RoleName.EDITOR, RoleName.ORGANISER])
def test_who_edits_articles_reads_what_is_reserved(client: FlaskClient, role: RoleName) -> None:
    reserve()
    sign_in(client, make_user(role))

    assert CANARY in client.get("/articles/reserve/").text


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
    assert "Soyez le premier" not in page


# PDF


def test_the_pdf_holds_the_article_its_people_and_its_address(client: FlaskClient) -> None:
    day = make_study_day(city=make_city("Angers"), starts_at=datetime(2009, 2, 24, 8, tzinfo=UTC))
    speaker = make_speaker("Michel Monier")
    session = make_session(day, title="Angers et son agglomération", speakers=[speaker])
    make_article(
        slug="mutualisation",
        title="La mutualisation avec ceux qui l’ont conduite !",
        issue_id=make_issue(376).id,
        section_id=make_section("Reportage").id,
        study_day_id=day.id,
        sessions=[session],
        speakers=[speaker],
        related=[make_article(title="Angers et son agglo")],
        body=f"{CANARY}\n\n## Mulhouse\n\n- un\n- deux",
        published_at=datetime(2009, 3, 15, 8, tzinfo=UTC),
    )

    answer = client.get("/articles/mutualisation.pdf")
    text = pdf_text(answer.data)

    assert answer.status_code == 200
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="la-lettre-du-cadre-territorial-n-376-la-mutualisation-avec-ceux-qui-l-ont-condui.pdf"; '
        "filename*=UTF-8''La%20Lettre%20du%20cadre%20territorial%20-%20n%C2%B0%20376%20-%20La%20mutualisation%20avec"
        "%20ceux%20qui%20l%E2%80%99ont%20conduite%20%21.pdf"
    )
    for said in (
        "La mutualisation avec ceux qui l’ont conduite",
        CANARY,
        "Mulhouse",
        "Angers et son agglomération",
        "Michel Monier, directrice générale des services, Ville",
        "15 mars 2009",
        "http://localhost/articles/mutualisation/",
        "Angers et son agglo",
    ):
        assert said in text.replace("\u00a0", " ")
    assert "Exemplaire de" not in text


def test_the_same_article_gives_the_same_bytes_so_that_browsers_need_not_fetch_it_again(client: FlaskClient) -> None:
    make_article(slug="angers")

    assert client.get("/articles/angers.pdf").data == client.get("/articles/angers.pdf").data


def test_hostile_text_makes_a_paper_all_the_same(client: FlaskClient) -> None:
    make_article(
        slug="angers",
        title='#read("/etc/passwd") \\ $ * _ @',
        byline="a" * 150,
        body='#eval("1+1") $x^2$ \\u{1F600} @x <lab>\n\n| a | b |\n|---|---|\n| 1 | 2 |\n' + "mot " * 200,
    )

    text = pdf_text(client.get("/articles/angers.pdf").data)

    assert '#read("/etc/passwd")' in text
    assert "root:" not in text


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

    assert count() == 1


# Pages that are kept


@pytest.mark.parametrize(
    "address", ["/magazine/", "/magazine/602/", "/articles/reserve/", "/articles/flux.atom", "/articles/libre.pdf"]
)
def test_pages_that_are_the_same_for_everybody_set_no_cookie_and_may_be_kept(client: FlaskClient, address: str) -> None:
    reserve()
    make_article(slug="libre")

    answer = client.get(address)

    assert "magazine" in answer.headers["X-Page-Cache"].split(",")
    assert "Set-Cookie" not in answer.headers
    assert "csrf_token" not in answer.text if answer.mimetype == "text/html" else True
