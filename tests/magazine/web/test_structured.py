"""What search engines and networks are told about an article."""

from flask.testing import FlaskClient

from tests.magazine.web.metadata import structured
from tests.support.makers.magazine import make_article, make_issue, make_section
from tests.support.makers.study_days import make_city, make_speaker, make_study_day


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


def test_the_house_signs_unless_somebody_does(client: FlaskClient) -> None:
    make_article(slug="maison", byline="La rédaction")
    make_article(slug="signe", byline="Claire Plume")

    assert structured(client.get("/articles/maison/").text)["author"]["@type"] == "NewsMediaOrganization"
    assert structured(client.get("/articles/signe/").text)["author"] == {"@type": "Person", "name": "Claire Plume"}


def test_an_article_says_what_it_belongs_to_is_about_and_whom_it_quotes(client: FlaskClient) -> None:
    day = make_study_day(title="La mutualisation", city=make_city("Angers"))
    make_article(
        slug="angers",
        issue_id=make_issue(376).id,
        study_day_id=day.id,
        speakers=[make_speaker("Michel Monier")],
    )

    data = structured(client.get("/articles/angers/").text)

    assert data["isPartOf"]["issueNumber"] == "376"
    assert (data["about"]["name"], data["about"]["startDate"]) == ("La mutualisation", "2027-02-24")
    assert data["mentions"] == [{"@type": "Person", "name": "Michel Monier"}]
