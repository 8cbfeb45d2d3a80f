"""OAI-PMH: what harvesters get, in every verb, against the schema of the protocol."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import etree

from eventsapp.core.db import db
from eventsapp.magazine import service
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import Access, ArticleStatus
from eventsapp.magazine.web import oai
from tests.support.makers.magazine import CANARY, make_article, make_issue, make_section, make_tag
from tests.support.makers.study_days import NOW
from tests.support.queries import QueryCount

NAMES = {
    "oai": "http://www.openarchives.org/OAI/2.0/",
    "dc": "http://purl.org/dc/elements/1.1/",
}
DC = {"metadataPrefix": "oai_dc"}
SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "oai_pmh.xsd"))


class Answer:
    """An answer that the protocol's schema accepts."""

    def __init__(self, root: etree._Element) -> None:
        SCHEMA.assertValid(root)
        self.root = root

    def texts(self, path: str) -> list[str]:
        return [each.text or "" for each in self.root.findall(f".//{path}", NAMES)]

    def attributes(self, path: str) -> dict[str, str]:
        found = self.root.find(f".//{path}", NAMES)
        assert found is not None
        return dict(found.attrib)

    @property
    def token(self) -> str:
        (token,) = self.texts("oai:resumptionToken")
        return token


def ask(client: FlaskClient, verb: str, **arguments: str) -> Answer:
    given = {"from": arguments.pop("since")} if "since" in arguments else {}
    answer = client.get("/oai", query_string={"verb": verb} | arguments | given)
    assert answer.status_code == 200
    assert answer.content_type == "text/xml; charset=utf-8"
    return Answer(etree.fromstring(answer.data))


def refused(client: FlaskClient, query: str) -> str:
    """Return the code of the error that a question is answered with."""
    answer = client.get(f"/oai?{query}")
    assert answer.status_code == 200
    return Answer(etree.fromstring(answer.data)).attributes("oai:error")["code"]


def at(day: int, **values: Any) -> Article:
    """Make an article that changed on that day of November."""
    return make_article(updated_at=datetime(2026, 11, day, 12, tzinfo=UTC), **values)


def test_it_says_who_it_is(client: FlaskClient) -> None:
    at(3)
    at(2)
    make_article(status=ArticleStatus.DRAFT, updated_at=datetime(2026, 1, 1, tzinfo=UTC))

    answer = ask(client, "Identify")

    assert answer.texts("oai:repositoryName") == ["La Lettre du cadre territorial"]
    assert answer.texts("oai:baseURL") == ["http://localhost/oai"]
    assert answer.texts("oai:adminEmail") == ["redaction@localhost"]
    assert answer.texts("oai:earliestDatestamp") == ["2026-11-02T12:00:00Z"]
    assert answer.texts("oai:deletedRecord") == ["persistent"]
    assert answer.attributes("oai:request") == {"verb": "Identify"}


def test_a_record_says_what_a_catalogue_needs_and_never_the_text(client: FlaskClient) -> None:
    article = make_article(
        slug="angers",
        title="Angers & son agglo",
        subtitle="Ce qui se partage",
        lead="Cinq territoires\x0b racontent.",
        access=Access.SUBSCRIBERS,
        section_id=make_section("Juridique").id,
        issue_id=make_issue(376).id,
        authors=["Anne Roux", "Alix Petit"],
        tags=[make_tag("Finances")],
        published_at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC),
        updated_at=datetime(2026, 11, 21, 8, 0, 0, 999, tzinfo=UTC),
    )
    identifier = f"oai:localhost:article-{article.id}"

    answer = ask(client, "GetRecord", identifier=identifier, **DC)

    assert answer.texts("oai:identifier") == [identifier]
    assert answer.texts("oai:datestamp") == ["2026-11-21T08:00:00Z"]
    assert answer.texts("oai:setSpec") == ["juridique"]
    for name, values in {
        "title": ["Angers & son agglo", "Ce qui se partage"],
        "creator": ["Anne Roux", "Alix Petit"],
        "subject": ["Juridique", "Finances"],
        "description": ["Cinq territoires racontent."],
        "publisher": ["La Lettre du cadre territorial"],
        "date": ["2026-11-21"],
        "type": ["Text"],
        "format": ["text/html"],
        "identifier": ["http://localhost/articles/angers/"],
        "source": ["La Lettre du cadre territorial, n° 376"],
        "relation": ["http://localhost/magazine/376/"],
        "language": ["fr"],
        "rights": ["Réservé aux abonnés"],
    }.items():
        assert answer.texts(f"dc:{name}") == values
    assert CANARY not in etree.tostring(answer.root, encoding="unicode")


