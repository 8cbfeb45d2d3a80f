"""Who reads what is reserved, and what the others get instead, in every form an article takes."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from eventsapp.accounts.access import RoleName
from eventsapp.magazine.statuses import Access, ArticleKind
from tests.magazine.web.metadata import structured
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import (
    CANARY,
    make_article,
    make_issue,
    make_section,
)
from tests.support.makers.study_days import make_city, make_session, make_speaker, make_study_day
from tests.support.makers.subscriptions import make_contract, make_plan

#: The rights of a reader hang on today's date.
EVER = {"starts_on": date(2020, 1, 1), "ends_on": date(2099, 12, 31)}
ATOM = "{http://www.w3.org/2005/Atom}"


def pdf_text(body: bytes) -> str:
    """Return what a PDF says, on one line."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).split())


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

    assert "#read(« /etc/passwd »)" in text
    assert "root:" not in text


@pytest.mark.parametrize(
    "address", ["/magazine/", "/magazine/602/", "/articles/reserve/", "/articles/flux.atom", "/articles/libre.pdf"]
)
def test_pages_that_are_the_same_for_everybody_set_no_cookie_and_may_be_kept(client: FlaskClient, address: str) -> None:
    reserve()
    make_article(slug="libre")

    answer = client.get(address)

    assert "magazine" in answer.headers["X-Page-Cache"].split(",")
    assert "Set-Cookie" not in answer.headers
    assert b"csrf_token" not in answer.data