def test_an_english_address_gives_the_same_records(client: FlaskClient) -> None:
    make_article(slug="angers")

    answer = Answer(etree.fromstring(client.get("/en/oai?verb=ListRecords&metadataPrefix=oai_dc").data))

    assert answer.texts("dc:identifier") == ["http://localhost/articles/angers/"]
    assert answer.texts("dc:rights") == ["Accès libre"]


def test_records_come_in_the_order_of_their_change_and_drafts_never_do(client: FlaskClient) -> None:
    later, first = at(5), at(4)
    for status in (ArticleStatus.DRAFT, ArticleStatus.IN_REVIEW, ArticleStatus.SCHEDULED):
        at(3, status=status)
    wanted = [f"oai:localhost:article-{each.id}" for each in (first, later)]

    assert ask(client, "ListIdentifiers", **DC).texts("oai:identifier") == wanted
    records = ask(client, "ListRecords", **DC)
    assert records.texts("oai:header/oai:identifier") == wanted
    assert len(records.texts("dc:title")) == 2
    assert records.texts("oai:resumptionToken") == []


def test_a_withdrawn_article_is_a_deleted_record_also_as_a_draft_again(client: FlaskClient) -> None:
    article = make_article(slug="angers")
    service.withdraw(article, reason="Erreur.", actor=None, now=NOW)
    db.session.commit()
    identifier = f"oai:localhost:article-{article.id}"

    withdrawn = ask(client, "GetRecord", identifier=identifier, **DC)
    service.reopen(db.session.get_one(Article, article.id), actor=None, now=NOW + timedelta(minutes=1))
    db.session.commit()
    draft_again = ask(client, "GetRecord", identifier=identifier, **DC)

    for answer in (withdrawn, draft_again):
        assert answer.attributes("oai:header") == {"status": "deleted"}
        assert answer.texts("dc:title") == []
    assert ask(client, "ListIdentifiers", **DC).attributes("oai:header") == {"status": "deleted"}


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        ({"since": "2026-11-04"}, [4, 5]),
        ({"until": "2026-11-04"}, [3, 4]),
        ({"since": "2026-11-04", "until": "2026-11-04"}, [4]),
        ({"since": "2026-11-04T12:00:00Z", "until": "2026-11-04T12:00:00Z"}, [4]),
        ({"since": "2026-11-04T12:00:01Z"}, [5]),
        ({"until": "2026-11-04T11:59:59Z"}, [3]),
        ({"until": "9999-12-31"}, [3, 4, 5]),
        ({"set": "juridique"}, [4]),
    ],
)
def test_a_part_is_asked_for_by_dates_both_included_or_by_section(
    client: FlaskClient, asked: dict[str, str], days: list[int]
) -> None:
    at(3)
    at(4, section_id=make_section("Juridique").id)
    at(5, section_id=make_section("Finances").id)

    stamps = ask(client, "ListIdentifiers", **DC, **asked).texts("oai:datestamp")

    assert stamps == [f"2026-11-0{day}T12:00:00Z" for day in days]


def test_the_sets_are_the_sections_in_which_there_are_records(client: FlaskClient) -> None:
    make_article(section_id=make_section("Juridique & social", position=2).id)
    make_article(section_id=make_section("Finances", position=1).id)
    make_article(section_id=make_section("Vide").id, status=ArticleStatus.DRAFT)

    answer = ask(client, "ListSets")

    assert answer.texts("oai:setSpec") == ["finances", "juridique-social"]
    assert answer.texts("oai:setName") == ["Finances", "Juridique & social"]


def test_there_is_one_format_for_each_record(client: FlaskClient) -> None:
    article = make_article()

    assert ask(client, "ListMetadataFormats").texts("oai:metadataPrefix") == ["oai_dc"]
    answer = ask(client, "ListMetadataFormats", identifier=f"oai:localhost:article-{article.id}")
    assert answer.texts("oai:metadataNamespace") == ["http://www.openarchives.org/OAI/2.0/oai_dc/"]


def test_a_long_list_is_given_in_stretches_whatever_appears_meanwhile(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oai, "RECORDS_AN_ANSWER", 2)
    # Three of one instant: the key decides.
    articles = [at(4), at(4), at(4), at(5), at(6)]
    wanted = [f"oai:localhost:article-{each.id}" for each in articles]

    first = ask(client, "ListRecords", **DC, since="2026-11-02")
    at(3)
    second = ask(client, "ListRecords", resumptionToken=first.token)
    third = ask(client, "ListRecords", resumptionToken=second.token)

    found = [each for part in (first, second, third) for each in part.texts("oai:header/oai:identifier")]
    assert found == wanted
    assert first.attributes("oai:resumptionToken") == {"completeListSize": "5", "cursor": "0"}
    assert second.attributes("oai:resumptionToken")["cursor"] == "2"
    assert third.attributes("oai:resumptionToken")["cursor"] == "4"
    assert third.token == ""
    # A token may be used again.
    assert ask(client, "ListRecords", resumptionToken=first.token).token == second.token


def test_harvesters_may_post(client: FlaskClient) -> None:
    make_article()
    client.application.config["WTF_CSRF_ENABLED"] = True

    answer = client.post("/oai", data={"verb": "ListRecords"} | DC)

    assert answer.status_code == 200
    assert len(Answer(etree.fromstring(answer.data)).texts("dc:title")) == 1


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"),
        ("verb=Harvest", "badVerb"),
        ("verb=Identify&verb=Identify", "badArgument"),
        ("verb=Identify&set=x", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&page=2", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=hier", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-02-30", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=0000-01-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-11-05&until=2026-11-04", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-11-05&until=2026-11-06T00:00:00Z", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x", "badArgument"),
        ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
        ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
        ("verb=ListRecords&metadataPrefix=marc21", "cannotDisseminateFormat"),
        ("verb=GetRecord&metadataPrefix=marc21&identifier=oai:localhost:article-1", "cannotDisseminateFormat"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:article-0", "idDoesNotExist"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:article-9999999999", "idDoesNotExist"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:ailleurs:article-1", "idDoesNotExist"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=1", "idDoesNotExist"),
        ("verb=ListMetadataFormats&identifier=1", "idDoesNotExist"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=1999-01-01", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=rien", "noRecordsMatch"),
        ("verb=ListSets", "noSetHierarchy"),
    ],
)
def test_what_cannot_be_answered_is_told_by_the_codes_of_the_protocol(
    client: FlaskClient, query: str, code: str
) -> None:
    make_article()

    assert refused(client, query) == code


def test_a_draft_has_no_record(client: FlaskClient) -> None:
    draft = make_article(status=ArticleStatus.DRAFT)

    query = f"verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:article-{draft.id}"
    assert refused(client, query) == "idDoesNotExist"


@pytest.mark.parametrize("articles", [3, 30])
def test_a_list_asks_the_same_for_any_number_of_records(
    client: FlaskClient, count_queries: AbstractContextManager[QueryCount], articles: int
) -> None:
    for number in range(articles):
        make_article(authors=[f"Anne {number}"], tags=[make_tag(f"Mot {number}")], section_id=make_section().id)

    with count_queries as count:
        ask(client, "ListRecords", **DC)

    assert count() == 3


def test_the_page_of_an_article_carries_what_catalogues_read(client: FlaskClient) -> None:
    make_article(
        slug="angers",
        title='Angers "et" son agglo',
        issue_id=make_issue(376).id,
        authors=["Anne Roux", "Alix Petit"],
        tags=[make_tag("Finances")],
    )
    make_article(slug="reserve", access=Access.SUBSCRIBERS)

    page = client.get("/articles/angers/").text
    reserved = client.get("/articles/reserve/").text

    for name, value in {
        "DC.title": "Angers &#34;et&#34; son agglo",
        "DC.creator": "Alix Petit",
        "DC.subject": "Finances",
        "DC.rights": "Accès libre",
        "citation_author": "Anne Roux",
        "citation_issue": "376",
        "citation_publication_date": "2026/11/20",
        "citation_pdf_url": "http://localhost/articles/angers.pdf",
    }.items():
        assert f'<meta name="{name}" content="{value}" />' in page
    assert "citation_pdf_url" not in reserved
    assert '<meta name="DC.rights" content="Réservé aux abonnés" />' in reserved
